/** `tavali predict MODEL "text" …`: what a model says about texts. */
import { Command } from "commander";
import { columnsOf, padTo, wrap } from "../display/text-layout.js";
import { loadModel } from "../formats/tavali-file-node.js";
import { asClassifier } from "../recipes/classifier/classifier-metadata.js";
import { predictTexts, type TextPrediction } from "../recipes/classifier/predict-texts.js";
import { finiteResult } from "./finite-result.js";
import { Terminal } from "./terminal.js";

/** The command with its options. */
export function predictCommand(): Command {
  return new Command("predict")
    .argument("<model>", "a file that `tavali train` wrote")
    .argument("<texts...>", "texts, each in quotes")
    .option("--json", "end with one JSON object on standard output; all text goes to standard error")
    .action(predictTyped);
}

async function predictTyped(file: string, texts: string[], flags: { json?: boolean }): Promise<void> {
  const terminal = new Terminal({ json: flags.json === true });
  const loaded = asClassifier(await loadModel(file), file);
  const predictions = finiteResult(file, await predictTexts(loaded, texts));
  showPredictions(terminal, loaded.labels, predictions);
  terminal.result({ model: file, predictions });
}

/** One line a text: the label, its probability, the text; below it the runners-up. `expected` marks what is wrong. */
export function showPredictions(
  terminal: Terminal,
  labels: readonly string[],
  predictions: readonly TextPrediction[],
  expected: readonly string[] = [],
): void {
  const columns = Math.max(...labels.map(columnsOf));
  predictions.forEach((prediction, i) => {
    const { text, label, probability, unknown } = prediction;
    const color = labels.length > 2 ? "bold" : label === labels[1] ? "green" : "red";
    const head = `  ${terminal.style(color, padTo(label, columns))}  ${probability.toFixed(3)}  `;
    const indent = " ".repeat(columns + 11);
    const notes = [
      ...(expected[i] !== undefined && expected[i] !== label ? [`✗ it is ${expected[i]}`] : []),
      ...(labels.length > 2 ? [`then ${runnersUp(prediction)}`] : []),
      ...(unknown.length > 0 ? [`unknown: ${unknown.slice(0, 8).join(", ")}${unknown.length > 8 ? ", …" : ""}`] : []),
    ];
    const lines = wrap(text, terminal.width - indent.length);
    for (const [k, line] of lines.entries()) terminal.say((k === 0 ? head : indent) + line);
    for (const line of notes.flatMap((note) => wrap(note, terminal.width - indent.length))) {
      terminal.say(terminal.style("dim", indent + line));
    }
  });
}

function runnersUp({ probabilities }: TextPrediction): string {
  const ranked = Object.entries(probabilities).sort(([, a], [, b]) => b - a);
  return ranked
    .slice(1, 4)
    .map(([name, probability]) => `${name} ${probability.toFixed(3)}`)
    .join(", ");
}
