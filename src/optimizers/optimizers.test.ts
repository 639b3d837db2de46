import { describe, expect, it } from "vitest";
import { expectClose, runEquations } from "../../tests/conformance/run-equations.js";
import { referenceEngine } from "../engines/reference/reference-engine.js";
import { wasmEngine } from "../engines/wasm/wasm-engine.js";
import { constant, input } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamw,
  clipGradients,
  exponentialDecay,
  lion,
  nadam,
  type Optimizer,
  optimizers,
  resolveOptimizer,
  rmsprop,
  sgd,
} from "./index.js";

describe.each([
  ["sgd", sgd({ momentum: 0.9, nesterov: true })],
  ["rmsprop", rmsprop({ momentum: 0.5, centered: true, clipnorm: 1 })],
  ["adam", adam({ amsgrad: true, weightDecay: 0.01, globalClipnorm: 2 })],
  ["adamw", adamw({ weightDecay: 0.002, beta1: 0.8 })],
  ["adamax", adamax({ beta2: 0.99 })],
  ["nadam", nadam({ beta1: 0.8, clipvalue: 5 })],
  ["adagrad", adagrad({ initialAccumulatorValue: 0.2, learningRate: 0.5 })],
  ["adadelta", adadelta({ rho: 0.9, epsilon: 0.01, learningRate: 0.5 })],
  ["lion", lion({ beta1: 0.8 })],
] as const)("%s", (name, optimizer) => {
  it("comes back from its config", () => {
    const again = resolveOptimizer(JSON.parse(JSON.stringify(optimizer.config)));
    expect(again.config).toEqual(optimizer.config);
    expect(again.slots).toEqual(optimizer.slots);
    expect(again.clip).toEqual(optimizer.clip);
  });

  it("writes the learning rate it has now into its config", () => {
    const one = optimizers[name]();
    one.learningRate = 0.25;
    expect(one.config.learningRate).toBe(0.25);
  });

  it("descends: 300 steps lead to the minimum of (w − 3)²", async () => {
    const [w, learningRate, iteration] = [input("w", [1]), input("learningRate", []), input("iteration", [])];
    const slots = Object.fromEntries(optimizer.slots.map((slot) => [slot.name, input(slot.name, [1])]));
    const gradient = input("gradient", [1]);
    const result = optimizer.update({ weight: w, gradient, slots, learningRate, iteration });
    const equations = {
      name,
      inputs: { w, learningRate, iteration, gradient, ...slots },
      outputs: { w: result.weight, ...result.slots },
    };
    let values: Record<string, number[]> = {
      w: [0],
      ...Object.fromEntries(optimizer.slots.map((s) => [s.name, [s.initial]])),
    };
    for (let t = 1; t <= 300; t++) {
      const step = {
        learningRate: [Math.max(0.02, optimizer.learningRate)],
        iteration: [t],
        gradient: [2 * (values.w![0]! - 3)],
      };
      const { learningRate, iteration, gradient, ...rest } = await runEquations(equations, { ...values, ...step });
      values = rest;
    }
    expect(values.w![0]).toBeCloseTo(3, 0);
  });
});

describe.each([
  ...Object.entries(optimizers).map(([name, make]): [string, Optimizer] => [name, make()]),
  ["sgd with momentum", sgd({ momentum: 0.9, nesterov: true })],
  ["rmsprop with momentum", rmsprop({ momentum: 0.5, centered: true })],
  ["adam with the greatest", adam({ amsgrad: true })],
  ["sgd with decay", sgd({ weightDecay: 0.1 })],
  ["adagrad with decay", adagrad({ weightDecay: 0.1 })],
] as [string, Optimizer][])("a gradient of zeros with %s", (_, optimizer) => {
  /** Whether weight and slots stay what they are. */
  const stays = async (slotValue: number): Promise<boolean> => {
    const [w, gradient] = [input("w", [4]), input("gradient", [4])];
    const [learningRate, iteration] = [input("learningRate", []), input("iteration", [])];
    const slots = Object.fromEntries(optimizer.slots.map(({ name }) => [name, input(name, [4])]));
    const result = optimizer.update({ weight: w, gradient, slots, learningRate, iteration });
    const outputs = { w: result.weight, ...result.slots };
    const equations = { name: "zeros", inputs: { w, learningRate, iteration, gradient, ...slots }, outputs };
    const before: Record<string, number[]> = {
      w: [1.5, -0.3, 0, 1e-20],
      ...Object.fromEntries(optimizer.slots.map(({ name }) => [name, [1, 2, 3, 0.5].map((x) => x * slotValue)])),
    };
    for (const engine of [referenceEngine, wasmEngine]) {
      const scalars = { learningRate: [0.25], iteration: [3], gradient: [0, 0, 0, 0] };
      const after = await runEquations(equations, { ...before, ...scalars }, { engine });
      const rounded = (values: number[]) => (engine === wasmEngine ? values.map(Math.fround) : values);
      const isSame = (name: string) => after[name]!.every((x, i) => x === rounded(before[name]!)[i]);
      if (!Object.keys(outputs).every(isSame)) return false;
    }
    return true;
  };

  it("changes nothing if the optimizer declares it, and only then", async () => {
    expect(await stays(0)).toBe(optimizer.zeroGradientIsNoOp !== undefined);
    expect(await stays(0.25)).toBe(optimizer.zeroGradientIsNoOp === "always");
  });
});

describe("clipGradients", () => {
  const [a, b] = [constant([3, -4]), constant([12])];
  const clipped = async (options: Parameters<typeof clipGradients>[1]) => {
    const [first, second] = clipGradients([a, b], options);
    const equations = { name: "clip", inputs: {}, outputs: { first: first!, second: second! } };
    const result = await runEquations(equations, {});
    const single = await runEquations(equations, {}, { engine: wasmEngine });
    expectClose(single.first!, result.first!, 1e-6);
    return [result.first!, result.second!];
  };

  it("clipnorm limits each gradient by itself", async () => {
    const [first, second] = await clipped({ clipnorm: 6 });
    expectClose(first!, [3, -4], 1e-15);
    expectClose(second!, [6], 1e-15);
  });

  it("globalClipnorm scales all by one factor", async () => {
    const [first, second] = await clipped({ globalClipnorm: 6.5 });
    expectClose(first!, [1.5, -2], 1e-15);
    expectClose(second!, [6], 1e-15);
  });

  it("clipvalue limits every number", async () => {
    const [first, second] = await clipped({ clipvalue: 3.5 });
    expectClose(first!, [3, -3.5], 1e-15);
    expectClose(second!, [3.5], 1e-15);
  });

  it("leaves gradients alone without a limit, and zeros zero with one", async () => {
    expect(clipGradients([a, b], {})).toEqual([a, b]);
    const [zero] = clipGradients([constant([0, 0])], { clipnorm: 1 });
    const result = await runEquations({ name: "clip", inputs: {}, outputs: { zero: zero! } }, {});
    expect(result.zero).toEqual([0, 0]);
  });

  it("takes one limit", () => {
    expect(() => clipGradients([a], { clipnorm: 1, clipvalue: 1 })).toThrow("received clipnorm and clipvalue");
  });
});

describe("options of optimizers", () => {
  it("may be 0 where that makes sense, or null for none", () => {
    expect(sgd({ learningRate: 0, weightDecay: 0, clipnorm: null as never }).config).toMatchObject({ weightDecay: 0 });
    expect(adagrad({ initialAccumulatorValue: 0 }).slots[0]!.initial).toBe(0);
    expect(exponentialDecay({ initialLearningRate: 0, decaySteps: 1, decayRate: 1 }).at(3)).toBe(0);
    expect(adamw({ weightDecay: 0 }).config.weightDecay).toBe(0);
    expect(adamw().config.weightDecay).toBe(0.004);
  });

  it("names are found in any case", () => {
    for (const name of ["rmsprop", "RMSprop", "RMSPROP"]) expect(resolveOptimizer(name).name).toBe("rmsprop");
    const own = sgd();
    expect(resolveOptimizer(own)).toBe(own);
  });

  it.each([
    [
      () => resolveOptimizer("adamix"),
      'Unknown optimizer "adamix". Did you mean adamax? Known are sgd, rmsprop, adam, adamw,',
    ],
    [() => sgd({ learningRate: -1 }), "sgd: learningRate must be a number of at least 0, or a schedule"],
    [
      () => adam({ learningRate: Number.NaN }),
      "adam: learningRate must be a number of at least 0, or a schedule such as cosineDecay({ … }), received NaN.",
    ],
    [() => adam({ learningRate: Infinity }), "such as cosineDecay({ … }), received Infinity."],
    [() => sgd({ momentum: 1 }), "sgd: momentum must be a number of at least 0 and below 1, received 1."],
    [() => rmsprop({ rho: -0.1 }), "rmsprop: rho must be a number of at least 0 and below 1, received -0.1."],
    [() => adam({ epsilon: 0 }), "adam: epsilon must be a positive number, received 0."],
    [() => sgd({ clipnorm: -1 }), "sgd: clipnorm must be a positive number, received -1."],
    [() => adam({ lr: 0.1 } as object), 'adam: there is no option "lr"; did you mean learningRate?'],
    [
      () => adam("0.1" as never),
      'adam: options are an object such as { learningRate: …, weightDecay: … }, received "0.1".',
    ],
    [() => resolveOptimizer({ type: "adam", beta_1: 0.8 }), 'adam: there is no option "beta_1"; did you mean beta1?'],
    [() => sgd({ clipnorm: 1, clipvalue: 1 }), "sgd: choose one way of clipping, received clipnorm and clipvalue."],
  ])("wrong ones are refused (%#)", (make, message) => {
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message);
  });
});
