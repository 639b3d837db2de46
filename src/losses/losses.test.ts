import { describe, expect, it } from "vitest";
import {
  checkGradient,
  expectClose,
  randomValues,
  runEquations,
  weightedSum,
} from "../../tests/conformance/run-equations.js";
import { wasmEngine } from "../engines/wasm/wasm-engine.js";
import {
  constant,
  differentiate,
  input,
  type Node,
  reshape,
  type SoftmaxAttributes,
  sigmoid,
  softmax,
  sum,
  transpose,
} from "../equations/index.js";
import { ConfigError, ShapeError } from "../errors.js";
import { sizeOf } from "../tensor/shape.js";
import {
  binaryCrossentropy,
  binaryFocalCrossentropy,
  categoricalCrossentropy,
  categoricalFocalCrossentropy,
  ctc,
  huber,
  losses,
  lossTotals,
  meanSquaredError,
  reduceLoss,
  resolveLoss,
  sampleLosses,
  sparseCategoricalCrossentropy,
} from "./index.js";

const [B, C] = [3, 4];
const probabilities = [0.1, 0.2, 0.3, 0.4, 0.7, 0.05, 0.15, 0.1, 0.25, 0.3, 0.05, 0.4];
const oneHot = constant([0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0], [B, C]);
const classes = [2, 0, 1];

interface Given {
  readonly yTrue: Node;
  readonly yPred: Node;
  /** Of both, batch-first, as users give them. */
  readonly shapes: { readonly prediction: number[]; readonly targets: (number | null)[] };
  readonly inputs: Record<string, Node>;
  readonly values: Record<string, number[]>;
}

/** A prediction and targets that fit a loss. */
function given(name: string): Given {
  const { targets, sequences } = resolveLoss(name);
  if (sequences) {
    const ofTags = name === "crfLoss";
    const shape = ofTags ? [5, B, C, C] : [5, B, C];
    const [yPred, yTrue] = [input("yPred", shape), input("ids", [ofTags ? 5 : 2, B], "int")];
    const ids = ofTags ? [0, 1, 2, 3, 3, 1, 2, 0, 1, 1, 1, 2, 0, 0, 3] : [2, 0, 1, 2, 3, 0];
    const values = { ids, yPred: randomValues(sizeOf(shape), 3, -2, 2) };
    const shapes = { prediction: [B, 5, ...shape.slice(2)], targets: [B, ofTags ? 5 : null] };
    return { yTrue, yPred, shapes, inputs: { ids: yTrue, yPred }, values };
  }
  const yPred = input("yPred", [B, C]);
  const values = { yPred: probabilities };
  const shapes = (targets: number[]) => ({ prediction: [B, C], targets });
  if (targets === "float") return { yTrue: oneHot, yPred, shapes: shapes([B, C]), inputs: { yPred }, values };
  const yTrue = input("ids", [B], "int");
  return { yTrue, yPred, shapes: shapes([B]), inputs: { ids: yTrue, yPred }, values: { ...values, ids: classes } };
}

describe.each(Object.keys(losses))("%s", (name) => {
  const loss = resolveLoss(name);
  const { yTrue, yPred, shapes, inputs, values } = given(name);

  it("has one number per sample, and the gradient that finite differences measure", async () => {
    const perSample = loss.perSample(yTrue, yPred);
    expect(perSample.shape).toEqual([B]);
    expect(loss.targetShape(shapes.prediction)).toEqual(shapes.targets);
    await checkGradient(inputs, weightedSum(perSample), values);
  });

  it("gives the same numbers in float32", async () => {
    const perSample = loss.perSample(yTrue, yPred);
    const equations = { name, inputs, outputs: { perSample, d: differentiate(sum(perSample), [yPred])[0]! } };
    const expected = await runEquations(equations, values);
    const actual = await runEquations(equations, values, { engine: wasmEngine });
    for (const port of ["perSample", "d"]) expectClose(actual[port]!, expected[port]!, 1e-5, port);
  });

  it("comes back from its config, its name in Keras's spelling and its class name", () => {
    expect(resolveLoss(JSON.parse(JSON.stringify(loss.config))).config).toEqual(loss.config);
    expect(resolveLoss(name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)).name).toBe(name);
    expect(resolveLoss(name[0]!.toUpperCase() + name.slice(1)).name).toBe(name);
    expect(resolveLoss(loss)).toBe(loss);
  });

  it("refuses targets of other data", () => {
    const wrong = input("ids", [B + 1, C], loss.targets);
    expect(() => loss.perSample(wrong, yPred)).toThrow(ShapeError);
  });
});

describe("a prediction that was made by softmax or sigmoid", () => {
  const z = input("z", [B, C]);
  const logits = [1, -2, 0.5, 3, 0, 0.1, -0.2, 0.3, -1, 2, 1, -1];

  it("costs the same as its probabilities, within the limits", async () => {
    const fromLogits = sum(categoricalCrossentropy({ normalize: false }).perSample(oneHot, softmax(z)));
    const p = input("p", [B, C]);
    const direct = sum(categoricalCrossentropy().perSample(oneHot, p));
    const { y } = await runEquations({ name: "softmax", inputs: { z }, outputs: { y: softmax(z) } }, { z: logits });
    const a = await runEquations({ name: "a", inputs: { z }, outputs: { loss: fromLogits } }, { z: logits });
    const b = await runEquations({ name: "b", inputs: { p }, outputs: { loss: direct } }, { p: y! });
    expectClose(a.loss!, b.loss!, 1e-14);
  });

  it("is exact where the probability rounds to 0 or 1, and its gradient does not vanish", async () => {
    const far = input("z", [2, 1]);
    const perSample = binaryCrossentropy().perSample(constant([1, 0], [2, 1]), sigmoid(far));
    const d = differentiate(sum(perSample), [far])[0]!;
    const result = await runEquations({ name: "far", inputs: { z: far }, outputs: { perSample, d } }, { z: [-50, 60] });
    expectClose(result.perSample!, [50, 60], 1e-15);
    expectClose(result.d!, [-1, 1], 1e-15);
  });

  it("is recognised behind a transpose or reshape that leaves the classes together, and only there", () => {
    const depth = (node: Node): boolean =>
      node.op.name === "softmax"
        ? (node.attributes as SoftmaxAttributes).form === "logSumExp"
        : node.inputs.some(depth);
    const cube = input("z", [2, 3, C]);
    const ids = input("ids", [3, 2], "int");
    const loss = sparseCategoricalCrossentropy();
    expect(depth(loss.perSample(ids, transpose(softmax(cube), [1, 0, 2])))).toBe(true);
    expect(depth(loss.perSample(ids, reshape(softmax(reshape(cube, [6, C])), [3, 2, C])))).toBe(true);
    expect(depth(loss.perSample(input("ids", [C, 2], "int"), transpose(softmax(cube), [2, 0, 1])))).toBe(false);
  });
});

describe("reduceLoss", () => {
  const perSample = input("l", [2, 3]);
  const l = [1, 2, 4, 8, 16, 32];
  const reduce = async (options: { mask?: number[]; weights?: number[]; weightShape?: number[] }) => {
    const mask = options.mask && constant(options.mask, [2, 3]);
    const sampleWeight = options.weights && constant(options.weights, options.weightShape ?? [2, 3]);
    const j = reduceLoss(perSample, { mask, sampleWeight });
    return (await runEquations({ name: "j", inputs: { l: perSample }, outputs: { j } }, { l })).j![0];
  };

  it("is the mean, of valid entries only", async () => {
    expect(await reduce({})).toBe(63 / 6);
    expect(await reduce({ mask: [1, 1, 0, 0, 1, 0] })).toBe(19 / 3);
  });

  it("divides by the number of valid entries, not by the weights", async () => {
    expect(await reduce({ weights: [2, 1, 1, 1, 1, 0] })).toBe(33 / 6 - 1 / 6);
    expect(await reduce({ mask: [1, 1, 0, 0, 1, 0], weights: [10, 1], weightShape: [2, 1] })).toBe((30 + 16) / 3);
  });

  it("is 0 without valid entries", async () => {
    expect(await reduce({ mask: [0, 0, 0, 0, 0, 0] })).toBe(0);
  });

  it("does not let a loss at padding through, not even NaN", async () => {
    const j = reduceLoss(perSample, { mask: constant([1, 0, 0, 0, 0, 1], [2, 3]) });
    const { j: result } = await runEquations(
      { name: "j", inputs: { l: perSample }, outputs: { j } },
      { l: [1, Number.NaN, Infinity, 1, 1, 3] },
    );
    expect(result![0]).toBe(2);
  });

  it("refuses weights of another rank, which could mean time or batch", () => {
    expect(() => reduceLoss(perSample, { sampleWeight: constant([1, 2, 3]) })).toThrow(ShapeError);
  });
});

describe("sampleLosses", () => {
  it("leaves ignored targets out of sum and number, besides masked entries", async () => {
    const loss = sparseCategoricalCrossentropy({ ignoreClass: -1 });
    const yPred = constant(probabilities.concat(probabilities), [2, B, C]);
    const ids = input("ids", [2, B], "int");
    const samples = sampleLosses(loss, ids, yPred, constant([1, 1, 1, 1, 1, 0], [2, B]));
    const outputs = { ...lossTotals(samples.perSample, samples) };
    const { total, count } = await runEquations(
      { name: "ignored", inputs: { ids }, outputs },
      { ids: [2, -1, 1, 3, -1, 0] },
    );
    expectClose(total!, [-Math.log(0.3) - Math.log(0.3) - Math.log(0.4)], 1e-7);
    expect(count).toEqual([3]);
  });

  it("counts the sequences that have any valid step, for a loss of sequences", async () => {
    const { yTrue, yPred, inputs, values } = given("ctc");
    const mask = constant([0, 0, 0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1], [5, B]);
    const samples = sampleLosses(ctc(), yTrue, yPred, mask);
    const { count } = await runEquations(
      { name: "count", inputs, outputs: lossTotals(samples.perSample, samples) },
      values,
    );
    expect(count).toEqual([2]);
  });
});

describe("options of losses", () => {
  it("wrong ones are refused", () => {
    expect(() => resolveLoss("bceloss")).toThrow('Unknown loss "bceloss". Known are binaryCrossentropy,');
    expect(() => binaryCrossentropy({ labelSmoothing: 1.5 })).toThrow(ConfigError);
    expect(() => sparseCategoricalCrossentropy().perSample(oneHot, oneHot)).toThrow(/use categoricalCrossentropy/);
    expect(() => sparseCategoricalCrossentropy({ ignoreClass: 0.5 })).toThrow(ConfigError);
    expect(() => meanSquaredError({ reduction: "sum" } as never)).toThrow(
      'meanSquaredError: there is no option "reduction". Keras has it, Tavali does not: the loss is the mean over samples',
    );
    expect(() => resolveLoss({ type: "mae", reduction: "sum" })).toThrow('no option "reduction"');
    expect(() => huber({ delta: 0 })).toThrow("huber: delta must be a positive number, received 0.");
    expect(() => binaryFocalCrossentropy({ gamma: -1 })).toThrow("gamma must be a number of at least 0, received -1.");
    expect(() => categoricalFocalCrossentropy({ alpha: 2 })).toThrow("alpha must be a number in 0 … 1, received 2.");
    expect(() => ctc({ blank: -1 })).toThrow("ctc: blank must be a whole number of at least 0, received -1.");
  });

  it.each([
    ["bce", "binaryCrossentropy"],
    ["MSE", "meanSquaredError"],
    ["mae", "meanAbsoluteError"],
    ["MAPE", "meanAbsolutePercentageError"],
    ["msle", "meanSquaredLogarithmicError"],
    ["kld", "kullbackLeiblerDivergence"],
    ["KLDivergence", "kullbackLeiblerDivergence"],
    ["log_cosh", "logCosh"],
    ["CTC", "ctc"],
  ])("%s is %s", (alias, name) => {
    expect(resolveLoss(alias).name).toBe(name);
  });
});
