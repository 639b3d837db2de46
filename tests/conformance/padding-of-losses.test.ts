/**
 * The first promise, of every loss and metric in the lists: predictions and targets of sequences, each by itself and all in one batch with
 * padding of random content and beside one that is all padding, are judged alike. Sums must agree, and so must the gradient by the
 * predictions, which is 0 at padding.
 */
import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engines/engine.js";
import { referenceEngine } from "../../src/engines/reference/reference-engine.js";
import { wasmEngine } from "../../src/engines/wasm/wasm-engine.js";
import { constant, differentiate, input, type Node } from "../../src/equations/index.js";
import { crf } from "../../src/layers/index.js";
import { type Loss, losses, lossTotals, resolveLoss, sampleLosses } from "../../src/losses/index.js";
import { type Metric, metrics, metricTotals, type SummedMetric } from "../../src/metrics/index.js";
import { Random } from "../../src/tensor/random.js";
import { sizeOf } from "../../src/tensor/shape.js";
import { expectClose, randomValues, runEquations } from "./run-equations.js";

const CLASSES = 3;

/** What a loss or metric is given at each step, or, of targets that are labels of a whole sequence, at each label. */
interface Case {
  /** Whether it judges what the layer `crf` makes of a step's numbers: its tables at padding are part of that. */
  readonly chain?: boolean;
  /** "same": a number for each of the prediction's; "signs": 0 or 1 for each; "class": a class's number; "labels": one for a sequence. */
  readonly targets: "same" | "signs" | "oneHot" | "class" | "labels";
}

const numbers: Case = { targets: "same" };
const signs: Case = { targets: "signs" };
const classes: Case = { targets: "oneHot" };
const sparse: Case = { targets: "class" };
const chain: Case = { targets: "class", chain: true };

const cases: Readonly<Record<string, Case>> = {
  binaryCrossentropy: signs,
  categoricalCrossentropy: classes,
  sparseCategoricalCrossentropy: sparse,
  binaryFocalCrossentropy: signs,
  categoricalFocalCrossentropy: classes,
  kullbackLeiblerDivergence: numbers,
  poisson: numbers,
  meanSquaredError: numbers,
  meanAbsoluteError: numbers,
  meanAbsolutePercentageError: numbers,
  meanSquaredLogarithmicError: numbers,
  huber: numbers,
  logCosh: numbers,
  cosineSimilarity: numbers,
  hinge: signs,
  squaredHinge: signs,
  categoricalHinge: classes,
  ctc: { targets: "labels" },
  crfLoss: chain,
  binaryAccuracy: signs,
  categoricalAccuracy: classes,
  sparseCategoricalAccuracy: sparse,
  topKCategoricalAccuracy: classes,
  sparseTopKCategoricalAccuracy: sparse,
  crfAccuracy: chain,
  precision: signs,
  recall: signs,
  f1Score: classes,
  auc: signs,
  rootMeanSquaredError: numbers,
  perplexity: sparse,
  bitsPerCharacter: sparse,
};

function caseOf(name: string): Case {
  if (Object.hasOwn(cases, name)) return cases[name]!;
  throw new Error(
    `Add a case for ${name} to tests/conformance/padding-of-losses.test.ts: what it is given at each step.`,
  );
}

/** A sequence: at each step the prediction and the target; of labels, one each. */
interface Sequence {
  readonly predictions: readonly (readonly number[])[];
  readonly targets: readonly (readonly number[])[];
}

function draw({ targets }: Case, length: number, random: Random): Sequence {
  const at = {
    same: () => Array.from({ length: CLASSES }, () => 0.1 + 0.8 * random.uniform()),
    signs: () => Array.from({ length: CLASSES }, () => random.integer(2)),
    oneHot: () => {
      const right = random.integer(CLASSES);
      return Array.from({ length: CLASSES }, (_, k) => Number(k === right));
    },
    class: () => [random.integer(CLASSES)],
    labels: () => [1 + random.integer(CLASSES - 1)],
  };
  return {
    predictions: Array.from({ length }, () => Array.from({ length: CLASSES }, () => 0.1 + 0.8 * random.uniform())),
    targets: Array.from({ length: targets === "labels" ? Math.min(1, length) : length }, at[targets]),
  };
}

/** Sums over a batch and their gradient, as equations over predictions [T, B, …], targets and a mask [T, B]. */
type Judge = (yTrue: Node, yPred: Node, mask: Node | undefined, wrt: Node) => Record<string, Node>;

const judgeOfLoss =
  (loss: Loss): Judge =>
  (yTrue, yPred, mask, wrt) => {
    const judged = sampleLosses(loss, yTrue, yPred, mask);
    const { total, count } = lossTotals(judged.perSample, { mask: judged.mask });
    return { total, count, gradient: differentiate(total, [wrt])[0]! };
  };
const judgeOfMetric =
  (metric: Metric | SummedMetric): Judge =>
  (yTrue, yPred, mask) => ({
    totals: metricTotals(metric, yTrue, yPred, { mask }),
  });

/** What the layer `crf` makes of a prediction, with weights that are all different. */
function chained(node: Node, mask: Node | undefined): Node {
  const layer = crf(CLASSES);
  const weights = layer.parameters([null, null, CLASSES]);
  const parameter = (name: string) => {
    const { shape } = weights.find((weight) => weight.name === name)!;
    return constant(randomValues(sizeOf(shape), 20 + name.length), shape);
  };
  const context = { training: false, parameter, seed: constant(0), nextStream: () => 0 };
  return layer.call([{ node, timeMajor: true, mask }], context)[0].node;
}

/** @param starts the step at which each sequence begins; what is beside it is padding */
async function run(
  judge: Judge,
  { targets, chain }: Case,
  sequences: readonly Sequence[],
  { starts, time }: { readonly starts: readonly number[]; readonly time: number },
  engine: Engine,
) {
  const [B, random] = [sequences.length, new Random(9)];
  const filler = draw({ targets }, Math.max(1, time * B), random);
  const valid = (t: number, i: number) => t >= starts[i]! && t < starts[i]! + sequences[i]!.predictions.length;
  const places = Array.from({ length: time * B }, (_, k): [number, number] => [Math.floor(k / B), k % B]);
  const laidOut = (part: "predictions" | "targets") =>
    places.flatMap(([t, i], k) => (valid(t, i) ? sequences[i]![part][t - starts[i]!]! : filler[part][k]!));
  const whole = targets === "labels";
  const ids = whole || targets === "class";
  const inputs: Record<string, Node> = {
    yPred: input("yPred", [time, B, CLASSES]),
    yTrue: ids ? input("yTrue", [whole ? 1 : time, B], "int") : input("yTrue", [time, B, CLASSES]),
  };
  const padded = sequences.some(({ predictions }) => predictions.length < time);
  if (padded) inputs.mask = input("mask", [time, B]);
  const values = {
    yPred: laidOut("predictions"),
    yTrue: whole ? sequences.map(({ targets: [label] }) => label?.[0] ?? 1) : laidOut("targets"),
    mask: places.map(([t, i]) => Number(valid(t, i))),
  };
  const { yTrue, yPred, mask } = inputs;
  const outputs = judge(yTrue!, chain ? chained(yPred!, mask) : yPred!, mask, yPred!);
  const given = Object.fromEntries(Object.keys(inputs).map((name) => [name, values[name as "mask"]]));
  const result = await runEquations({ name: "padding", inputs, outputs }, given, { engine });
  const { gradient = [], ...sums } = result;
  const size = gradient.length / places.length;
  const gradientAt = (i: number) =>
    places.flatMap(([t, example], k) => (example === i && valid(t, i) ? gradient.slice(k * size, (k + 1) * size) : []));
  const atPadding = places.flatMap(([t, i], k) => (valid(t, i) ? [] : gradient.slice(k * size, (k + 1) * size)));
  return { sums, gradients: sequences.map((_, i) => gradientAt(i)), atPadding };
}

async function check(judge: Judge, given: Case, side: string, engine: Engine) {
  const tolerance = engine === referenceEngine ? 1e-12 : 1e-5;
  const random = new Random(4);
  const lengths = [3, 1, 0, 4, 2];
  const time = 6;
  const sequences = lengths.map((length) => draw(given, length, random));
  const starts = lengths.map(
    (length) => ({ left: time - length, right: 0 })[side] ?? random.integer(time - length + 1),
  );
  const together = await run(judge, given, sequences, { starts, time }, engine);
  const sums: Record<string, number[]> = {};
  for (const [i, sequence] of sequences.entries()) {
    const layout = { starts: [0], time: Math.max(1, lengths[i]!) };
    const alone = await run(judge, given, [sequence], layout, engine);
    expectClose(together.gradients[i]!, alone.gradients[0]!, tolerance, `gradient of sequence ${i}`);
    for (const [name, values] of Object.entries(alone.sums)) {
      sums[name] = values.map((value, k) => value + (sums[name]?.[k] ?? 0));
    }
  }
  for (const name of Object.keys(sums)) expectClose(together.sums[name]!, sums[name]!, tolerance, name);
  expect(together.atPadding.every((value) => value === 0)).toBe(true);
  expect([...Object.values(together.sums), ...together.gradients].flat().every(Number.isFinite)).toBe(true);
}

const judges: readonly (readonly [name: string, judge: Judge])[] = [
  ...Object.keys(losses).map((name): [string, Judge] => [name, judgeOfLoss(resolveLoss(name))]),
  ...Object.entries(metrics).map(([name, make]): [string, Judge] => [name, judgeOfMetric(make())]),
];

describe.each([
  ["left", "float64", referenceEngine],
  ["right", "float64", referenceEngine],
  ["on both sides", "float64", referenceEngine],
  ["on both sides", "float32", wasmEngine],
] as const)("padding %s, in %s,", (side, _, engine) => {
  it.each(judges)("changes nothing of %s", (name, judge) => check(judge, caseOf(name), side, engine));
});

describe("the property can fail", () => {
  it("a loss that counts padding is caught", async () => {
    const honest = judgeOfLoss(resolveLoss("mse"));
    const leaky: Judge = (yTrue, yPred, _, wrt) => honest(yTrue, yPred, undefined, wrt);
    await expect(check(leaky, numbers, "right", referenceEngine)).rejects.toThrow(/total/);
  });

  it("a loss without a case is asked for one", () => {
    expect(() => caseOf("novel")).toThrow(/Add a case for novel/);
  });
});
