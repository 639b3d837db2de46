/** The terms add up to the gradient that trains, and ∂J/∂h(t) is what finite differences say, for every kind of recurrence. */
import { describe, expect, it } from "vitest";
import { expectClose, randomValues } from "../../tests/conformance/run-equations.js";
import { defineCell, gruCell, lstmCell } from "../cells/index.js";
import { type Engine, referenceEngine } from "../engines/index.js";
import { add, matmul, named, tanh } from "../equations/index.js";
import { StateError } from "../errors.js";
import {
  bidirectional,
  dense,
  embedding,
  globalAveragePooling1D,
  gru,
  input,
  type Layer,
  lstm,
  rnn,
  simpleRNN,
} from "../layers/index.js";
import { model as functional, sequential } from "../models/index.js";
import { sgd } from "../optimizers/index.js";
import { type Tensor, tensor } from "../tensor/tensor.js";
import { inspect } from "./inspect.js";
import type { LayerInspection, WeightInspection } from "./inspection.js";

const [B, T, F] = [3, 5, 2];
const x = tensor(Float64Array.from(randomValues(B * T * F, 1)), [B, T, F]);
const y = tensor(Float64Array.from(randomValues(B, 2)), [B, 1]);
const ids = tensor(Int32Array.from([1, 4, 2, 0, 0, 3, 3, 1, 2, 0, 0, 1, 0, 4, 2]), [B, T]);

function modelOf(layers: readonly Layer[]) {
  return sequential(layers, { engine: referenceEngine, seed: 4 }).compile({
    optimizer: sgd({ learningRate: 1 }),
    loss: "meanSquaredError",
  });
}

/** A state that the input pushes by itself: with an identity as its kernel, ∂J/∂x(t) is ∂J/∂h(t). */
const pushed = defineCell({
  name: "pushed",
  options: {},
  parameters: ({ features, units }) => ({
    kernel: { shape: [features, units], initializer: "glorotUniform" },
    recurrentKernel: { shape: [units, units], initializer: "orthogonal" },
  }),
  state: ({ units }) => ({ h: [units] }),
  step: ({ x, h }, { kernel, recurrentKernel }) => {
    const half = named("half", tanh(matmul(h, recurrentKernel)));
    const next = add(half, matmul(x, kernel));
    return { output: next, h: next };
  },
});

const steps = { returnSequences: true } as const;
const cases: [string, Layer[], string[]][] = [
  ["simpleRNN", [simpleRNN(4)], ["simple_rnn"]],
  ["lstm", [lstm(4)], ["lstm"]],
  ["gru", [gru(4)], ["gru"]],
  ["gru without resetAfter", [gru(4, { resetAfter: false })], ["gru"]],
  ["a learned initial state", [simpleRNN(4, { initialState: "learned" })], ["simple_rnn"]],
  ["reading backwards", [lstm(4, { goBackwards: true })], ["lstm"]],
  ["a custom cell", [rnn(pushed, 2)], ["rnn"]],
  ["stacked layers", [gru(3, steps), lstm(4)], ["gru", "lstm"]],
  ["stacked cells", [rnn([lstmCell, lstmCell, gruCell], [4, 4, 3])], ["rnn"]],
  [
    "bidirectional",
    [bidirectional(lstm(4, steps)), simpleRNN(3)],
    ["bidirectional/forward", "bidirectional/backward", "simple_rnn"],
  ],
  [
    "truncated",
    [simpleRNN(4, { ...steps, truncation: { window: 3, stride: 2 } }), globalAveragePooling1D()],
    ["simple_rnn"],
  ],
];

describe("inspect", () => {
  it("reads each output of the engine once for any number of steps", async () => {
    for (const length of [3, 40]) {
      let reads = 0;
      const counting: Engine = {
        ...referenceEngine,
        createDevice() {
          const device = referenceEngine.createDevice();
          const load = device.load.bind(device);
          device.load = async (program, options) => {
            const executable = await load(program, options);
            const output = executable.output.bind(executable);
            executable.output = (name, into) => {
              reads++;
              return output(name, into);
            };
            return executable;
          };
          return device;
        },
      };
      const model = sequential([simpleRNN(2, { inputShape: [null, 1] })], { seed: 1 });
      model.compile({ loss: "meanSquaredError" });
      const ones = { data: new Float32Array(length).fill(1), shape: [1, length, 1] };
      await inspect(model, ones, [[0, 0]], { engine: counting });
      expect(reads).toBeLessThan(20);
    }
  });

  it.each(cases)("%s: the steps' terms add up to the gradient that trains", async (_, layers, names) => {
    const model = modelOf([...layers, dense(1)]).build([null, T, F]);
    const { loss, layers: found } = await inspect(model, x, y, { terms: true });
    expect(found.map(({ name }) => name)).toEqual(names);
    const before = model.getWeights();
    const logs = await model.trainOnBatch(x, y);
    expect(loss).toBeCloseTo(logs.loss!, 14);
    const trained = model
      .getWeights()
      .map(({ data }, i) => Array.from(data, (value, k) => before[i]!.data[k]! - value));
    const recurrent = found.flatMap(({ weights }) => Object.values(weights));
    expect(recurrent).toHaveLength(trained.length - 2);
    for (const [i, { gradient, norms, shares, terms }] of recurrent.entries()) {
      expectClose(gradient.data, trained[i]!, 1e-14, "gradient");
      const size = gradient.data.length;
      const sums = Array.from({ length: size }, (_, k) =>
        norms.reduce((sum, _, t) => sum + terms!.data[t * size + k]!, 0),
      );
      expectClose(sums, trained[i]!, 1e-14, "sum of the terms");
      expect(terms!.shape).toEqual([T, ...gradient.shape]);
      expectClose(
        norms,
        norms.map((_, t) => Math.hypot(...terms!.data.slice(t * size, (t + 1) * size))),
        1e-14,
      );
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    }
  });

  it.each([
    ["at the end", {}, y],
    ["at every step", steps, tensor(Float64Array.from(randomValues(B * T, 3)), [B, T, 1])],
  ])("∂J/∂h(t) is what finite differences say: loss %s", async (kind, options, targets) => {
    const model = modelOf([rnn(pushed, 2, options as object), dense(1)]).build([null, T, F]);
    const identity = { data: Float64Array.of(1, 0, 0, 1), shape: [2, 2] };
    model.setWeights(model.getWeights().map((weight, i) => (i === 0 ? identity : weight)));
    const { layers, stepLosses, loss } = await inspect(model, x, targets);
    const { states, gates } = layers[0]!;
    const { gradients, gradientNorms, throughTimeNorms } = states.h!;
    const lossAt = async (i: number, by: number) => {
      const data = Float64Array.from(x.data, (value, k) => (k === i ? value + by : value));
      return (await model.evaluate({ data, shape: x.shape }, targets)).loss!;
    };
    const numeric: number[] = [];
    for (let i = 0; i < x.data.length; i++) numeric.push(((await lossAt(i, 1e-5)) - (await lossAt(i, -1e-5))) / 2e-5);
    expectClose(gradients.data, numeric, 1e-9);
    const norms = gradientNorms.map((_, t) => Math.hypot(...numeric.filter((_, i) => Math.floor(i / F) % T === t)));
    expectClose(gradientNorms, norms, 1e-9);
    expect(throughTimeNorms.at(-1)).toBe(0);
    if (kind === "at the end") expectClose(throughTimeNorms.slice(0, -1), norms.slice(0, -1), 1e-9);
    else expect(stepLosses!.reduce((sum, value) => sum + value, 0) / T).toBeCloseTo(loss, 14);
    expect(Object.keys(gates)).toEqual(["half"]);
  });

  it("shows where truncation cuts, and cuts there", async () => {
    const layer = (truncation?: object) => [simpleRNN(4, { ...steps, truncation } as object), dense(1)];
    const targets = tensor(Float64Array.from(randomValues(B * T, 3)), [B, T, 1]);
    const cut = modelOf(layer({ window: 2, stride: 2 })).build([null, T, F]);
    const [{ truncation, states }] = (await inspect(cut, x, targets)).layers as [LayerInspection];
    expect(truncation).toEqual({ window: 2, stride: 2, cuts: [2, 4] });
    expect(states.h!.throughTimeNorms.map((norm) => norm > 0)).toEqual([true, false, true, false, false]);
    const free = modelOf(layer()).build([null, T, F]);
    expect(await inspect(free, x, targets, { truncate: { window: 2 } })).toEqual(await inspect(cut, x, targets));
    const overlapping = modelOf(layer({ window: 3, stride: 2 })).build([null, T, F]);
    expect((await inspect(overlapping, x, targets)).layers[0]!.truncation!.cuts).toEqual([1, 3]);
  });

  it("gives states as the layer returns them, gates in 0 … 1, and what they make", async () => {
    const model = modelOf([lstm(4, steps), lstm(3), dense(1)]).build([null, T, F]);
    const { layers } = await inspect(model, x, y);
    const states = await sequential([lstm(4, { ...steps, inputShape: [T, F] })], { engine: referenceEngine });
    states.setWeights(model.getWeights().slice(0, 3));
    const {
      gates,
      states: { h, c },
    } = layers[0]!;
    expectClose(h!.values.data, (await states.predict(x)).data, 1e-15);
    expect(Object.keys(gates)).toEqual(["inputGate", "forgetGate", "candidate", "outputGate"]);
    const expected = Array.from(h!.values.data, (_, i) => gates.outputGate!.data[i]! * Math.tanh(c!.values.data[i]!));
    expectClose(h!.values.data, expected, 1e-15);
  });

  it("names gates of stacked cells from the bottom, and finds recurrent kernels only", async () => {
    const model = modelOf([rnn([lstmCell, lstmCell], [4, 4]), dense(1)]).build([null, T, F]);
    const [layer] = (await inspect(model, x, y)).layers;
    expect(Object.keys(layer!.states)).toEqual(["h1", "c1", "h2", "c2"]);
    expect(Object.keys(layer!.gates).slice(0, 5)).toEqual([
      "inputGate1",
      "forgetGate1",
      "candidate1",
      "outputGate1",
      "inputGate2",
    ]);
    expect(layer!.recurrentKernels.map(({ weight }) => weight)).toEqual(["recurrent_kernel1", "recurrent_kernel2"]);
  });

  it.each([
    [simpleRNN(4), ["recurrent_kernel"]],
    [lstm(4), ["inputGate", "forgetGate", "candidate", "outputGate"]],
    [gru(4), ["updateGate", "resetGate", "candidate"]],
    [gru(4, { resetAfter: false }), ["updateGate", "resetGate", "candidate"]],
  ])("the recurrent kernel's blocks have the names of the gates (%#)", async (layer, names) => {
    const model = modelOf([layer, dense(1)]).build([null, T, F]);
    const weights = model.getWeights();
    // Block i is (i + 1) times a rotation.
    const columns = 4 * names.length;
    const rotation = Float64Array.from({ length: 4 * columns }, (_, k) => {
      const [row, column] = [Math.floor(k / columns), k % columns];
      return (row + 1) % 4 === column % 4 ? Math.floor(column / 4) + 1 : 0;
    });
    model.setWeights(weights.map((weight, i) => (i === 1 ? { ...weight, data: rotation } : weight)));
    const { blocks } = (await inspect(model, x, y)).layers[0]!.recurrentKernels[0]!;
    expect(blocks.map(({ name }) => name)).toEqual(names);
    expectClose(
      blocks.map(({ spectralRadius }) => spectralRadius),
      names.map((_, i) => i + 1),
      1e-12,
    );
  });

  it.each([simpleRNN(4), lstm(4), gru(4), bidirectional(gru(4)), rnn([gruCell, lstmCell], [4, 3])])(
    "shows padding as such, and nothing depends on it (%#)",
    async (layer) => {
      const model = modelOf([embedding(5, 3, { maskZero: true }), layer, dense(1)]).build([null, null]);
      const wider = tensor(
        Int32Array.from({ length: B * 8 }, (_, i) => (i % 8 < T ? ids.data[Math.floor(i / 8) * T + (i % 8)]! : 0)),
        [B, 8],
      );
      const [short, long] = [(await inspect(model, ids, y)).layers, (await inspect(model, wider, y)).layers];
      for (const [k, { mask, states, weights, diagnosis }] of short.entries()) {
        expect([...mask!.data]).toEqual(Array.from(ids.data, (id) => (id === 0 ? 0 : 1)));
        const other = long[k]!;
        expect(other.mask!.shape).toEqual([B, 8]);
        expect(other.diagnosis.perStep).toBeCloseTo(diagnosis.perStep, 10);
        for (const [name, weight] of Object.entries(weights)) {
          expectClose(other.weights[name]!.gradient.data, weight.gradient.data, 1e-12);
          expectClose(other.weights[name]!.norms.slice(0, T), weight.norms, 1e-12);
          expectClose(other.weights[name]!.norms.slice(T), [0, 0, 0], 1e-12);
        }
        for (const [name, { gradientNorms }] of Object.entries(states))
          expectClose(other.states[name]!.gradientNorms.slice(0, T - 1), gradientNorms.slice(0, T - 1), 1e-12);
      }
    },
  );

  it("finds a shared layer each time it runs; the parts of both runs sum to 1", async () => {
    const [a, b] = [input({ shape: [T, F] }), input({ shape: [T, F] })];
    const read = gru(3);
    const outputs = [dense(1).apply(read.apply(a)), dense(1).apply(read.apply(b))];
    const both = functional({ inputs: [a, b], outputs }, { engine: referenceEngine, seed: 1 });
    both.compile({ optimizer: sgd({ learningRate: 1 }), loss: "meanSquaredError" });
    const { layers } = await inspect(both, [x, { ...x, data: x.data.map((value) => -value) }], [y, y], { terms: true });
    expect(layers.map(({ name }) => name)).toEqual(["gru", "gru (2)"]);
    const [first, second] = layers.map(({ weights }) => weights.recurrent_kernel!) as [
      WeightInspection,
      WeightInspection,
    ];
    const sum = (terms: Tensor, k: number) => first.norms.reduce((all, _, t) => all + terms.data[t * 27 + k]!, 0);
    const whole = Array.from({ length: 27 }, (_, k) => sum(first.terms!, k) + sum(second.terms!, k));
    expectClose(whole, first.gradient.data, 1e-14);
    expect([...first.shares, ...second.shares].reduce((all, share) => all + share, 0)).toBeCloseTo(1, 12);
  });

  it("refuses a model without recurrence, and one that is not compiled", async () => {
    const still = modelOf([globalAveragePooling1D(), dense(1)]).build([null, T, F]);
    await expect(inspect(still, x, y)).rejects.toThrow("no recurrent layer");
    await expect(inspect(sequential([lstm(4), dense(1)]), x, y)).rejects.toThrow(StateError);
  });
});
