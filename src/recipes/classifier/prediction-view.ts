/** Predictions as lines of text. Pure: data in, lines out. */
import { columnsOf, padTo, wrap } from "../../display/text-layout.js";
import { marked } from "../../display/text-styles.js";
import type { TextPrediction } from "./predict-texts.js";

/** One line a text: the label, its probability, the text; below it the runners-up. `expected` marks what is wrong. */
export function predictionLines(
  labels: readonly string[],
  predictions: readonly TextPrediction[],
  width: number,
  expected: readonly string[] = [],
): string[] {
  const columns = Math.max(...labels.map(columnsOf));
  return predictions.flatMap((prediction, i) => {
    const { text, label, probability, tokens, unknown } = prediction;
    const color = labels.length > 2 ? "bold" : label === labels[1] ? "green" : "red";
    const head = `  ${marked(color, padTo(label, columns))}  ${probability.toFixed(3)}  `;
    const indent = " ".repeat(columns + 11);
    const notes = [
      ...(expected[i] !== undefined && expected[i] !== label ? [`✗ it is ${expected[i]}`] : []),
      ...(tokens === 0 ? ["nothing in it that the model reads: the label depends on nothing"] : []),
      ...(labels.length > 2 ? [`then ${runnersUp(prediction)}`] : []),
      ...(unknown.length > 0 ? [`unknown: ${unknown.slice(0, 8).join(", ")}${unknown.length > 8 ? ", …" : ""}`] : []),
    ];
    const lines = wrap(text, width - indent.length);
    return [
      ...lines.map((line, k) => (k === 0 ? head : indent) + line),
      ...notes.flatMap((note) => wrap(note, width - indent.length)).map((line) => marked("dim", indent + line)),
    ];
  });
}

function runnersUp({ probabilities }: TextPrediction): string {
  const ranked = Object.entries(probabilities).sort(([, a], [, b]) => b - a);
  return ranked
    .slice(1, 4)
    .map(([name, probability]) => `${name} ${probability.toFixed(3)}`)
    .join(", ");
}
