/** `tavali inspect MODEL "text" …`: the verdict after each word, states and gradients through time, in the terminal or as a page. */
import { Command } from "commander";
import { wrap } from "../display/text-layout.js";
import { checkWritable, writeFileAtomically } from "../formats/atomic-file-node.js";
import { loadModel } from "../formats/tavali-file-node.js";
import { type Inspection, inspectionPage, type PagePart } from "../inspection/index.js";
import { taskOf } from "../recipes/check-task.js";
import { asClassifier } from "../recipes/classifier/classifier-metadata.js";
import { inspectText, type TextInspection } from "../recipes/classifier/inspect-text.js";
import { responsiveLines, verdictLines } from "../recipes/classifier/verdict-view.js";
import { inspectionView } from "../recipes/inspection-view.js";
import { finiteResult } from "./finite-result.js";
import { inspectLanguage } from "./inspect-language.js";
import { type FlagsByTask, refuseOtherFlags } from "./task-flags.js";
import { Terminal } from "./terminal.js";
import { section } from "./training-view.js";

/** The command with its options. */
export function inspectCommand(): Command {
  return new Command("inspect")
    .argument("<model>", "a file that `tavali train` wrote")
    .argument("<texts...>", "texts, each in quotes")
    .option("--label <name>", "the class the texts have; by default, for each, the most probable but one")
    .option("--html <file>", "also write a page with pictures that needs nothing else")
    .option("--json", "end with one JSON object on standard output; all text goes to standard error")
    .action(inspectTexts);
}

interface Flags {
  readonly label?: string;
  readonly html?: string;
  readonly json?: boolean;
}

const flagsByTask: FlagsByTask = { classification: ["label"], tagging: [], languageModel: [] };

async function inspectTexts(
  file: string,
  texts: string[],
  { label, html, json = false }: Flags,
  command: Command,
): Promise<void> {
  const terminal = new Terminal({ json, writesFiles: html !== undefined });
  if (html !== undefined) await checkWritable(html);
  const loaded = await loadModel(file);
  if (taskOf(loaded.metadata) === "languageModel") {
    refuseOtherFlags(command, file, "languageModel", flagsByTask);
    const found = await inspectLanguage(terminal, loaded, file, texts);
    return end(terminal, file, html, found, ({ text, tokens }) => ({ title: text, labels: tokens }));
  }
  const classifier = asClassifier(loaded, file);
  const found: TextInspection[] = [];
  for (const text of texts) found.push(await inspectText(classifier, text, label));
  for (const { verdicts, inspection } of found) finiteResult(file, { verdicts, loss: inspection.loss });
  for (const one of found) show(terminal, one);
  return end(terminal, file, html, found, (one) => ({
    title: `${one.text} (as ${one.label})`,
    labels: one.words,
    verdicts: one.verdicts,
    notes: responsiveLines(one),
  }));
}

/** The page and the JSON object, where they were asked for. */
async function end<Found extends { readonly inspection: Inspection }>(
  terminal: Terminal,
  file: string,
  html: string | undefined,
  found: readonly Found[],
  partOf: (one: Found) => Omit<PagePart, "inspection">,
): Promise<void> {
  if (html !== undefined) {
    const parts = found.map((one) => ({ ...partOf(one), inspection: one.inspection }));
    await writeFileAtomically(html, new TextEncoder().encode(inspectionPage(parts)));
    terminal.say();
    terminal.say(`  wrote ${html}`);
  }
  terminal.result({
    model: file,
    inspections: found.map(({ inspection, ...rest }) => ({ ...rest, ...numbersOf(inspection) })),
  });
}

function show(terminal: Terminal, found: TextInspection): void {
  const { text, words, label, probability, inspection } = found;
  terminal.say();
  for (const line of wrap(text, terminal.width - 2)) terminal.say(`  ${terminal.style("bold", line)}`);
  terminal.say(`  as ${label}: probability ${probability.toFixed(3)}, loss ${inspection.loss.toFixed(3)}`);
  section(terminal, "What it says after each word", verdictLines(found));
  section(terminal, "The units that move most", responsiveLines(found));
  const style = terminal.style.bind(terminal);
  for (const line of inspectionView(inspection, words, { width: terminal.width, style })) terminal.say(line);
}

/** An inspection as JSON: tensors become flat lists beside their shapes. */
function numbersOf(inspection: object): object {
  const plain = (value: unknown): unknown => (ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value);
  return JSON.parse(JSON.stringify(inspection, (_, value) => plain(value)));
}
