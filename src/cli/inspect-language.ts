/** `tavali inspect` of a language model: the loss of every token, then states and gradients through time. */

import { bar, columnsOf, padTo, visible, wrap } from "../display/text-layout.js";
import type { LoadedModel } from "../formats/index.js";
import { inspectionView } from "../recipes/inspection-view.js";
import { inspectLanguageModel, type LanguageInspection } from "../recipes/language/inspect-language.js";
import { asLanguageModel } from "../recipes/language/language-metadata.js";
import { largest } from "../tensor/extremes.js";
import { finiteResult } from "./finite-result.js";
import type { Terminal } from "./terminal.js";

/** Inspects texts and shows what was found. */
export async function inspectLanguage(
  terminal: Terminal,
  loaded: LoadedModel,
  file: string,
  texts: readonly string[],
): Promise<LanguageInspection[]> {
  const lm = asLanguageModel(loaded, file);
  const found: LanguageInspection[] = [];
  for (const text of texts) {
    const one = await inspectLanguageModel(lm, text);
    const { loss, stepLosses } = one.inspection;
    finiteResult(file, { loss, stepLosses });
    show(terminal, one);
    found.push({ ...one, tokens: one.tokens.map(visible) });
  }
  return found;
}

function show(terminal: Terminal, { text, tokens, following, inspection }: LanguageInspection): void {
  terminal.say();
  for (const line of wrap(text, terminal.width - 2)) terminal.say(`  ${terminal.style("bold", line)}`);
  terminal.say(`  loss ${inspection.loss.toFixed(3)} per token`);
  const losses = inspection.stepLosses ?? [];
  const names = following.map(visible);
  const columns = largest(names.map(columnsOf));
  const most = largest(losses, 1);
  for (const [i, name] of names.entries()) {
    terminal.say(`  ${padTo(name, columns)}  ${losses[i]!.toFixed(2).padStart(6)}  ${bar(losses[i]! / most, 30)}`);
  }
  const style = terminal.style.bind(terminal);
  for (const line of inspectionView(inspection, tokens.map(visible), { width: terminal.width, style }))
    terminal.say(line);
}
