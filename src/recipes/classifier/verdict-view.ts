/** Predictions of a classifier after each word, and the units that moved, as lines of text. Pure: data in, lines out. */

import { bar, columnsOf, cut, padTo } from "../../display/text-layout.js";
import { largest } from "../../tensor/extremes.js";
import type { TextInspection } from "./inspect-text.js";

const widestWord = 16;
const barColumns = 24;

/** A line a word: the probability of the class that is looked at, and the most probable class. */
export function verdictLines({ words, label, verdicts }: TextInspection): string[] {
  const word = Math.min(widestWord, largest(words.map(columnsOf), 4));
  return [
    `  ${" ".repeat(word + 5)}${label}`,
    ...verdicts.map((verdict, t) => {
      const [first] = Object.entries(verdict).sort(([, a], [, b]) => b - a)[0]!;
      const probability = verdict[label]!;
      return (
        `  ${String(t + 1).padStart(4)} ${padTo(cut(words[t] ?? "", word), word)} ` +
        `${probability.toFixed(3)} ${padTo(bar(probability, barColumns), barColumns)} ${first}`
      ).trimEnd();
    }),
  ];
}

/** A line a layer: its most responsive units, each with the word at which it moved furthest. */
export function responsiveLines({ words, responsive }: TextInspection): string[] {
  return responsive.flatMap(({ layer, units }) => [
    `  ${layer}`,
    ...units.map(
      ({ unit, movement, step, from, to }) =>
        `    unit ${String(unit + 1).padStart(3)}  moves ${movement.toFixed(2)}, most at “${cut(words[step] ?? "", widestWord)}”: ${signed(from)} → ${signed(to)}`,
    ),
  ]);
}

function signed(value: number): string {
  return `${value < 0 ? "−" : ""}${Math.abs(value).toFixed(2)}`;
}
