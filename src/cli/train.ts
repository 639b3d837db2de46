/** `tavali train <task>`: trains a recipe's model and writes it to one file. */
import { Command } from "commander";
import { checkWritable } from "../formats/atomic-file-node.js";
import { saveModel } from "../formats/tavali-file-node.js";
import { sentimentSettings } from "../recipes/sentiment.js";
import { loadSentimentData } from "../recipes/sentiment-data.js";
import { sentimentOptions } from "../recipes/sentiment-options.js";
import { sentimentOptionsOf } from "./sentiment-flags.js";
import { addTrainingFlags, type TrainingFlags, trainOnTerminal } from "./sentiment-training.js";
import { Terminal } from "./terminal.js";
import { fraction } from "./text-layout.js";
import { fact, trainingFacts } from "./training-view.js";

/** The command with its options. */
export function trainCommand(): Command {
  const sentiment = new Command("sentiment").description("Learn to tell negative from positive texts.");
  const data = "folder (aclImdb, or train and test tables) or one TSV or CSV file; without it the built-in corpus";
  addTrainingFlags(sentiment, data).action(trainSentimentModel);
  return new Command("train").description("Train a model for a task.").addCommand(sentiment);
}

async function trainSentimentModel(flags: TrainingFlags): Promise<void> {
  const terminal = new Terminal({ json: flags.json === true });
  await checkWritable(flags.out);
  const typed = sentimentOptionsOf(flags);
  const data = await loadSentimentData(flags.data, typed.seed ?? sentimentOptions.seed.default);
  const result = await trainOnTerminal(terminal, data, sentimentSettings(data, typed), flags);
  await saveModel(result.model, flags.out, result.metadata);
  terminal.say();
  if (result.interrupted)
    terminal.say(`  Interrupted: the weights of epoch ${result.bestEpoch}, the best so far, are kept.`);
  fact(terminal, "test", `accuracy ${fraction(result.testAccuracy)}, loss ${fraction(result.testLoss)}`);
  fact(terminal, "saved", flags.out);
  terminal.result({ ...trainingFacts(result), model: flags.out });
  if (result.interrupted) process.exitCode = 130;
}
