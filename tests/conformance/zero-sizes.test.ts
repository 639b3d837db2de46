/** Axes of size 0 are like any other: random equations over them give on every engine what the definition says. */
import { describe, expect, it } from "vitest";
import { type Equations, optimizations } from "../../src/compiler/compile.js";
import type { Engine } from "../../src/engines/engine.js";
import { referenceEngine } from "../../src/engines/reference/reference-engine.js";
import { createWasmEngine, wasmEngine } from "../../src/engines/wasm/wasm-engine.js";
import { differentiate, equal, input as node, sum, where } from "../../src/equations/index.js";
import {
  averagePooling1D,
  conv1D,
  dense,
  embedding,
  globalAveragePooling1D,
  gru,
  input,
  layerFromConfig,
  maxPooling1D,
} from "../../src/layers/index.js";
import { ctc, losses, reduceLoss, resolveLoss } from "../../src/losses/index.js";
import { model, sequential } from "../../src/models/index.js";
import { sizeOf } from "../../src/tensor/shape.js";
import { padSequences } from "../../src/text/index.js";
import { RandomGraph, ruleNames, type Value } from "./random-graph.js";
import { randomValues, runEquations } from "./run-equations.js";
import { type SampleLayer, sampleLayers, shapeOf } from "./sample-layers.js";

const engines = [
  ["the reference engine", { engine: referenceEngine }, 1e-9],
  ["the reference engine without passes", { engine: referenceEngine, without: optimizations }, 1e-9],
  ["the wasm engine", { engine: wasmEngine }, 1e-4],
  [
    "the wasm engine without BLAS and passes",
    { engine: createWasmEngine({ blas: false }), without: optimizations },
    1e-4,
  ],
] as const;

/** Equations of a seed: every value on the way, and the gradients of the sum of the last one's numbers. */
function randomEquations(seed: number, steps: number): { graph: RandomGraph; equations: Equations; values: Value[] } {
  const graph = new RandomGraph(seed);
  const values = graph.grow(steps);
  const names = Object.keys(graph.inputs).filter((name) => graph.inputs[name]!.dtype === "float");
  const last = values.at(-1)!.node;
  const gradients = differentiate(
    sum(where(equal(last, last), last, 0)),
    names.map((name) => graph.inputs[name]!),
  );
  const outputs = {
    ...Object.fromEntries(values.map(({ node }, i) => [`y${i}`, node])),
    ...Object.fromEntries(names.map((name, i) => [`d_${name}`, gradients[i]!])),
  };
  return { graph, values, equations: { name: `seed ${seed}`, inputs: graph.inputs, outputs } };
}

/** What differs between two results, in words; undefined where nothing does. */
function differing(got: readonly number[], wanted: readonly number[], tolerance: number): string | undefined {
  const close = (a: number, b: number) =>
    Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * (1 + Math.abs(b));
  if (got.length === wanted.length && got.every((value, i) => close(value, wanted[i]!))) return undefined;
  return `[${got.slice(0, 8)}] instead of [${wanted.slice(0, 8)}]`;
}

describe("equations with axes of size 0", () => {
  const graphs = Array.from({ length: 100 }, (_, i) => randomEquations(i + 1, 1 + (i % 5)));

  it("are many, and of every kind", () => {
    const shapes = graphs.map(({ values }) => values.map(({ node }) => node.shape));
    expect(shapes.filter((each) => each.some((shape) => shape.includes(0))).length).toBeGreaterThan(50);
    for (const name of ruleNames) {
      const of = Array.from({ length: 8 }, (_, i) => new RandomGraph(i).grow(3, [name]));
      expect(
        of.flat().some(({ node }) => node.shape.includes(0)),
        name,
      ).toBe(true);
    }
  });

  it.each(engines)("give on %s what the definition says", async (_, options, tolerance) => {
    for (const { graph, equations, values } of graphs) {
      const result = await runEquations(equations, graph.values, options);
      values.forEach(({ data, node }, i) => {
        const made = `${equations.name}, y${i}, ${node.op.name} [${node.shape}]`;
        expect(differing(result[`y${i}`]!, data, tolerance), made).toBeUndefined();
      });
      const plainly = await runEquations(equations, graph.values, { without: optimizations });
      for (const name of Object.keys(result).filter((key) => key.startsWith("d_"))) {
        expect(differing(result[name]!, plainly[name]!, tolerance), `${equations.name}, ${name}`).toBeUndefined();
      }
    }
  });

  it("are what each operation by itself gives", async () => {
    for (const name of ruleNames) {
      for (let seed = 1; seed <= 6; seed++) {
        const graph = new RandomGraph(seed);
        const values = graph.grow(1, [name]);
        const outputs = Object.fromEntries(values.map(({ node }, i) => [`y${i}`, node]));
        for (const [title, options, tolerance] of engines) {
          const result = await runEquations({ name, inputs: graph.inputs, outputs }, graph.values, options);
          values.forEach(({ data }, i) => {
            expect(differing(result[`y${i}`]!, data, tolerance), `${name} ${seed} on ${title}`).toBeUndefined();
          });
        }
      }
    }
  });
});

/** A model of the layer alone, and its inputs of sequences without a step. */
function emptySequences({ layer, inputs }: SampleLayer, engine: Engine) {
  const ports = inputs.map((kind) => (kind === "same" ? undefined : input({ shape: shapeOf(kind) })));
  const read = ports.map((port) => port ?? ports[0]!);
  const net = model(
    { inputs: ports.filter((port) => port !== undefined), outputs: [...layerFromConfig(layer.config).apply(read)] },
    { engine, seed: 1 },
  );
  const x = inputs.flatMap((kind, i) => {
    if (kind === "same") return [];
    const shape = [2, ...shapeOf(kind).map((axis) => axis ?? 0)];
    return [{ data: Float32Array.from(randomValues(sizeOf(shape), i + 1)), shape }];
  });
  return { net, x };
}

describe("sequences without a step", () => {
  const needing = ["MaxPooling1D", "AveragePooling1D", "Conv1D"];
  const sequences = sampleLayers.filter(
    ([, { layer, inputs }]) =>
      inputs.some((kind) => kind === "sequence" || kind === "ids") &&
      !(needing.includes(layer.type) && layer.config.padding === "valid") &&
      !(layer.type === "LayerNormalization" && Array.isArray(layer.config.axis)),
  );

  it.each(sequences)("are data for %s", async (_, sample) => {
    const [specified, fast] = await Promise.all(
      [referenceEngine, wasmEngine].map((engine) => {
        const { net, x } = emptySequences(sample, engine);
        return net.predictAll(x);
      }),
    );
    specified!.forEach(({ data, shape }, i) => {
      expect(data.length).toBe(sizeOf(shape));
      expect([...data].every(Number.isFinite)).toBe(true);
      expect(fast![i]!.shape).toEqual(shape);
      expect(differing([...fast![i]!.data], [...data], 1e-5)).toBeUndefined();
    });
  });

  it("give what sequences of padding alone give", async () => {
    const net = sequential([embedding(6, 3, { maskZero: true }), gru(3), dense(2)], { seed: 1 });
    const padding = await net.predict([[0, 0]]);
    expect([...(await net.predict(padSequences([[], []]))).data]).toEqual([...padding.data, ...padding.data]);
  });

  it("come back from a model that pools them", { timeout: 5000 }, async () => {
    const net = sequential([embedding(6, 3), globalAveragePooling1D(), dense(1)], { seed: 1 });
    const { data, shape } = await net.predict(padSequences([[], []]));
    expect([shape, ...data]).toEqual([[2, 1], 0, 0]);
  });

  it.each([
    ["convolution", conv1D(4, 3)],
    ["maximum", maxPooling1D()],
    ["mean", averagePooling1D({ poolSize: 3, strides: 1 })],
  ])("are refused by a %s whose windows must lie inside, and so are those too short for one", async (_, layer) => {
    const net = sequential([embedding(6, 3), layer, globalAveragePooling1D(), dense(1)], { seed: 1 });
    net.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    for (const x of [padSequences([[], []]), padSequences([[1], [2]])]) {
      const message =
        /^\w+ "\w+" expects at least [23] along axis 1, received \[(2|null), [01], 3\]\. Use a smaller window/;
      await expect(net.predict(x)).rejects.toThrow(message);
      await expect(net.fit(x, [[1], [2]], { verbose: 0 })).rejects.toThrow(message);
    }
  });

  it("train what does not depend on their steps", async () => {
    const run = async (engine: Engine) => {
      const net = sequential([embedding(6, 3), gru(3), dense(1)], { seed: 1, engine });
      net.compile({ optimizer: "sgd", loss: "meanSquaredError" });
      const x = padSequences([[], []]);
      const { history } = await net.fit(x, [[1], [2]], { epochs: 2, verbose: 0, seed: 1 });
      return [...history.loss!, (await net.evaluate(x, [[1], [2]])).loss!];
    };
    const [specified, fast] = [await run(referenceEngine), await run(wasmEngine)];
    expect(specified[0]).toBe(2.5);
    expect(specified[1]).toBeLessThan(2.5);
    expect(differing(fast, specified, 1e-5)).toBeUndefined();
  });

  it.each(Object.keys(losses).filter((name) => !["ctc", "crfLoss"].includes(name)))(
    "cost nothing by %s where each step has a target",
    async (name) => {
      const loss = resolveLoss(name);
      const [B, C] = [2, 3];
      const prediction = [0, B, C];
      const yPred = node("yPred", prediction);
      const yTrue = node(
        "yTrue",
        loss.targetShape(prediction).map((axis) => axis ?? 0),
        loss.targets,
      );
      const outputs = { loss: reduceLoss(loss.perSample(yTrue, yPred)) };
      const inputs = { yPred, yTrue };
      for (const engine of [referenceEngine, wasmEngine]) {
        const result = await runEquations({ name, inputs, outputs }, { yPred: [], yTrue: [] }, { engine });
        expect(result.loss).toEqual([0]);
      }
    },
  );
});

it.each([0, 3])("a ctc loss of no labels is that of padding alone, over %i steps", async (steps) => {
  const [yPred, none, padding] = [
    node("yPred", [steps, 2, 4]),
    node("none", [0, 2], "int"),
    node("padding", [2, 2], "int"),
  ];
  const outputs = { none: ctc().perSample(none, yPred), padding: ctc().perSample(padding, yPred) };
  const values = { yPred: randomValues(steps * 8, 1), none: [], padding: new Array(4).fill(0) };
  for (const engine of [referenceEngine, wasmEngine]) {
    const loss = await runEquations({ name: "ctc", inputs: { yPred, none, padding }, outputs }, values, { engine });
    expect(loss.none).toEqual(loss.padding);
    expect(loss.none!.every((value) => (steps === 0 ? value === 0 : value > 0))).toBe(true);
  }
});

describe("no examples at all", () => {
  const nothing = (...shape: number[]) => ({ data: new Float32Array(0), shape });
  const net = sequential([gru(3, { inputShape: [null, 2] }), dense(1)], { seed: 1 });
  net.compile({ optimizer: "sgd", loss: "meanSquaredError" });

  it.each([
    ["fit", () => net.fit(nothing(0, 3, 2), nothing(0, 1), { verbose: 0 })],
    [
      "fit, of its validation data",
      () => net.fit([[[1, 2]]], [[1]], { verbose: 0, validationData: [nothing(0, 3, 2), nothing(0, 1)] }),
    ],
    ["evaluate", () => net.evaluate(nothing(0, 3, 2), nothing(0, 1))],
    ["predict", () => net.predict(nothing(0, 3, 2))],
    ["predictOnBatch", () => net.predictOnBatch(nothing(0, 3, 2))],
    ["trainOnBatch", () => net.trainOnBatch(nothing(0, 3, 2), nothing(0, 1))],
    ["run", () => net.run(nothing(0, 3, 2))],
  ])("are refused by %s", async (_, call) => {
    await expect(call()).rejects.toThrow(/^(validationData )?x: there are no examples/);
  });
});

it("a sequence without features is refused where the weights are made", async () => {
  const net = sequential([gru(3), dense(1)], { seed: 1 });
  await expect(net.predict({ data: new Float32Array(0), shape: [2, 3, 0] })).rejects.toThrow(
    'GRU "gru" needs at least one of its features, but its input is [null, 3, 0]: axis 2 has size 0.',
  );
});
