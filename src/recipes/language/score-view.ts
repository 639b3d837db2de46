/** Scores of texts and losses of tokens as lines of text. Pure: data in, lines out. */
import type { TextView } from "../../display/lines.js";
import { bar, columnsOf, cut, padTo, visible, wrap } from "../../display/text-layout.js";
import { marked } from "../../display/text-styles.js";
import { largest } from "../../tensor/extremes.js";
import { inspectionView } from "../inspection-view.js";
import type { LanguageInspection } from "./inspect-language.js";
import type { ScoredPart, TextScore } from "./score-text.js";

/** A line a word: a bar of its −log p, so that a surprise is long, and its probability. */
export function scoreLines(score: TextScore, kind: string, width: number): string[] {
  const { words, nats, perplexity, bitsPerToken } = score;
  const names = words.map(({ text }) => visible(text));
  const columns = Math.min(24, largest(names.map(columnsOf)));
  const room = Math.max(8, Math.min(40, width - columns - 26));
  const most = largest(words.map(surprise), 10);
  return [
    marked("dim", `  ${padTo("", columns)}  probability  surprise in bits`),
    ...words.map((word, i) => {
      const bits = surprise(word);
      const color = bits < 4 ? "green" : bits < 10 ? "yellow" : "red";
      const note = word.unknown ? "  unknown" : "";
      return (
        `  ${padTo(cut(names[i]!, columns), columns)}  ${probabilityText(word.probability).padStart(11)}  ` +
        `${marked(color, bar(bits / most, room))} ${bits.toFixed(1)}${note}`
      );
    }),
    `  ${marked("bold", "together")}  ${nats.toFixed(2)} nats, perplexity ${perplexity.toFixed(2)}, ${bitsPerToken.toFixed(2)} bits per ${kind === "characters" ? "character" : kind === "words" ? "word" : "token"}`,
  ];
}

function surprise({ probability }: ScoredPart): number {
  return -Math.log2(Math.max(probability, 1e-300));
}

function probabilityText(probability: number): string {
  return probability >= 0.0005 ? probability.toFixed(4) : probability.toExponential(1);
}

/** The loss of every token, then states and gradients through time. */
export function inspectionLines(found: LanguageInspection, { width }: TextView): string[] {
  const { text, tokens, following, inspection } = found;
  const losses = inspection.stepLosses ?? [];
  const names = following.map(visible);
  const columns = largest(names.map(columnsOf));
  const most = largest(losses, 1);
  return [
    "",
    ...wrap(text, width - 2).map((line) => `  ${marked("bold", line)}`),
    `  loss ${inspection.loss.toFixed(3)} per token`,
    ...names.map(
      (name, i) => `  ${padTo(name, columns)}  ${losses[i]!.toFixed(2).padStart(6)}  ${bar(losses[i]! / most, 30)}`,
    ),
    ...inspectionView(inspection, tokens.map(visible), { width, style: marked }),
  ];
}
