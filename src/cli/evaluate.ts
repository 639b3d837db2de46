/** `tavali evaluate MODEL --data PATH`: how often a model is right on labelled texts, class by class. */
import { Command } from "commander";
import { thousands } from "../display/text-layout.js";
import { loadModel } from "../formats/tavali-file-node.js";
import { taskOf } from "../recipes/check-task.js";
import { loadTestData } from "../recipes/classifier/classifier-data.js";
import { asClassifier } from "../recipes/classifier/classifier-metadata.js";
import { evaluateTexts } from "../recipes/classifier/predict-texts.js";
import { reportFacts, reportTable } from "../recipes/classifier/report-view.js";
import { evaluateLanguage } from "./evaluate-language.js";
import { evaluateTaggerOn } from "./evaluate-tagger.js";
import { finiteResult } from "./finite-result.js";
import { addTableFlags, type TableFlags, tableOptions } from "./table-flags.js";
import { addTaggedFileFlags, type TaggedFileFlags } from "./tagged-file-flags.js";
import { type FlagsByTask, refuseOtherFlags } from "./task-flags.js";
import { Terminal } from "./terminal.js";
import { fact, section, testResults } from "./training-view.js";

/** The command with its options. */
export function evaluateCommand(): Command {
  const command = new Command("evaluate")
    .argument("<model>", "a file that `tavali train` wrote")
    .option("--data <path>", "as for train; its test part where it has one. Without it the built-in corpus's test part")
    .option("--text <files...>", "for a language model: texts to measure it on")
    .option("--json", "end with one JSON object on standard output; all text goes to standard error");
  return addTaggedFileFlags(addTableFlags(command)).action(evaluateModel);
}

const flagsByTask: FlagsByTask = {
  classification: ["data", "textColumn", "labelColumn", "classes"],
  tagging: ["data", "wordColumn", "tagColumn", "encoding"],
  languageModel: ["text"],
};

async function evaluateModel(
  file: string,
  flags: TableFlags &
    TaggedFileFlags & { readonly data?: string; readonly text?: readonly string[]; readonly json?: boolean },
  command: Command,
): Promise<void> {
  const terminal = new Terminal({ json: flags.json === true });
  const model = await loadModel(file);
  const task = taskOf(model.metadata);
  if (task !== undefined) refuseOtherFlags(command, file, task, flagsByTask);
  if (task === "tagging") return evaluateTaggerOn(terminal, model, file, flags);
  if (task === "languageModel") return evaluateLanguage(terminal, model, file, flags.text);
  const loaded = asClassifier(model, file);
  const data = await loadTestData(flags.data, { ...tableOptions(flags), classNames: loaded.labels });
  const { loss, accuracy, macroF1, ...more } = finiteResult(file, await evaluateTexts(loaded, data));
  const count = data.texts.length;
  fact(terminal, "data", `${data.source}: ${thousands(count)} texts`);
  fact(terminal, "result", testResults({ loss, accuracy, macroF1 }));
  section(terminal, "", reportTable(more, terminal.width));
  terminal.result({ accuracy, macroF1, loss, ...reportFacts(more), count, model: file });
}
