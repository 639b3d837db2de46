/** `tavali inspect MODEL "text" …`: states and gradients through time, word by word, in the terminal or as a page. */
import { Command } from "commander";
import { writeFileAtomically } from "../formats/atomic-file-node.js";
import { loadModel } from "../formats/tavali-file-node.js";
import { inspectionPage } from "../inspection/index.js";
import { inspectSentiment, type SentimentInspection } from "../recipes/inspect-sentiment.js";
import { asSentiment } from "../recipes/sentiment-metadata.js";
import { inspectionView } from "./inspection-view.js";
import { Terminal } from "./terminal.js";
import { wrap } from "./text-layout.js";

/** The command with its options. */
export function inspectCommand(): Command {
  return new Command("inspect")
    .description("Show what a text does to a model: states, gates and gradients at every word.")
    .argument("<model>", "a file that `tavali train` wrote")
    .argument("<texts...>", "texts, each in quotes")
    .option("--label <name>", "the class the texts have; by default, for each, the one the model finds less probable")
    .option("--html <file>", "also write a page with pictures that needs nothing else")
    .option("--json", "end with one JSON object on standard output; all text goes to standard error")
    .action(inspectTexts);
}

interface Flags {
  readonly label?: string;
  readonly html?: string;
  readonly json?: boolean;
}

async function inspectTexts(file: string, texts: string[], { label, html, json = false }: Flags): Promise<void> {
  const terminal = new Terminal({ json });
  const sentiment = asSentiment(await loadModel(file), file);
  const found: SentimentInspection[] = [];
  for (const text of texts) found.push(await inspectSentiment(sentiment, text, label));
  for (const one of found) show(terminal, one);
  if (html !== undefined) {
    const parts = found.map(({ text, words, label: chosen, inspection }) => ({
      title: `${text} (as ${chosen})`,
      inspection,
      labels: words,
    }));
    await writeFileAtomically(html, new TextEncoder().encode(inspectionPage(parts)));
    terminal.say(`\n  wrote ${html}`);
  }
  terminal.result({
    model: file,
    inspections: found.map(({ inspection, ...rest }) => ({ ...rest, ...numbersOf(inspection) })),
  });
}

function show(terminal: Terminal, { text, words, label, probability, inspection }: SentimentInspection): void {
  terminal.say();
  for (const line of wrap(text, terminal.width - 2)) terminal.say(`  ${terminal.style("bold", line)}`);
  terminal.say(`  as ${label}: probability ${probability.toFixed(3)}, loss ${inspection.loss.toFixed(3)}`);
  const style = terminal.style.bind(terminal);
  for (const line of inspectionView(inspection, words, { width: terminal.width, style })) terminal.say(line);
}

/** An inspection as JSON: tensors become flat lists beside their shapes. */
function numbersOf(inspection: object): object {
  const plain = (value: unknown): unknown => (ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value);
  return JSON.parse(JSON.stringify(inspection, (_, value) => plain(value)));
}
