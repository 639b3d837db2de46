/** A model's graph with known shapes: its parameters, and its equation. Values are numbered: the inputs first, then what each node makes. */
import { checkNode, type Node, type Truncation } from "../equations/index.js";
import { ConfigError, ShapeError } from "../errors.js";
import {
  type Layer,
  originalOf,
  type ParameterSpec,
  type Signal,
  type StateCarrier,
  type SymbolicTensor,
  warnOnce,
} from "../layers/index.js";
import { logitsOf } from "../losses/index.js";
import { formatShape, type PartialShape, sizeOf } from "../tensor/shape.js";
import type { ModelGraph } from "./graph.js";
import { asLayersSay, checkSameWeight, NetworkWeights, type Parameter, type Training } from "./network-weights.js";
import { adviceOnAxes } from "./unfit-data.js";

/** A layer and its weights, however often it is used. */
export interface BuiltLayer {
  readonly layer: Layer;
  readonly parameters: readonly Parameter[];
  /** Batch-first, of its last use. */
  readonly outputShapes: readonly PartialShape[];
}

/** One use of a layer. */
export interface NetworkNode {
  readonly layer: BuiltLayer;
  /** The values it reads. */
  readonly inputs: readonly number[];
  /** Their shapes, batch-first. */
  readonly inputShapes: readonly PartialShape[];
  /** The values it makes. */
  readonly outputs: readonly number[];
}

/** Where data comes in. */
export interface NetworkInput {
  readonly name: string;
  /** Batch-first. */
  readonly shape: PartialShape;
  /** The number of ids that the layers reading it know; undefined where it takes real numbers. */
  readonly idLimit: number | undefined;
}

/** Where results come out. */
export interface NetworkOutput {
  readonly name: string;
  readonly value: number;
  /** Batch-first. */
  readonly shape: PartialShape;
}

export interface Network {
  readonly inputs: readonly NetworkInput[];
  readonly outputs: readonly NetworkOutput[];
  /** Each after those whose values it reads. */
  readonly nodes: readonly NetworkNode[];
  /** Each once, in Keras's order. */
  readonly layers: readonly BuiltLayer[];
  /** Each once, even where several layers have it. */
  readonly parameters: readonly Parameter[];
}

/**
 * Finds every shape.
 *
 * @param inputShapes with the batch axis; default: those of the graph's inputs
 * @param training which layers are trained; default: as they say themselves
 * @throws ShapeError when a layer does not fit what comes before it
 */
export function buildNetwork(
  graph: ModelGraph,
  inputShapes: readonly PartialShape[] = graph.inputs.map(({ tensor }) => tensor.shape),
  training: Training = asLayersSay,
): Network {
  const values = new Map<SymbolicTensor, number>();
  const shapes: PartialShape[] = [];
  const define = (tensor: SymbolicTensor, shape: PartialShape) => {
    values.set(tensor, shapes.length);
    shapes.push(shape);
  };
  graph.inputs.forEach(({ tensor }, i) => {
    define(tensor, inputShapes[i]!);
  });
  const uses = new Map<Layer, LayerUse>();
  const nodes = graph.calls.map(({ layer: applied, inputs, outputs }) => {
    const from = inputs.map((tensor) => values.get(tensor)!);
    const read = from.map((value) => shapes[value]!) as [PartialShape, ...PartialShape[]];
    const given = originalOf(applied);
    const layer = graph.names.get(given)!;
    const outputShapes = layer.outputShapes(...read);
    uses.set(given, { layer, outputShapes, specs: specsOf(layer, read, uses.get(given)) });
    const first = shapes.length;
    outputs.forEach((tensor, i) => {
      define(tensor, outputShapes[i]!);
    });
    return { given, inputs: from, inputShapes: read, outputs: outputs.map((_, i) => first + i) };
  });
  const weights = new NetworkWeights(training);
  const built = new Map<Layer, BuiltLayer>();
  for (const part of graph.parts) {
    const use = uses.get(part as Layer);
    if (!use) continue;
    const { specs, ...rest } = use;
    built.set(part as Layer, { ...rest, parameters: weights.of(rest.layer, specs) });
  }
  return {
    inputs: graph.inputs.map(({ name }, i) => ({ name, shape: inputShapes[i]!, idLimit: idLimitOf(graph, i) })),
    outputs: graph.outputs.map(({ name, tensor }) => {
      const value = values.get(tensor)!;
      return { name, value, shape: shapes[value]! };
    }),
    nodes: nodes.map(({ given, ...node }) => ({ ...node, layer: built.get(given)! })),
    layers: [...built.values()],
    parameters: weights.all,
  };
}

/** What is known of a layer before its weights have names. */
interface LayerUse extends Omit<BuiltLayer, "parameters"> {
  readonly specs: readonly ParameterSpec[];
}

/** The layer's parameters, which must be those it has already where it is used again. */
function specsOf(
  layer: Layer,
  shapes: readonly [PartialShape, ...PartialShape[]],
  before: LayerUse | undefined,
): readonly ParameterSpec[] {
  const specs = layer.parameters(...shapes);
  specs.forEach((spec, i) => {
    if (before) checkSameWeight(layer, spec, before.specs[i]);
  });
  return specs;
}

/** As many ids as every layer that reads the input knows. */
function idLimitOf({ inputs, calls }: ModelGraph, i: number): number | undefined {
  const limits = calls.flatMap(({ layer, inputs: [first] }) =>
    first === inputs[i]!.tensor && layer.idLimit !== undefined ? [layer.idLimit] : [],
  );
  return limits.length > 0 ? Math.min(...limits) : undefined;
}

/** What a trace needs beside the inputs. */
export interface TraceOptions {
  readonly training: boolean;
  /** Int scalar. */
  readonly seed: Node;
  /** Where a layer's states go on from and to, by its name. */
  readonly carry?: { carrier(layer: string): StateCarrier };
  /** Cuts gradients in every recurrent layer that does not say itself where. */
  readonly truncation?: Truncation;
}

/**
 * The network's equation.
 *
 * @param inputs one signal per input
 * @returns one signal per output
 * @throws ConfigError when a layer that refuses masks would receive one
 */
export function traceNetwork(
  network: Network,
  inputs: readonly Signal[],
  { training, seed, carry, truncation }: TraceOptions,
): readonly Signal[] {
  let stream = 0;
  const values: Signal[] = [...inputs];
  for (const { layer: built, inputs: read, outputs } of network.nodes) {
    const { layer, parameters } = built;
    const signals = read.map((value) => values[value]!) as [Signal, ...Signal[]];
    if (layer.masking === "refuses" && signals.some(({ mask }) => mask)) {
      throw new ConfigError(
        `${layer.type} "${layer.name}" received padded data whose mask it cannot honour: its result would depend on the padding. ` +
          "Reduce the time axis before it with a recurrent layer (returnSequences: false), globalAveragePooling1D or globalMaxPooling1D.",
      );
    }
    checkSignals(layer, signals);
    const made = layer.call(signals, {
      training,
      seed,
      nextStream: () => stream++,
      carry: carry?.carrier(layer.name!),
      truncation,
      parameter: (name) => {
        const found = parameters.find((parameter) => parameter.name === name);
        if (!found) throw new ConfigError(`${layer.type} "${layer.name}" has no parameter "${name}".`);
        return found.node;
      },
    });
    outputs.forEach((value, i) => {
      checkNode(`${layer.type} "${layer.name}"`, made[i]?.node);
      warnOfOneUnit(network, layer, made[i]!);
      values[value] = made[i]!;
    });
  }
  return network.outputs.map(({ value }) => values[value]!);
}

/** Throws in the layer's own words where sizes that were not known when the model was built do not fit. */
function checkSignals(layer: Layer, signals: readonly Signal[]): void {
  const shapes = signals.map(
    ({ node: { shape }, timeMajor }): PartialShape => [
      null,
      ...(timeMajor ? [shape[0]!] : []),
      ...shape.slice(timeMajor ? 2 : 1),
    ],
  );
  const [first, ...others] = shapes as [PartialShape, ...PartialShape[]];
  layer.parameters(first, ...others);
  layer.outputShapes(first, ...others);
}

/** A softmax over one unit is 1 whatever it reads, and has no gradient. */
function warnOfOneUnit(network: Network, { type, name }: Layer, { node }: Signal): void {
  if (node.shape.at(-1) !== 1 || !logitsOf(node, "softmax")) return;
  warnOnce(
    network,
    `${type} "${name}": softmax over one unit is always 1, so nothing before it learns. Take activation: "sigmoid", or one unit per class.`,
  );
}

/** Batch-first shapes of all outputs for inputs of given shapes. */
export function outputShapesFor(network: Network, inputShapes: readonly PartialShape[]): readonly PartialShape[] {
  const shapes: PartialShape[] = [...inputShapes];
  for (const { layer, inputs, outputs } of network.nodes) {
    const read = inputs.map((value) => shapes[value]!) as [PartialShape, ...PartialShape[]];
    const made = layer.layer.outputShapes(...read);
    outputs.forEach((value, i) => {
      shapes[value] = made[i]!;
    });
  }
  return network.outputs.map(({ value }) => shapes[value]!);
}

/** The weights that training changes. */
export function trainedOf({ parameters }: Pick<Network, "parameters">): readonly Parameter[] {
  return parameters.filter(({ trainable }) => trainable);
}

/** The weights that training would change if the model was compiled now. */
export function trainableNowOf({ parameters }: Pick<Network, "parameters">): readonly Parameter[] {
  return parameters.filter(({ trainableNow }) => trainableNow);
}

/** Number of weights. */
export function countWeights(parameters: readonly Parameter[]): number {
  return parameters.reduce((count, { shape }) => count + sizeOf(shape), 0);
}

/** Whether data of a batch-first shape fits an input. */
export function fitsInput(expected: PartialShape, shape: readonly number[]): boolean {
  return expected.length === shape.length && expected.every((axis, i) => i === 0 || axis === null || axis === shape[i]);
}

/** @throws ShapeError unless data of `shape` (batch-first) fits the input */
export function checkInputShape(name: string, expected: PartialShape, shape: readonly number[]): void {
  if (fitsInput(expected, shape)) return;
  throw new ShapeError(
    `${name}: the model expects ${formatShape([null, ...expected.slice(1)])} (null: any size), received ${formatShape(shape)}. ` +
      adviceOnAxes(name, expected, shape),
  );
}
