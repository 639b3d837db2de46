/** `tavali train classify` and `tavali train sentiment`: learn to tell classes of texts apart. They differ in what they learn from by default. */
import { Command, InvalidArgumentError } from "commander";
import {
  type ClassifierResult,
  classifierMeasure,
  classifierSettings,
  trainClassifier,
} from "../recipes/classifier/classifier.js";
import { loadClassifierData } from "../recipes/classifier/classifier-data.js";
import { classifierOptions, corpusSettings } from "../recipes/classifier/classifier-options.js";
import { reportFacts, reportTable } from "../recipes/classifier/report-view.js";
import { textBaseline } from "../recipes/classifier/text-baseline.js";
import { typedOptions } from "./recipe-flags.js";
import { addTableFlags, type TableFlags, tableOptions } from "./table-flags.js";
import { Terminal } from "./terminal.js";
import { addTrainingFlags, type TrainingFlags, type TrainingTask, trainToFile } from "./training.js";
import { fact, section, showData, testResults } from "./training-view.js";

/** What commander parsed. */
export interface ClassifierFlags extends TrainingFlags, TableFlags {
  data?: string;
  test?: string | number;
  baseline?: boolean;
  vectors?: string;
}

const layouts = "a TSV or CSV file, or a folder (aclImdb, or train and test tables)";
const builtIn = { name: "built-in corpus", values: corpusSettings };

/** The command for texts of one's own, with its options. */
export function trainClassifyCommand(): Command {
  const command = new Command("classify")
    .description("Learn to tell classes of texts apart, any number of them.")
    .requiredOption("--data <path>", `labelled texts: ${layouts}`);
  addTrainingFlags(addDataFlags(command), "classifier.tavali", classifierOptions);
  return command.action(trainFlags);
}

/** The command that has a corpus of its own, with its options. */
export function trainSentimentCommand(): Command {
  const command = new Command("sentiment").description("Learn to tell negative from positive texts.");
  return addSentimentFlags(command, `${layouts}; without it the built-in corpus`).action(trainFlags);
}

/** Adds every option of a sentiment training. @param data what `--data` takes */
export function addSentimentFlags(command: Command, data: string): Command {
  addDataFlags(command.option("--data <path>", data));
  return addTrainingFlags(command, "sentiment.tavali", classifierOptions, builtIn);
}

function addDataFlags(command: Command): Command {
  return addTableFlags(command)
    .option(
      "--test <path>",
      "texts to test on, in columns of the same names; or the share to set aside (default: 0.2)",
      parseTest,
    )
    .option("--vectors <file>", "word vectors to begin with: GloVe, word2vec or fastText in text form, plain or gzip")
    .option("--baseline", "also train a bag of words on the same texts, and say what it gets");
}

function parseTest(text: string): string | number {
  const share = Number(text);
  if (Number.isNaN(share)) return text;
  if (!(share > 0 && share < 1)) throw new InvalidArgumentError("Expected a path, or a share above 0 and below 1.");
  return share;
}

async function trainFlags(flags: ClassifierFlags, command: Command): Promise<void> {
  const terminal = new Terminal({ json: flags.json === true, writesFiles: true });
  await trainToFile(terminal, flags, async () => (await classifierTask(terminal, flags, command.name())).task);
}

/**
 * The training that was typed, and its data, which are shown.
 *
 * @param name begins the name of the run
 */
export async function classifierTask(terminal: Terminal, flags: ClassifierFlags, name: string) {
  const typed = typedOptions(classifierOptions, flags);
  const seed = typed.seed ?? classifierOptions.seed.default;
  const data = await loadClassifierData(flags.data, {
    ...tableOptions(flags),
    test: flags.test,
    vectors: flags.vectors,
    seed,
  });
  showData(terminal, data);
  const options = classifierSettings(data, typed);
  const task: TrainingTask<ClassifierResult> = {
    name,
    epochs: options.epochs,
    measure: classifierMeasure(options),
    facts: { data: data.source, options },
    train: (hooks) => trainClassifier(data, options, hooks),
    present({ scores, vocabulary }) {
      section(terminal, "", reportTable(scores, terminal.width));
      if (!flags.baseline) return reportFacts(scores);
      terminal.progress("  counting words for the baseline…");
      const baseline = textBaseline(data, vocabulary);
      fact(terminal, "beside", `a bag of words: ${testResults({ ...baseline })}`);
      return { ...reportFacts(scores), baseline };
    },
  };
  return { data, options, task };
}
