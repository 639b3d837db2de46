/** `tavali train tag`: learns to find the entities of sentences. */
import { Command } from "commander";
import { sentenceCount } from "../datasets/index.js";
import { thousands } from "../display/text-layout.js";
import { ConfigError } from "../errors.js";
import { entityLines } from "../recipes/tagger/entity-view.js";
import { type TaggerResult, taggerMeasure, taggerSettings, trainTagger } from "../recipes/tagger/tagger.js";
import { loadTaggerData, type TaggerData } from "../recipes/tagger/tagger-data.js";
import { taggerCorpusSettings, taggerOptions } from "../recipes/tagger/tagger-options.js";
import { typedOptions } from "./recipe-flags.js";
import { addTaggedFileFlags, refuseWithoutData, type TaggedFileFlags, taggedTextOptions } from "./tagged-file-flags.js";
import { Terminal } from "./terminal.js";
import { addTrainingFlags, type TrainingFlags, type TrainingTask, trainToFile } from "./training.js";
import { fact, section } from "./training-view.js";

/** What commander parsed. */
interface TagFlags extends TrainingFlags, TaggedFileFlags {
  data?: string;
  validationFile?: string;
  test?: string;
}

/** The command with its options. */
export function trainTagCommand(): Command {
  const command = new Command("tag")
    .description("Learn to find the entities of sentences: persons, places, …")
    .option("--data <file>", "words and their tags: CoNLL columns, TSV or CSV; without it the built-in corpus")
    .option("--validation-file <file>", "chooses the best epoch; without it a share of the training sentences does")
    .option("--test <file>", "is measured on; without it a tenth of the sentences, set aside at random");
  addTaggedFileFlags(command);
  const presets = { name: "built-in corpus", values: taggerCorpusSettings };
  return addTrainingFlags(command, "tagger.tavali", taggerOptions, presets).action(async (flags: TagFlags) => {
    const terminal = new Terminal({ json: flags.json === true, writesFiles: true });
    await trainToFile(terminal, flags, () => taggerTask(terminal, flags));
  });
}

async function taggerTask(terminal: Terminal, flags: TagFlags): Promise<TrainingTask<TaggerResult>> {
  const typed = typedOptions(taggerOptions, flags);
  const { data: path, validationFile: validation, test } = flags;
  if (path === undefined) refuseWithoutData(flags, { "--validation-file": validation, "--test": test });
  if (validation !== undefined && typed.validation !== undefined) {
    throw new ConfigError(
      "--validation is the share of the sentences that a --validation-file takes the place of; leave out one of them.",
    );
  }
  const files = path === undefined ? undefined : { data: path, validation, test, ...taggedTextOptions(flags) };
  const data = await loadTaggerData(files, typed.seed ?? taggerOptions.seed.default);
  showSentences(terminal, data);
  const options = taggerSettings(data, typed);
  return {
    name: "tag",
    epochs: options.epochs,
    measure: taggerMeasure,
    facts: { data: data.source, options },
    train: (hooks) => trainTagger(data, options, hooks),
    present({ entities }) {
      section(terminal, "Entities of the test part", entityLines(entities));
      terminal.say();
      return { entities };
    },
  };
}

function showSentences(terminal: Terminal, { source, train, validation, test, splitOff }: TaggerData): void {
  const count = (sentences: TaggerData["train"]) => thousands(sentenceCount(sentences));
  const chosen = validation ? `, ${count(validation)} to choose the best epoch` : "";
  const aside = splitOff ? " (a tenth, set aside at random)" : "";
  fact(
    terminal,
    "data",
    `${source}: ${count(train)} sentences to learn from${chosen}, ${count(test)} to test on${aside}`,
  );
}
