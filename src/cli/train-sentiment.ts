/** `tavali train sentiment`: learns to tell negative from positive texts. */
import { Command } from "commander";
import { sentimentMeasure, sentimentSettings, trainSentiment } from "../recipes/sentiment.js";
import { loadSentimentData } from "../recipes/sentiment-data.js";
import { corpusSettings, sentimentOptions } from "../recipes/sentiment-options.js";
import { typedOptions } from "./recipe-flags.js";
import { Terminal } from "./terminal.js";
import { addTrainingFlags, type TrainingFlags, type TrainingTask, trainToFile } from "./training.js";
import { showData } from "./training-view.js";

/** What commander parsed. */
export interface SentimentFlags extends TrainingFlags {
  data?: string;
}

/** The command with its options. */
export function trainSentimentCommand(): Command {
  const command = new Command("sentiment").description("Learn to tell negative from positive texts.");
  const data = "folder (aclImdb, or train and test tables) or one TSV or CSV file; without it the built-in corpus";
  return addSentimentFlags(command, data).action(async (flags: SentimentFlags) => {
    const terminal = new Terminal({ json: flags.json === true });
    await trainToFile(terminal, flags, async () => (await sentimentTask(terminal, flags)).task);
  });
}

/** Adds every option of a sentiment training. @param data what `--data` takes */
export function addSentimentFlags(command: Command, data: string): Command {
  const presets = { name: "built-in corpus", values: corpusSettings };
  return addTrainingFlags(command.option("--data <path>", data), "sentiment.tavali", sentimentOptions, presets);
}

/** The training that was typed, and its data, which are shown. */
export async function sentimentTask(terminal: Terminal, flags: SentimentFlags) {
  const typed = typedOptions(sentimentOptions, flags);
  const data = await loadSentimentData(flags.data, typed.seed ?? sentimentOptions.seed.default);
  showData(terminal, data);
  const options = sentimentSettings(data, typed);
  const task: TrainingTask<Awaited<ReturnType<typeof trainSentiment>>> = {
    name: "sentiment",
    epochs: options.epochs,
    measure: sentimentMeasure,
    facts: { data: data.source, options },
    train: (hooks) => trainSentiment(data, options, hooks),
  };
  return { data, options, task };
}
