/**
 * shared/keras-golden/losses.json: the cost of predictions, by every reduction. Ours is the mean over what is valid; a sum is its dividend
 * (`lossTotals`), and Keras's "none" is what each entry costs by itself.
 */
import { expect } from "vitest";
import { input, mul, type Node, where } from "../../../src/equations/index.js";
import { ShapeError } from "../../../src/errors.js";
import { lossTotals, reduceLoss, resolveLoss, sampleLosses } from "../../../src/losses/index.js";
import { sizeOf } from "../../../src/tensor/shape.js";
import { type NestedArray, type Tensor, toTensor } from "../../../src/tensor/tensor.js";
import { expectClose, runEquations, type Values } from "../../conformance/run-equations.js";
import { type engines, flat } from "../golden.js";
import { type Exceptions, holdCases, sharedCases } from "./keras-golden.js";
import { configOfCall } from "./keras-object.js";

interface LossCase {
  readonly loss: string;
  readonly y_true: NestedArray;
  readonly y_pred: NestedArray;
  readonly sample_weight: NestedArray | null;
  readonly result: NestedArray;
}

/** A reduction by itself, of losses that are given. */
interface ReductionCase {
  readonly loss: string;
  readonly values: NestedArray;
  readonly mask: NestedArray;
  readonly sample_weight: NestedArray | null;
  readonly result?: NestedArray;
  /** Keras's class of error, instead of a result. */
  readonly error?: string;
}

type Case = LossCase | ReductionCase;
type Reductions = "mean" | "sum" | "none" | "sum_over_batch_size" | "mean_with_sample_weight";

function reduce(perSample: Node, options: { mask?: Node; sampleWeight?: Node }, reduction: Reductions): Node {
  if (reduction === "sum") return lossTotals(perSample, options).total;
  if (reduction !== "none") return reduceLoss(perSample, options);
  const weighted = options.sampleWeight ? mul(perSample, options.sampleWeight) : perSample;
  return options.mask ? where(options.mask, weighted, 0) : weighted;
}

/** Losses of a batch, with time in front for those of sequences; and the values of their inputs. */
function lossesOf(golden: Case) {
  if ("values" in golden) {
    const values = toTensor(golden.values);
    const mask = toTensor(golden.mask);
    const inputs: Record<string, Node> = { values: input("values", values.shape), mask: input("mask", mask.shape) };
    return {
      inputs,
      data: { values: values.data, mask: mask.data } as Values,
      perSample: inputs.values!,
      mask: inputs.mask,
    };
  }
  const { type, ...options } = configOfCall(golden.loss);
  const { reduction: _, ...own } = options;
  const loss = resolveLoss({ type, ...own });
  const yPred = toTensor(golden.y_pred);
  const yTrue = fitted(toTensor(golden.y_true), loss.targetShape(yPred.shape));
  const laidOut = loss.sequences ? [transposed(yTrue), transposed(yPred)] : [yTrue, yPred];
  const inputs: Record<string, Node> = {
    yTrue: input("yTrue", laidOut[0]!.shape, loss.targets),
    yPred: input("yPred", laidOut[1]!.shape),
  };
  const judged = sampleLosses(loss, inputs.yTrue!, inputs.yPred!);
  return { inputs, data: { yTrue: laidOut[0]!.data, yPred: laidOut[1]!.data } as Values, ...judged };
}

/** Targets with the axes a loss expects, as `fit` gives them to it. */
function fitted({ data, shape }: Tensor, target: readonly (number | null)[]): Tensor {
  const expected = target.map((size, i) => size ?? shape[i]!);
  return { data, shape: sizeOf(shape) === sizeOf(expected) ? expected : shape };
}

/** [batch, time, ...] → [time, batch, ...]. */
function transposed({ data, shape }: Tensor): Tensor {
  const [batch, time, ...rest] = shape as [number, number, ...number[]];
  const row = sizeOf(rest);
  const moved = Array.from({ length: data.length }, (_, i) => {
    const [t, b, at] = [Math.floor(i / (batch * row)), Math.floor(i / row) % batch, i % row];
    return data[(b * time + t) * row + at]!;
  });
  return { data: Float64Array.from(moved), shape: [time, batch, ...rest] };
}

async function check(golden: Case, [, engine, tolerance]: (typeof engines)[number]) {
  const [, reduction = "mean"] = /reduction=(\w+)/.exec(golden.loss) ?? [];
  const { inputs, data, perSample, mask } = lossesOf(golden);
  const given = golden.sample_weight && toTensor(golden.sample_weight);
  const run = () => {
    if (given) inputs.sampleWeight = input("sampleWeight", given.shape);
    return reduce(perSample, { mask, sampleWeight: inputs.sampleWeight }, reduction as Reductions);
  };
  if (golden.result === undefined) return expect(run).toThrow(ShapeError);
  const j = run();
  const values: Values = { ...data, ...(given && { sampleWeight: given.data }) };
  const actual = await runEquations({ name: golden.loss, inputs, outputs: { j } }, values, { engine });
  expectClose(actual.j!, flat(golden.result), tolerance, "J");
}

/** What tells a case apart: its name, and whether entries are weighted. */
const titleOf = ({ loss, sample_weight: weight }: Case) => {
  if (!weight) return loss;
  return `${loss}, weights [${toTensor(weight).shape}]`;
};

const meanByWeight = {
  because: "the mean divides by how many entries are valid, as Keras's default does, not by the sum of their weights",
  fails: /^J: element 0/,
};

const exceptions: Exceptions = {
  "SparseCategoricalCrossentropy seq sw per sample, weights [2]": {
    because:
      "Keras aligns the weights of two samples with two steps, as the numbers happen to be equal; here they must say which axis they are for",
    fails: /sampleWeight: expected one weight per loss \[2, 2\]/,
  },
  "BinaryCrossentropy(reduction=mean_with_sample_weight), weights [3]": meanByWeight,
  "MeanSquaredError(reduction=mean_with_sample_weight), weights [3]": meanByWeight,
  "reduction rule with mask, reduction=mean_with_sample_weight, weights [2,3]": meanByWeight,
};

holdCases("losses.json", sharedCases<Case>("losses.json"), titleOf, check, exceptions);
