/** Precision, recall and F1 of each class, from counts that are summed over batches. */
import { argmax, concat, greater, mul, type Node, sum } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { checkOptions, counted, either, type OptionChecks, oneOf, share, wholeNumber } from "../options/index.js";
import type { SummedMetric } from "./metric.js";
import { type MetricOptions, metricOptions } from "./metric-options.js";
import { asOneHot, oneHot } from "./same-size.js";
import { weighed } from "./weighted-totals.js";

/** The average over classes: of summed counts, an unweighted mean, or a mean weighted by how often each class occurs. */
export type Average = "micro" | "macro" | "weighted";

/** Options of `precision`, `recall` and `f1Score`. */
export interface DecisionOptions extends MetricOptions {
  /**
   * A class is chosen where its ŷ is greater; null chooses the class of the greatest ŷ. Default for `precision` and `recall` 0.5, for
   * `f1Score` null; for a single output null is 0.5.
   */
  readonly threshold?: number | null;
  /** Default "micro" for `precision` and `recall`, "macro" for `f1Score`. */
  readonly average?: Average;
  /** One class alone. Default: all. */
  readonly classId?: number;
}

const decisionOptions: OptionChecks<DecisionOptions> = {
  ...metricOptions,
  threshold: either(share, oneOf(null)),
  average: oneOf("micro", "macro", "weighted"),
  classId: wholeNumber(0),
};

/** Counts of one class: true positives, predicted positives, actual positives. */
interface Counts {
  readonly hits: number;
  readonly chosen: number;
  readonly actual: number;
}

/**
 * The fraction of predicted positives that are right; 0 without predicted positives. Targets are ones and zeros of the prediction's shape, or class
 * numbers.
 *
 * @throws ConfigError if an option is out of range
 * @example precision({ average: "macro", threshold: null })
 */
export const precision = (options: DecisionOptions = {}): SummedMetric =>
  decisionMetric(
    "precision",
    { threshold: 0.5, average: "micro", ...checked("precision", options) },
    ({ hits, chosen }) => ratio(hits, chosen),
  );

/**
 * The fraction of actual positives that were predicted; 0 without actual positives. Targets as for `precision`.
 *
 * @throws ConfigError if an option is out of range
 * @example recall({ classId: 2 })
 */
export const recall = (options: DecisionOptions = {}): SummedMetric =>
  decisionMetric("recall", { threshold: 0.5, average: "micro", ...checked("recall", options) }, ({ hits, actual }) =>
    ratio(hits, actual),
  );

/**
 * F₁ = 2·precision·recall / (precision + recall). Targets as for `precision`.
 *
 * @throws ConfigError if an option is out of range
 * @example f1Score({ average: "weighted" })
 */
export const f1Score = (options: DecisionOptions = {}): SummedMetric =>
  decisionMetric(
    "f1Score",
    { threshold: null, average: "macro", ...checked("f1Score", options) },
    ({ hits, chosen, actual }) => ratio(2 * hits, chosen + actual),
  );

function decisionMetric(
  type: string,
  { threshold, average, classId, name = type }: DecisionOptions,
  of: (counts: Counts) => number,
): SummedMetric {
  return {
    name,
    config: { type, threshold, average, ...(classId !== undefined && { classId }) },
    better: "higher",
    readsProbabilities: (outputs) => (threshold ?? (outputs > 1 ? 0 : 0.5)) > 0,
    totals(yTrue, yPred, options) {
      const right = asOneHot(name, yTrue, yPred);
      const chosen = decide(yPred, threshold ?? null);
      const counted = (x: Node) => sum(weighed(x, options), [...x.shape.keys()].slice(0, -1));
      return concat([counted(mul(right, chosen)), counted(chosen), counted(right)]);
    },
    value(totals) {
      const classes = totals.length / 3;
      const counts = Array.from({ length: classes }, (_, i) => ({
        hits: totals[i]!,
        chosen: totals[classes + i]!,
        actual: totals[2 * classes + i]!,
      }));
      if (classId === undefined) return averaged(counts, average!, of);
      if (classId < classes) return of(counts[classId]!);
      throw new ConfigError(`${type}: there is no class ${classId}; the prediction has ${counted(classes, "output")}.`);
    },
  };
}

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

/** The options that are given; an undefined one would hide the default. */
function checked(type: string, options: DecisionOptions): DecisionOptions {
  const given = Object.entries(checkOptions(type, options, decisionOptions));
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** 1 where a class is chosen: [..., classes]. */
function decide(yPred: Node, threshold: number | null): Node {
  const classes = yPred.shape.at(-1)!;
  if (threshold === null && classes > 1) return oneHot(argmax(yPred), classes);
  return greater(yPred, threshold ?? 0.5);
}

function averaged(classes: readonly Counts[], average: Average, of: (counts: Counts) => number): number {
  const total = (f: (counts: Counts) => number) => classes.reduce((sum, counts) => sum + f(counts), 0);
  if (average === "macro") return total(of) / classes.length;
  const actual = total((counts) => counts.actual);
  if (average === "weighted")
    return ratio(
      total((counts) => counts.actual * of(counts)),
      actual,
    );
  return of({ hits: total(({ hits }) => hits), chosen: total(({ chosen }) => chosen), actual });
}
