/**
 * A cell that Tavali does not know is treated like those it does: its gradient is derived and right, its step is fused, it runs on
 * threads, and it is saved, loaded, explained, stacked and read both ways. The cell is that of docs/your-own-cell.md.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cells, defineCell, gruCell, lstmCell, simpleRNNCell } from "../../src/cells/index.js";
import { compile } from "../../src/compiler/compile.js";
import type { Engine } from "../../src/engines/engine.js";
import { createWasmEngine, referenceEngine, wasmEngine } from "../../src/engines/index.js";
import {
  add,
  differentiate,
  explain,
  input,
  matmul,
  mul,
  sub,
  sum,
  tanh,
  variable,
} from "../../src/equations/index.js";
import { ConfigError } from "../../src/errors.js";
import { modelFromBytes, modelToBytes } from "../../src/formats/index.js";
import { bidirectional, dense, type Layer, masking, rnn } from "../../src/layers/index.js";
import { sequential } from "../../src/models/index.js";
import { mguCell } from "./mgu-cell.js";
import { checkGradient, expectClose } from "./run-equations.js";
import { lossEquations, randomNested, traceLayer } from "./trace-layer.js";

const [B, T, F, U] = [3, 5, 2, 4];
const x = randomNested([B, T, F], 1);
const mask = [
  [1, 1, 1, 0, 0],
  [0, 1, 0, 1, 1],
  [0, 0, 0, 0, 0],
];
const sequences = { returnSequences: true, returnState: true };

describe("the minimal gated unit", () => {
  const page = readFileSync(new URL("../../docs/your-own-cell.md", import.meta.url), "utf8");
  const source = readFileSync(new URL("./mgu-cell.ts", import.meta.url), "utf8");

  it("is the cell of the page, fifteen lines inside defineCell", () => {
    const equations = source.slice(source.indexOf("export const mguCell")).replace("export ", "");
    expect(page).toContain(equations.trim());
    expect(equations.trim().split("\n")).toHaveLength(15 + 2);
  });

  it.each<[string, Layer]>([
    ["by itself", rnn(mguCell, U, { returnState: true })],
    ["at every step, backwards", rnn(mguCell, U, { ...sequences, goBackwards: true })],
    ["from a learned state", rnn(mguCell, U, { initialState: "learned" })],
    ["above and below other cells", rnn([mguCell, lstmCell, mguCell], [U, 3, 2], sequences)],
    ["both ways", bidirectional(rnn(mguCell, U, sequences))],
    ["both ways in a stack", bidirectional(rnn([simpleRNNCell, mguCell], [3, U], sequences), { mergeMode: "mul" })],
  ])("has the gradient that finite differences measure, %s", async (_, layer) => {
    for (const given of [{ x }, { x, mask }]) {
      const traced = traceLayer(layer, given);
      const coefficients = traced.outputs.map(({ shape }, i) => randomNested(shape, 20 + i));
      const { loss } = lossEquations(traced, coefficients, []);
      await checkGradient(traced.inputs, loss, traced.values);
    }
  });

  it("explains itself", () => {
    expect(explain(mguCell)).toBe(
      [
        "f(t)     = σ(x(t)·W_f + h(t−1)·R_f + b_f)",
        "g(t)     = tanh(x(t)·W_g + (f(t) ⊙ h(t−1))·R_g + b_g)",
        "h(t)     = (1 − f(t)) ⊙ h(t−1) + f(t) ⊙ g(t)",
        "",
        "δ_h(t)   = ∂J/∂h(t) + f(t+1) ⊙ (δ_g(t+1)·R_gᵀ) + (1 − f(t+1)) ⊙ δ_h(t+1) + δ_f(t+1)·R_fᵀ",
        "δ_g(t)   = (1 − g(t)²) ⊙ f(t) ⊙ δ_h(t)",
        "δ_f(t)   = f(t) ⊙ (1 − f(t)) ⊙ (g(t) ⊙ δ_h(t) + h(t−1) ⊙ (δ_g(t)·R_gᵀ) − h(t−1) ⊙ δ_h(t))",
        "∂J/∂W_k  = Σₜ x(t)ᵀ·δ_k(t)   (k = f, g)",
        "∂J/∂R_f  = Σₜ h(t−1)ᵀ·δ_f(t)",
        "∂J/∂R_g  = Σₜ (f(t) ⊙ h(t−1))ᵀ·δ_g(t)",
        "∂J/∂b_k  = Σₜ δ_k(t)   (k = f, g)",
        "∂J/∂x(t) = δ_g(t)·W_gᵀ + δ_f(t)·W_fᵀ",
        "∂J/∂h(0) = f(1) ⊙ (δ_g(1)·R_gᵀ) + (1 − f(1)) ⊙ δ_h(1) + δ_f(1)·R_fᵀ",
      ].join("\n"),
    );
  });
});

describe("a training step of it", () => {
  const layer = rnn(mguCell, U);
  const inputs = { x: input("x", [T, B, F]) };
  const weights = layer.parameters([B, T, F]).map(({ name, shape }) => variable(name, shape));
  const [output] = layer.call([{ node: inputs.x, timeMajor: true }], {
    training: false,
    parameter: (name) => weights.find((weight) => weight.name === name)!,
    seed: input("seed", [], "int"),
    nextStream: () => 0,
  });
  const loss = sum(mul(output.node, output.node));
  const gradients = differentiate(loss, weights);
  const program = compile({
    name: "step",
    inputs,
    outputs: { loss },
    updates: weights.map((weight, i) => [weight, sub(weight, gradients[i]!)]),
  });
  const [forward, backward] = program.instructions.filter((instruction) => instruction.kind === "loop");

  it("has one kernel behind each product with the state, and nothing else in its forward loop", () => {
    expect(forward!.body.map(({ kind }) => kind)).toEqual(["matmul", "map", "matmul", "map"]);
  });

  it("has two products per step in its backward loop, and a kernel before, between and behind them", () => {
    expect(backward!.body.map(({ kind }) => kind)).toEqual(["map", "matmul", "map", "matmul", "map"]);
  });

  it("has its input's products for all steps at once, outside the loops", () => {
    const products = program.instructions.filter((instruction) => instruction.kind === "matmul");
    expect(products.slice(0, 2).map(({ m, k, n }) => [m, k, n])).toEqual([
      [T * B, F, U],
      [T * B, F, U],
    ]);
  });
});

const rows = randomNested([12, T, F], 3) as number[][][];
const labels = rows.map((_, i) => [i % 2]);

function classifier(engine: Engine, threads = 1) {
  const layers = [
    masking({ inputShape: [null, F] }),
    bidirectional(rnn([mguCell, lstmCell], [U, 3], { returnSequences: true })),
    rnn(mguCell, U, { dropout: 0.2 }),
    dense(1, { activation: "sigmoid" }),
  ];
  return sequential(layers, { seed: 3, engine, threads }).compile({
    loss: "binaryCrossentropy",
    optimizer: "adam",
  });
}

describe("a model with it", () => {
  it("trains to the same numbers on one thread and on two", async () => {
    const train = async (engine: Engine, threads: number) => {
      const model = classifier(engine, threads);
      // Noise is drawn by position in the batch, which shards cut.
      const { history } = await model.fit(rows, labels, { epochs: 3, batchSize: 12, shuffle: false, verbose: 0 });
      return [...history.loss!, ...model.getWeights().flatMap(({ data }) => [...data])];
    };
    const threaded = createWasmEngine({ threads: 2 });
    expectClose(await train(threaded, 2), await train(threaded, 1), 3e-5);
    expectClose(await train(referenceEngine, 2), await train(referenceEngine, 1), 1e-10);
  });

  it("is saved by the cell's name, and loaded when the cell is given", async () => {
    const model = classifier(wasmEngine);
    await model.fit(rows, labels, { epochs: 1, verbose: 0 });
    const bytes = await modelToBytes(model);
    const { model: loaded } = await modelFromBytes(bytes, "gated.tavali", { cells: { mgu: mguCell } });
    expect(loaded.toConfig()).toEqual(model.toConfig());
    expect(loaded.getWeights()).toEqual(model.getWeights());
    expect(await modelToBytes(loaded)).toEqual(bytes);
  });

  it("is named in the error if it is not passed", async () => {
    const bytes = await modelToBytes(classifier(wasmEngine));
    await expect(modelFromBytes(bytes, "gated.tavali")).rejects.toThrow(
      `gated.tavali: the model in it is not valid here: Unknown cell "mgu". Known are ${Object.keys(cells).join(", ")}; give a ` +
        'custom one itself, or when you load the model: loadModel(path, { cells: { "mgu": … } }).',
    );
  });
});

describe("cells in files", () => {
  const leaky = (name: string) =>
    defineCell({
      name,
      options: { leak: 0.1, activation: tanh },
      parameters: ({ features, units }) => ({ kernel: { shape: [features, units], initializer: "normal" } }),
      state: ({ units }) => ({ h: [units] }),
      step: ({ x, h }, { kernel }, { leak, activation }) => {
        const next = add(mul(1 - leak, h), mul(leak, activation(matmul(x, kernel))));
        return { output: next, h: next };
      },
    });
  const roundTrip = async (layer: Layer, custom = {}) => {
    const model = sequential([layer], { seed: 1, engine: referenceEngine });
    const { model: loaded } = await modelFromBytes(await modelToBytes(model), "m.tavali", custom);
    const [before, after] = [await model.predict(rows), await loaded.predict(rows)];
    expectClose(after.data, before.data, 1e-6);
    return loaded.layers[0]!.config;
  };

  it("that are built in need not be given, alone or stacked, with whatever options", async () => {
    const options = { inputShape: [null, F], cellOptions: [{ activation: "relu" }, { resetAfter: false }] };
    const config = await roundTrip(rnn([lstmCell, gruCell], [U, 3], options));
    expect(config.cell).toEqual(["lstm", "gru"]);
    expect(config.cellOptions).toEqual([
      { activation: "relu", recurrentActivation: "sigmoid", useBias: true, unitForgetBias: true },
      { activation: "tanh", recurrentActivation: "sigmoid", useBias: true, resetAfter: false },
    ]);
    await roundTrip(rnn(simpleRNNCell, U, { inputShape: [null, F], cellOptions: { useBias: false } }));
  });

  it("come back with the options they were given; activations by name", async () => {
    const cell = leaky("leaky");
    const layer = rnn(cell, U, { inputShape: [null, F], cellOptions: { leak: 0.7, activation: "sigmoid" } });
    const config = await roundTrip(layer, { cells: { leaky: cell } });
    expect(config.cellOptions).toEqual({ leak: 0.7, activation: "sigmoid" });
  });

  it("cannot be written with an activation that has no name", async () => {
    const layer = rnn(leaky("leaky"), U, { inputShape: [null, F], cellOptions: { activation: (z) => mul(z, z) } });
    await expect(modelToBytes(sequential([layer]))).rejects.toThrow(/cellOptions.activation: JSON cannot hold/);
  });

  it("may not have the name of a built-in one", () => {
    expect(() => rnn(leaky("lstm"), U)).toThrow(ConfigError);
    expect(() => rnn(leaky("lstm"), U)).toThrow('"lstm" is the name of a built-in cell');
  });
});
