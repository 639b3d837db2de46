/** Recurrent layers against PyTorch, through `fromPyTorch`: outputs, last states, every gradient, and training. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fromPyTorch, type PyTorchModule, toPyTorch } from "../../src/formats/index.js";
import {
  bidirectional,
  dense,
  gru,
  type Layer,
  lstm,
  type Signal,
  type SimpleRNNOptions,
  simpleRNN,
} from "../../src/layers/index.js";
import { sequential } from "../../src/models/index.js";
import { sgd } from "../../src/optimizers/index.js";
import { type NestedArray, type Tensor, toTensor } from "../../src/tensor/tensor.js";
import { expectClose } from "../conformance/run-equations.js";
import { engines, flat } from "./golden.js";
import { evaluate } from "./layer-golden.js";

type StateDict = Readonly<Record<string, NestedArray>>;

interface Module {
  readonly name: string;
  readonly kind: PyTorchModule;
  readonly options: { nonlinearity?: string; bias?: boolean; bidirectional?: boolean; num_layers?: number };
}

interface RecurrentCase extends Module {
  readonly lengths: number[] | null;
  readonly x: NestedArray;
  /** h, and for an LSTM c: [layers × directions, batch, units] */
  readonly initialState: NestedArray[][];
  readonly weights: StateDict;
  /** Of the output, and of each state, as `initialState`. */
  readonly coefficients: [NestedArray, ...NestedArray[][]];
  readonly outputs: [NestedArray, ...NestedArray[][]];
  readonly loss: number;
  readonly gradWeights: StateDict;
  readonly gradX: NestedArray;
  readonly gradInitialState: NestedArray[][];
}

interface Weights {
  readonly recurrent: StateDict;
  readonly head: { readonly kernel: NestedArray; readonly bias: NestedArray };
}

interface TrainingCase extends Module {
  readonly x: NestedArray[];
  readonly y: NestedArray[];
  readonly learningRate: number;
  readonly momentum: number;
  readonly initial: Weights;
  readonly losses: number[];
  readonly final: Weights;
}

function casesOf<Case extends Module>(file: string): (readonly [string, Case])[] {
  const text = readFileSync(new URL(`./pytorch/${file}`, import.meta.url), "utf8");
  return (JSON.parse(text).cases as Case[]).map((golden) => [golden.name, golden] as const);
}
const units = 4;
const makers = { RNN: simpleRNN, LSTM: lstm, GRU: gru };

/** PyTorch's module as layers of ours, from the bottom up. */
function layersOf({ kind, options }: Module, more: SimpleRNNOptions): Layer[] {
  return Array.from({ length: options.num_layers ?? 1 }, () => {
    const layer = makers[kind](units, {
      ...more,
      returnSequences: true,
      useBias: options.bias ?? true,
      activation: options.nonlinearity ?? "tanh",
    });
    return options.bidirectional ? bidirectional(layer) : layer;
  });
}

/** The layers as one, which takes and returns the states of all. */
function stackOf(layers: readonly Layer[], statesOfEach: number): Layer {
  const inside = (i: number, name: string) => `${i}/${name}`;
  return {
    ...layers.at(-1)!,
    parameters(inputShape) {
      let shape = inputShape;
      return layers.flatMap((layer, i) => {
        const own = layer.parameters(shape).map((spec) => ({ ...spec, name: inside(i, spec.name) }));
        shape = layer.outputShapes(shape)[0];
        return own;
      });
    },
    call([signal, ...states], context) {
      let output = signal;
      const last: Signal[] = [];
      layers.forEach((layer, i) => {
        const own = states.slice(i * statesOfEach, (i + 1) * statesOfEach);
        const parameter = (name: string) => context.parameter(inside(i, name));
        const [next, ...after] = layer.call([output, ...own], { ...context, parameter });
        output = next;
        last.push(...after);
      });
      return [output, ...last];
    },
  };
}

/** PyTorch's states, h and c of all layers and directions, in our order: h and c of each. */
function byLayer(states: readonly NestedArray[][]): NestedArray[] {
  return states[0]!.flatMap((_, i) => states.map((all) => all[i]!));
}

/** Ours is one bias where PyTorch adds two, each of which has its gradient. */
function ownGradients({ kind, gradWeights }: RecurrentCase): Tensor[] {
  if (kind === "GRU") return fromPyTorch(kind, gradWeights);
  const zeros = (value: NestedArray): NestedArray => (Array.isArray(value) ? value.map(zeros) : 0);
  const once = Object.entries(gradWeights).map(([name, value]): [string, NestedArray] => {
    if (!name.startsWith("bias_hh")) return [name, value];
    expectClose(flat(value), flat(gradWeights[name.replace("_hh", "_ih")]!), 1e-12, name);
    return [name, zeros(value)];
  });
  return fromPyTorch(kind, Object.fromEntries(once));
}

const nested = ({ data, shape }: Tensor): NestedArray => {
  let next = 0;
  const build = (depth: number): NestedArray =>
    depth === shape.length ? data[next++]! : Array.from({ length: shape[depth]! }, () => build(depth + 1));
  return build(0);
};

async function check(
  golden: RecurrentCase,
  weights: readonly Tensor[],
  [precision, engine, tolerance]: (typeof engines)[number],
) {
  const { lengths, options, initialState, outputs, coefficients } = golden;
  const layers = layersOf(golden, { returnState: true, zeroOutputForMask: lengths !== null });
  const states = byLayer(initialState);
  const mask = lengths?.map((length) => Array.from({ length: 5 }, (_, t) => Number(t < length)));
  const { results, parameters } = await evaluate(
    stackOf(layers, initialState.length * (options.bidirectional ? 2 : 1)),
    { x: golden.x, mask, states, weights: weights.map(nested) },
    [coefficients[0], ...byLayer(coefficients.slice(1) as NestedArray[][])],
    (names) => [...names, "x", ...states.map((_, i) => `state${i}`)],
    engine,
  );
  const compare = (port: string, expected: ArrayLike<number>, within = tolerance) =>
    expectClose(results[port]!, expected, within, port);
  compare("loss", [golden.loss]);
  [outputs[0], ...byLayer(outputs.slice(1) as NestedArray[][])].forEach((output, i) => {
    compare(`output${i}`, flat(output), outputTolerances[precision as keyof typeof outputTolerances]);
  });
  ownGradients(golden).forEach(({ data }, i) => {
    compare(`d_${parameters[i]}`, data);
  });
  compare("d_x", flat(golden.gradX));
  byLayer(golden.gradInitialState).forEach((gradient, i) => {
    compare(`d_state${i}`, flat(gradient));
  });
}

const recurrent = casesOf<RecurrentCase>("recurrent.json");
/** Sums of many terms lose a digit in float32. */
const outputTolerances = { float64: 1e-10, float32: 1e-6 } as const;

describe.each(engines)("with PyTorch's weights, layers in %s compute what PyTorch computes", (...given) => {
  const [, engine, tolerance] = given;

  it.each(recurrent)("%s, and every gradient", async (_, golden) => {
    await check(golden, fromPyTorch(golden.kind, golden.weights), given);
  });

  it.each(casesOf<TrainingCase>("training.json"))("%s, trained for four steps", async (_, golden) => {
    const weightsOf = ({ recurrent, head }: Weights) => [
      ...fromPyTorch(golden.kind, recurrent),
      toTensor(head.kernel),
      toTensor(head.bias),
    ];
    const layers = [...layersOf(golden, {}), dense(6)];
    const model = sequential(layers, { engine }).build([null, 5, 2]);
    const { learningRate, momentum } = golden;
    model.compile({ loss: "meanSquaredError", optimizer: sgd({ learningRate, momentum }) });
    model.setWeights(weightsOf(golden.initial));
    for (const [step, loss] of golden.losses.entries()) {
      const logs = await model.trainOnBatch(golden.x, golden.y);
      expectClose([logs.loss!], [loss], tolerance, `loss of step ${step}`);
    }
    weightsOf(golden.final).forEach(({ data }, i) => {
      expectClose(model.getWeights()[i]!.data, data, tolerance, `weight ${i}`);
    });
  });
});

describe("weights that go to PyTorch", () => {
  it.each(recurrent)("come back as they were, %s", (_, { kind, weights, options }) => {
    const { bias, bidirectional } = options;
    const ours = fromPyTorch(kind, weights);
    const theirs = toPyTorch(kind, ours, { ...(bias === false && { bias }), ...(bidirectional && { bidirectional }) });
    expect(Object.keys(theirs).sort()).toEqual(Object.keys(weights).sort());
    expect(fromPyTorch(kind, theirs)).toEqual(ours);
    for (const [name, { data, shape }] of Object.entries(theirs)) {
      const expected = toTensor(weights[name]!);
      expect(shape, name).toEqual(expected.shape);
      if (kind === "GRU" || name.startsWith("weight")) expect([...data], name).toEqual([...expected.data]);
    }
  });
});
