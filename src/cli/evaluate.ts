/** `tavali evaluate MODEL --data PATH`: how often a model is right on labelled texts. */
import { Command } from "commander";
import { loadModel } from "../formats/tavali-file-node.js";
import { evaluateSentiment } from "../recipes/predict-sentiment.js";
import { loadTestData } from "../recipes/sentiment-data.js";
import { asSentiment } from "../recipes/sentiment-metadata.js";
import { Terminal } from "./terminal.js";
import { fraction, thousands } from "./text-layout.js";
import { fact } from "./training-view.js";

/** The command with its options. */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("Measure a trained model on labelled texts.")
    .argument("<model>", "a file that `tavali train` wrote")
    .option("--data <path>", "as for train; its test part where it has one. Without it the built-in corpus's test part")
    .option("--json", "end with one JSON object on standard output; all text goes to standard error")
    .action(evaluateModel);
}

async function evaluateModel(file: string, flags: { data?: string; json?: boolean }): Promise<void> {
  const terminal = new Terminal({ json: flags.json === true });
  const loaded = asSentiment(await loadModel(file), file);
  const data = await loadTestData(flags.data);
  const { accuracy, loss } = await evaluateSentiment(loaded, data);
  const count = data.texts.length;
  fact(terminal, "data", `${data.source}: ${thousands(count)} texts`);
  fact(terminal, "result", `accuracy ${fraction(accuracy)}, loss ${fraction(loss)}`);
  terminal.result({ accuracy, loss, count, model: file });
}
