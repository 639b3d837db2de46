/** Building of a network from a graph: all shapes, the weights, and the check of data against the inputs. */
import { ShapeError } from "../errors.js";
import type { BuiltLayer, Network } from "../execution/network.js";
import {
  asLayersSay,
  checkSameWeight,
  NetworkWeights,
  type Parameter,
  type Training,
} from "../execution/network-weights.js";
import { type Layer, originalOf, type ParameterSpec, type SymbolicTensor } from "../layers/index.js";
import { formatShape, type PartialShape, sizeOf } from "../tensor/shape.js";
import type { ModelGraph } from "./graph.js";
import { adviceOnAxes } from "./unfit-data.js";

/**
 * Finds every shape.
 *
 * @param inputShapes with the batch axis; default: those of the graph's inputs
 * @param training choice of the layers that are trained; default: by their `trainable`
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

/** A built layer before its weights have names. */
interface LayerUse extends Omit<BuiltLayer, "parameters"> {
  readonly specs: readonly ParameterSpec[];
}

/** The layer's parameters; every use of a layer must need the same. */
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

/** The number of ids that all layers which read the input know. */
export function idLimitOf({ inputs, calls }: ModelGraph, i: number): number | undefined {
  const limits = calls.flatMap(({ layer: { idLimit, idLimits = [idLimit] }, inputs: read }) =>
    idLimits.filter((limit, at): limit is number => limit !== undefined && read[at] === inputs[i]!.tensor),
  );
  return limits.length > 0 ? Math.min(...limits) : undefined;
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

/** The weights that training would change if the model was compiled now. */
export function trainableNowOf({ parameters }: Pick<Network, "parameters">): readonly Parameter[] {
  return parameters.filter(({ trainableNow }) => trainableNow);
}

/** Number of weights. */
export function countWeights(parameters: readonly Parameter[]): number {
  return parameters.reduce((count, { shape }) => count + sizeOf(shape), 0);
}

/** True if data of a batch-first shape fits an input. */
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
