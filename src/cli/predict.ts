/** `tavali predict MODEL "text" …`: what a model says about texts. */
import { Command } from "commander";
import { loadModel } from "../formats/tavali-file-node.js";
import { predictSentiment, type SentimentPrediction } from "../recipes/predict-sentiment.js";
import { asSentiment } from "../recipes/sentiment-metadata.js";
import { Terminal } from "./terminal.js";
import { wrap } from "./text-layout.js";

/** The command with its options. */
export function predictCommand(): Command {
  return new Command("predict")
    .description("Classify texts with a trained model.")
    .argument("<model>", "a file that `tavali train` wrote")
    .argument("<texts...>", "texts, each in quotes")
    .option("--json", "end with one JSON object on standard output; all text goes to standard error")
    .action(predictTexts);
}

async function predictTexts(file: string, texts: string[], flags: { json?: boolean }): Promise<void> {
  const terminal = new Terminal({ json: flags.json === true });
  const loaded = asSentiment(await loadModel(file), file);
  const predictions = await predictSentiment(loaded, texts);
  showPredictions(terminal, loaded.metadata.labels, predictions);
  terminal.result({ model: file, predictions });
}

/** One line a text: the label, its probability, the text; `expected` marks what is wrong. */
export function showPredictions(
  terminal: Terminal,
  labels: readonly string[],
  predictions: readonly SentimentPrediction[],
  expected: readonly string[] = [],
): void {
  const columns = Math.max(...labels.map((label) => label.length));
  predictions.forEach(({ text, label, probability, unknownWords }, i) => {
    const wrong = expected[i] !== undefined && expected[i] !== label;
    const color = label === labels[1] ? "green" : "red";
    const head = `  ${terminal.style(color, label.padEnd(columns))}  ${probability.toFixed(3)}  `;
    const indent = " ".repeat(columns + 11);
    const notes = [
      ...(wrong ? [`✗ it is ${expected[i]}`] : []),
      ...(unknownWords.length > 0
        ? [`unknown: ${unknownWords.slice(0, 8).join(", ")}${unknownWords.length > 8 ? ", …" : ""}`]
        : []),
    ];
    const lines = wrap(text, terminal.width - indent.length);
    for (const [k, line] of lines.entries()) terminal.say((k === 0 ? head : indent) + line);
    for (const line of notes.flatMap((note) => wrap(note, terminal.width - indent.length))) {
      terminal.say(terminal.style("dim", indent + line));
    }
  });
}
