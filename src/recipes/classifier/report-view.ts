/** Scores of a classifier, class by class, as lines of text: precision, recall, F1 and the confusion matrix. Pure: data in, lines out. */

import { columnsOf, fraction, padTo, thousands } from "../../display/text-layout.js";
import type { ReportRow } from "../../metrics/index.js";
import type { TextScores } from "./predict-texts.js";

type Scores = Pick<TextScores, "report" | "confusion">;

const mostConfusions = 10;

/** The table of classes and the confusion matrix; where that is too wide, the most frequent confusions. */
export function reportTable({ report, confusion }: Scores, width: number): string[] {
  const rows = [...report.classes, report.macro];
  const names = Math.max(...rows.map(({ name }) => columnsOf(name)), 5);
  const line = ({ name, precision, recall, f1, support }: ReportRow) =>
    `  ${padTo(name, names)}  ${[precision, recall, f1].map((value) => fraction(value).padStart(9)).join("")}  ${thousands(support).padStart(7)}`;
  const labels = report.classes.map(({ name }) => name);
  return [
    `  ${padTo("class", names)}  ${["precision", "recall", "F1"].map((name) => name.padStart(9)).join("")}    texts`,
    ...rows.map(line),
    "",
    ...confusionLines(confusion, labels, names, width),
  ];
}

function confusionLines(
  confusion: TextScores["confusion"],
  labels: readonly string[],
  names: number,
  width: number,
): string[] {
  const cell = Math.max(...confusion.flat().map((count) => thousands(count).length), ...labels.map(columnsOf)) + 2;
  if (names + 2 + cell * labels.length > width) return frequentConfusions(confusion, labels, names);
  const cells = (texts: readonly string[]) => texts.map((text) => padTo("", cell - columnsOf(text)) + text).join("");
  return [
    `  ${padTo("is ↓  taken for →", names)}`,
    `  ${padTo("", names)}${cells(labels)}`,
    ...confusion.map((row, i) => `  ${padTo(labels[i]!, names)}${cells(row.map(thousands))}`),
  ];
}

function frequentConfusions(confusion: TextScores["confusion"], labels: readonly string[], names: number): string[] {
  const wrong = confusion.flatMap((row, i) => row.map((count, j) => ({ count, i, j })));
  const most = wrong
    .filter(({ count, i, j }) => count > 0 && i !== j)
    .sort((a, b) => b.count - a.count)
    .slice(0, mostConfusions);
  return [
    "  taken for another most often",
    ...most.map(
      ({ count, i, j }) => `  ${padTo(labels[i]!, names)}  as ${padTo(labels[j]!, names)}  ${thousands(count)} ×`,
    ),
  ];
}

/** The same for programs. */
export function reportFacts({ report, confusion }: Scores) {
  return { classes: report.classes, confusion };
}
