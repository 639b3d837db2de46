/**
 * The first promise, of every layer in the list by itself: it refuses a mask, or no result depends on padding. Random sequences go through
 * the layer twice: each by itself, without padding and without a mask, and all in one batch, with padding of random content before, after and
 * between their steps, and beside one that is all padding. Outputs at valid steps and outputs without time must agree, and so must the
 * gradients of weights, states and inputs; at padding an input's gradient is 0.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile, type Equations } from "../../src/compiler/compile.js";
import type { Engine } from "../../src/engines/engine.js";
import { referenceEngine } from "../../src/engines/reference/reference-engine.js";
import { wasmEngine } from "../../src/engines/wasm/wasm-engine.js";
import { add, constant, differentiate, mul, type Node, sum, transpose, where } from "../../src/equations/index.js";
import { ConfigError, ShapeError } from "../../src/errors.js";
import {
  batchMajor,
  globalAveragePooling1D,
  input,
  type Layer,
  layerTypes,
  masking,
  reshape,
  type Signal,
  timeDistributed,
  timeMajor,
} from "../../src/layers/index.js";
import { maskForRank } from "../../src/layers/mask.js";
import { model } from "../../src/models/index.js";
import { Random } from "../../src/tensor/random.js";
import type { Tensor } from "../../src/tensor/tensor.js";
import { expectClose, randomValues } from "./run-equations.js";
import {
  ownInputs,
  type SampleInput,
  type SampleLayer,
  sampleLayers,
  samplesOf,
  shapeOf,
  sizes,
} from "./sample-layers.js";
import { traceLayer } from "./trace-layer.js";

/** What one example gives one input: numbers at each step; for an input without time, at one. */
type Sequence = readonly (readonly number[])[];
/** Sequences of an input laid out in a batch: for each, the steps at which its own stand. */
interface Layout {
  readonly steps: readonly (readonly number[])[];
  readonly time: number;
}
/** For each input that has time: its layout. */
type Layouts = Readonly<Partial<Record<"main" | "other", Layout>>>;
type Side = "left" | "right" | "anywhere";

const timeOf = (kind: SampleInput): "main" | "other" | undefined =>
  kind === "other" ? "other" : shapeOf(kind)[0] === null ? "main" : undefined;
/** For each given input the sequences of the examples. */
function draw(sample: SampleLayer, lengths: readonly number[], seed: number): Sequence[][] {
  const random = new Random(seed);
  const numbers = (kind: SampleInput) =>
    kind === "ids"
      ? [1 + random.integer(sizes.ids - 1)]
      : Array.from({ length: shapeOf(kind).at(-1)! }, () => 2 * random.uniform() - 1);
  return ownInputs(sample).own.map((kind) =>
    lengths.map((length, i) => {
      // Another sequence has a length of its own; where the batch's last is all padding, so may it be.
      const steps = { main: length, other: (2 * length + i + 1) % 4 };
      const time = timeOf(kind);
      return Array.from({ length: time ? steps[time] : 1 }, () => numbers(kind));
    }),
  );
}

function layOut(lengths: readonly number[], side: Side, gaps: boolean, extra: number, random: Random): Layout {
  const time = Math.max(1, ...lengths) + extra;
  const steps = lengths.map((length) => {
    if (side === "anywhere" && gaps) {
      return [...random.permutation(time).slice(0, length)].sort((a, b) => a - b);
    }
    const start = { left: time - length, right: 0, anywhere: random.integer(time - length + 1) }[side];
    return Array.from({ length }, (_, t) => start + t);
  });
  return { steps, time };
}

const lengthsOf = (sequences: readonly Sequence[]) => sequences.map(({ length }) => length);

/** The layouts of a batch. */
function layouts(sample: SampleLayer, data: readonly Sequence[][], side: Side, extra: number, seed: number): Layouts {
  const random = new Random(seed);
  const kinds = ownInputs(sample).own;
  const entries = (["main", "other"] as const).flatMap((time) => {
    const i = kinds.findIndex((kind) => timeOf(kind) === time);
    return i === -1 ? [] : [[time, layOut(lengthsOf(data[i]!), side, sample.mask === "anywhere", extra, random)]];
  });
  return Object.fromEntries(entries);
}

/** An input's numbers in a batch, [B, T, …] or [B, …]; padding has random content. */
function nested(kind: SampleInput, sequences: readonly Sequence[], layout: Layout | undefined, random: Random) {
  const flat = (numbers: readonly number[]) => (kind === "ids" ? numbers[0]! : [...numbers]);
  if (!layout) return sequences.map(([only]) => flat(only!));
  const filler = () =>
    kind === "ids"
      ? [random.integer(sizes.ids)]
      : Array.from({ length: sizes.features }, () => 6 * random.uniform() - 3);
  return sequences.map((sequence, i) =>
    Array.from({ length: layout.time }, (_, t) => flat(sequence[layout.steps[i]!.indexOf(t)] ?? filler())),
  );
}

/** The layer of a sample that is given its first input several times, as a layer of its own inputs only. */
function withOwnInputs(sample: SampleLayer): Layer {
  const { layer } = sample;
  const { indices } = ownInputs(sample);
  const all = <Each>(own: readonly Each[]) => indices.map((i) => own[i]!) as [Each, ...Each[]];
  return {
    ...layer,
    parameters: (...shapes) => layer.parameters(...all(shapes)),
    call: (signals, context) => layer.call(all(signals), context),
  };
}

/** Σ c ⊙ (y + y²/2) over what is valid: a cost whose gradient differs from step to step, wherever the step stands. */
function costOf(signal: Signal): Node {
  const y = signal.mask ? timeMajor(signal) : signal.node;
  const width = y.shape.at(-1)!;
  const cost = mul(add(y, mul(0.5, mul(y, y))), constant(randomValues(width, 5, 0.5, 1.5), [width]));
  return sum(signal.mask ? where(maskForRank(signal.mask, y.shape.length), cost, 0) : cost);
}

interface Result {
  /** For each example its outputs, those of padded steps left out. */
  readonly outputs: number[][];
  /** For each example the gradients of its own inputs, those of padded steps left out. */
  readonly inputs: number[][];
  readonly atPadding: number[];
  readonly weights: Record<string, number[]>;
}

/** Of an example's row, what stands at steps whose flag is the given one. */
const chosen = (row: number[], flags: readonly number[], flag: number) =>
  row.filter((_, j) => flags[Math.floor((j * flags.length) / row.length)] === flag);

/** 1 at an example's own steps, 0 at padding. */
const flagsOf = ({ steps, time }: Layout, i: number) =>
  Array.from({ length: time }, (_, t) => Number(steps[i]!.includes(t)));

/** The layer of a sample, called on a batch; a batch without padding has no mask. */
function trace(sample: SampleLayer, data: readonly Sequence[][], at: Layouts) {
  const random = new Random(3);
  const kinds = ownInputs(sample).own;
  const [first, ...others] = kinds.map((kind, i) => {
    const layout = at[timeOf(kind)!];
    const padded = layout?.steps.some(({ length }) => length < layout.time);
    return {
      x: nested(kind, data[i]!, layout, random),
      mask: padded ? layout!.steps.map((_, example) => flagsOf(layout!, example)) : null,
    };
  });
  const dtype = kinds[0] === "ids" ? "int" : "float";
  return traceLayer(withOwnInputs(sample), { ...first!, dtype, others });
}

async function run(sample: SampleLayer, data: readonly Sequence[][], at: Layouts, engine: Engine): Promise<Result> {
  const { inputs, values, signals, parameters } = trace(sample, data, at);
  const { decode } = sample.layer;
  /** What is told of the layer: its outputs, and what `predict` makes of them. */
  const told = [...signals, ...(decode ? signals.map((signal) => decode(signal)) : [])];
  const wrt = Object.keys(inputs).filter((name) => inputs[name]!.dtype === "float");
  const loss = signals.map(costOf).reduce((a, b) => add(a, b));
  const gradients = differentiate(
    loss,
    wrt.map((name) => inputs[name]!),
  );
  const masks = told.flatMap(({ mask }, k): [string, Node][] => (mask ? [[`valid ${k}`, transpose(mask)]] : []));
  const ports = Object.fromEntries([
    ...told.map((signal, k) => [`y ${k}`, batchMajor(signal)]),
    ...masks,
    ...wrt.map((name, i) => [`d ${name}`, gradients[i]!]),
  ]);
  const result = await evaluate({ name: "padding", inputs, outputs: ports }, values, engine);
  const examples = [...data[0]!.keys()];
  const row = (port: string, i: number) => {
    const length = result[port]!.length / examples.length;
    return result[port]!.slice(i * length, (i + 1) * length);
  };
  const inputGradient = (i: number, flag: number) =>
    ownInputs(sample).own.flatMap((kind, k) => {
      if (kind === "ids") return [];
      const layout = at[timeOf(kind)!];
      return chosen(row(k === 0 ? "d x" : `d x${k}`, i), layout ? flagsOf(layout, i) : [1], flag);
    });
  const output = (i: number, k: number) =>
    told[k]!.mask ? chosen(row(`y ${k}`, i), row(`valid ${k}`, i), 1) : row(`y ${k}`, i);
  return {
    outputs: examples.map((i) => told.flatMap((_, k) => output(i, k))),
    inputs: examples.map((i) => inputGradient(i, 1)),
    atPadding: examples.flatMap((i) => inputGradient(i, 0)),
    weights: Object.fromEntries(parameters.map((name) => [name, result[`d ${name}`]!])),
  };
}

async function evaluate(equations: Equations, values: Record<string, ArrayLike<number>>, engine: Engine) {
  const executable = await engine.createDevice().load(compile(equations));
  executable.run(values);
  return Object.fromEntries(Object.keys(equations.outputs).map((name) => [name, [...executable.output(name)]]));
}

async function check(sample: SampleLayer, lengths: readonly number[], side: Side, seed: number, engine: Engine) {
  const tolerance = engine === referenceEngine ? 1e-12 : 1e-5;
  const data = draw(sample, lengths, seed);
  const together = await run(sample, data, layouts(sample, data, side, seed % 3, seed), engine);
  const weights: Record<string, number[]> = {};
  for (const i of lengths.keys()) {
    const own = data.map((sequences) => [sequences[i]!]);
    const alone = await run(sample, own, layouts(sample, own, "right", 0, seed), engine);
    expectClose(together.outputs[i]!, alone.outputs[0]!, tolerance, `outputs of sequence ${i}`);
    expectClose(together.inputs[i]!, alone.inputs[0]!, tolerance, `input gradients of sequence ${i}`);
    for (const [name, gradient] of Object.entries(alone.weights)) {
      weights[name] = gradient.map((value, k) => value + (weights[name]?.[k] ?? 0));
    }
  }
  for (const [name, gradient] of Object.entries(together.weights)) {
    expectClose(gradient, weights[name]!, tolerance, `gradient of ${name}`);
  }
  expect(together.atPadding.every((value) => value === 0)).toBe(true);
  expect([together.outputs, together.inputs].flat(2).every(Number.isFinite)).toBe(true);
}

describe("the list of samples", () => {
  it.each(layerTypes)("has %s, which is what it says", (type) => {
    for (const { layer } of samplesOf(type)) expect(layer.type).toBe(type);
  });

  it.each(layerTypes)("lets %s do without a mask only where it takes no sequence", (type) => {
    const samples = samplesOf(type);
    if (samples.some(({ mask }) => mask !== "none")) return;
    for (const { layer } of samples) expect(() => layer.parameters([null, null, sizes.features])).toThrow(ShapeError);
  });

  it("asks for a case for a layer that is not in it", () => {
    expect(() => samplesOf("Novel")).toThrow(/Add a case for Novel/);
  });
});

const honouring = sampleLayers.filter(([, { mask }]) => mask === "anywhere" || mask === "around");
const refusing = sampleLayers.filter(([, { mask }]) => mask === "refused");

describe.each([
  ["left", "float64", referenceEngine, 1],
  ["right", "float64", referenceEngine, 1],
  ["anywhere", "float64", referenceEngine, 2],
  ["anywhere", "float32", wasmEngine, 1],
] as const)("padding %s, in %s,", (side, _, engine, numRuns) => {
  it.each(honouring)("changes nothing of %s", async (_, sample) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 2 }),
        fc.integer({ min: 1, max: 1e6 }),
        (lengths, seed) => check(sample, [...lengths, 0], side, seed, engine),
      ),
      { numRuns, seed: 7 },
    );
  });
});

describe("a layer that cannot honour a mask", () => {
  /** What the layer makes of five steps, which a mask comes with or does not. */
  const predict = async ({ layer, inputs }: SampleLayer, masked: boolean) => {
    const x = input({ shape: [5, 4 * sizes.features] });
    const sequence = () => (masked ? masking().apply(x) : x);
    const image = () => timeDistributed(reshape([4, sizes.features])).apply(sequence());
    const outputs = layer.apply(inputs.map((kind) => (kind === "image" ? image() : sequence())));
    return model({ inputs: x, outputs }).predict([
      Array.from({ length: 5 }, (_, t) => randomValues(4 * sizes.features, t + 1)),
    ]) as Promise<Tensor>;
  };

  it.each(refusing)("refuses it: %s", async (_, sample) => {
    await expect(predict(sample, true)).rejects.toThrow(ConfigError);
    expect([...(await predict(sample, false)).data].every(Number.isFinite)).toBe(true);
  });
});

describe("the property can fail", () => {
  it("a layer that lets padding through is caught", async () => {
    const honest = globalAveragePooling1D();
    const leaky: Layer = {
      ...honest,
      call: ([signal], context) => honest.call([{ ...signal, mask: undefined }], context),
    };
    const sample: SampleLayer = { layer: leaky, inputs: ["sequence"], mask: "anywhere" };
    await expect(check(sample, [2, 3, 0], "right", 1, referenceEngine)).rejects.toThrow(/outputs of/);
  });
});
