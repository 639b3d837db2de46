/** Losses against Keras: the value of J with masks and sample weights, and its gradient for the prediction. */
import { describe, expect, it } from "vitest";
import { differentiate, input, transpose } from "../../src/equations/index.js";
import { reduceLoss, resolveLoss, sampleLosses } from "../../src/losses/index.js";
import { type NestedArray, toTensor } from "../../src/tensor/tensor.js";
import { expectClose, runEquations } from "../conformance/run-equations.js";
import { engines, flat, goldenCases } from "./golden.js";

interface LossCase {
  readonly name: string;
  readonly loss: { readonly type: string; readonly reduction?: string };
  readonly yTrue: NestedArray;
  readonly yPred: NestedArray;
  readonly mask: NestedArray | null;
  readonly sampleWeight: NestedArray | null;
  readonly value: number;
  readonly gradPred: NestedArray;
}

const all = goldenCases<LossCase>("losses.json");
// J is always a mean over what is valid; we offer no reduction "sum".
const cases = all.filter(({ loss }) => loss.reduction === undefined);

function equationsOf(golden: LossCase, timeMajor: boolean) {
  const loss = resolveLoss(golden.loss);
  const [yTrue, yPred] = [toTensor(golden.yTrue), toTensor(golden.yPred)];
  const inputs = {
    yTrue: input("yTrue", yTrue.shape, loss.targets),
    yPred: input("yPred", yPred.shape),
    ...(golden.mask && { mask: input("mask", toTensor(golden.mask).shape) }),
    ...(golden.sampleWeight && { sampleWeight: input("sampleWeight", toTensor(golden.sampleWeight).shape) }),
  };
  const laidOut = (node: (typeof inputs)["yTrue"]) =>
    timeMajor ? transpose(node, [1, 0, ...[...node.shape.keys()].slice(2)]) : node;
  const mask = inputs.mask && laidOut(inputs.mask);
  const samples = sampleLosses(loss, laidOut(inputs.yTrue), laidOut(inputs.yPred), mask);
  const j = reduceLoss(samples.perSample, {
    mask: samples.mask,
    sampleWeight: inputs.sampleWeight && laidOut(inputs.sampleWeight),
  });
  const values = {
    yTrue: yTrue.data,
    yPred: yPred.data,
    ...(golden.mask && { mask: flat(golden.mask) }),
    ...(golden.sampleWeight && { sampleWeight: flat(golden.sampleWeight) }),
  };
  return { equations: { name: "loss", inputs, outputs: { j, d: differentiate(j, [inputs.yPred])[0]! } }, values };
}

describe.each(engines)("losses in %s are what Keras computes, and so is their gradient", (_, engine, tolerance) => {
  it.each(cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    const { equations, values } = equationsOf(golden, false);
    const { j, d } = await runEquations(equations, values, { engine });
    expectClose(j!, [golden.value], tolerance, "J");
    expectClose(d!, flat(golden.gradPred), tolerance, "gradient");
  });
});

describe("the golden file of losses", () => {
  it("leaves out only the cases with reduction sum", () => {
    expect(all.length - cases.length).toBe(all.filter(({ loss }) => loss.reduction === "sum").length);
    expect(cases.length).toBeGreaterThan(170);
  });

  it("agrees as well when prediction, targets, mask and weights are laid out time-major", async () => {
    for (const golden of cases.filter(({ yPred }) => toTensor(yPred).shape.length === 3)) {
      const { equations, values } = equationsOf(golden, true);
      const { j, d } = await runEquations(equations, values);
      expectClose(j!, [golden.value], 1e-10, golden.name);
      expectClose(d!, flat(golden.gradPred), 1e-10, golden.name);
    }
  });
});
