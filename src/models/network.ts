/** A chain of layers of known shape: its parameters, and its equation. */
import { type Node, variable } from "../equations/index.js";
import { ConfigError, ShapeError } from "../errors.js";
import type { Layer, ParameterSpec, Signal } from "../layers/index.js";
import { formatShape, type PartialShape, sameShape, sizeOf } from "../tensor/shape.js";

/** A weight of the network. */
export interface Parameter extends ParameterSpec {
  /** Unique in the model: "simple_rnn/kernel". */
  readonly id: string;
  readonly trainable: boolean;
  /** The layer's own name for it. */
  readonly name: string;
  readonly node: Node;
}

/** A layer that knows its shapes. Shapes are batch-first. */
export interface BuiltLayer {
  readonly layer: Layer;
  readonly inputShape: PartialShape;
  readonly outputShapes: readonly PartialShape[];
  readonly parameters: readonly Parameter[];
}

export interface Network {
  readonly inputShape: PartialShape;
  readonly outputShapes: readonly PartialShape[];
  readonly layers: readonly BuiltLayer[];
  readonly parameters: readonly Parameter[];
  /** Whether the first layer was told its input's shape: data must then have that very shape. */
  readonly declared: boolean;
  /** The number of ids the first layer knows; undefined where it reads real numbers. */
  readonly idLimit: number | undefined;
}

/**
 * Finds every shape.
 *
 * @param inputShape with the batch axis
 * @throws ShapeError when a layer does not fit what comes before it
 */
export function buildNetwork(layers: readonly Layer[], inputShape: PartialShape): Network {
  if (layers.length === 0) throw new ConfigError("sequential: the model has no layers; add one first.");
  let shapes: readonly PartialShape[] = [inputShape];
  const built = layers.map((layer, i): BuiltLayer => {
    if (shapes.length > 1) {
      throw new ConfigError(
        `sequential: ${layer.type} "${layer.name}" would receive ${shapes.length} outputs of "${layers[i - 1]!.name}"; ` +
          "a layer that returns its state can only be the last of a sequential model.",
      );
    }
    const [shape] = shapes as [PartialShape];
    const parameters = layer.parameters(shape).map((spec): Parameter => {
      const id = `${layer.name}/${spec.name}`;
      return { ...spec, id, trainable: layer.trainable, node: variable(id, spec.shape) };
    });
    shapes = layer.outputShapes(shape);
    return { layer, inputShape: shape, outputShapes: shapes, parameters };
  });
  const parameters = built.flatMap((layer) => layer.parameters);
  const { idLimit, inputShape: told } = layers[0]!;
  return { inputShape, outputShapes: shapes, layers: built, parameters, declared: told !== undefined, idLimit };
}

/**
 * The network as data of another shape sees it. Unless the first layer was told its input's shape, sequences of any length pass through
 * weights that do not depend on the length.
 *
 * @param shape of the data, batch-first
 * @param rebuild makes the network for a shape
 * @returns the network itself where the data does not fit
 */
export function adaptNetwork(
  network: Network,
  shape: readonly number[],
  rebuild: (inputShape: PartialShape) => Network,
): Network {
  const { inputShape, parameters, declared } = network;
  if (declared || fits(inputShape, shape) || inputShape.length !== shape.length) return network;
  try {
    const other = rebuild([null, ...shape.slice(1)]);
    return other.parameters.every((parameter, i) => sameShape(parameter.shape, parameters[i]!.shape)) ? other : network;
  } catch (error) {
    if (error instanceof ShapeError) return network;
    throw error;
  }
}

function fits(expected: PartialShape, shape: readonly number[]): boolean {
  return expected.length === shape.length && expected.every((axis, i) => i === 0 || axis === null || axis === shape[i]);
}

/** What a trace needs beside the input. */
export interface TraceOptions {
  readonly training: boolean;
  /** Int scalar. */
  readonly seed: Node;
}

/**
 * The network's equation.
 *
 * @param x batch-first input
 * @throws ConfigError when a layer that refuses masks would receive one
 */
export function traceNetwork(network: Network, x: Node, { training, seed }: TraceOptions): readonly Signal[] {
  let stream = 0;
  let signals: readonly Signal[] = [{ node: x, timeMajor: false }];
  for (const { layer, parameters } of network.layers) {
    if (layer.masking === "refuses" && signals.some(({ mask }) => mask)) {
      throw new ConfigError(
        `${layer.type} "${layer.name}" received padded data whose mask it cannot honour: its result would depend on the padding. ` +
          "Reduce the time axis before it with a recurrent layer (returnSequences: false), globalAveragePooling1D or globalMaxPooling1D.",
      );
    }
    signals = layer.call(signals, {
      training,
      seed,
      nextStream: () => stream++,
      parameter: (name) => {
        const found = parameters.find((parameter) => parameter.name === name);
        if (!found) throw new ConfigError(`${layer.type} "${layer.name}" has no parameter "${name}".`);
        return found.node;
      },
    });
  }
  return signals;
}

/** Number of weights. */
export function countWeights(parameters: readonly Parameter[]): number {
  return parameters.reduce((count, { shape }) => count + sizeOf(shape), 0);
}

/** @throws ShapeError unless data of `shape` (batch-first) fits the network's input */
export function checkInputShape(name: string, expected: PartialShape, shape: readonly number[]): void {
  if (fits(expected, shape)) return;
  throw new ShapeError(
    `${name}: the model expects ${formatShape([null, ...expected.slice(1)])} (null: any size), received ${formatShape(shape)}. ` +
      (shape.length === expected.length - 1
        ? "Is the axis of examples missing? Wrap one example in an array."
        : "Reshape or pad the data."),
  );
}
