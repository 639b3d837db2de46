/** Network: a model's graph with known shapes, its parameters and its equation. Values are numbered: the inputs first, then the outputs of each node. */
import { checkNode, type Node, type Truncation } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { type Layer, type Signal, type StateCarrier, warnOnce } from "../layers/index.js";
import { logitsOf } from "../losses/index.js";
import type { PartialShape } from "../tensor/shape.js";
import type { Parameter } from "./network-weights.js";

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

/** An input for data. */
export interface NetworkInput {
  readonly name: string;
  /** Batch-first. */
  readonly shape: PartialShape;
  /** The number of ids that the layers reading it know; undefined where it takes real numbers. */
  readonly idLimit: number | undefined;
}

/** An output of results. */
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

/** Needs of a trace besides the inputs. */
export interface TraceOptions {
  readonly training: boolean;
  /** Int scalar. */
  readonly seed: Node;
  /** Carrier of a layer's states, by its name. */
  readonly carry?: { carrier(layer: string): StateCarrier } | undefined;
  /** Cuts gradients in every recurrent layer without a truncation of its own. */
  readonly truncation?: Truncation | undefined;
  /** Numbers of random streams, of a network inside another; default: 0, 1, 2, …. */
  readonly nextStream?: () => number;
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
  { training, seed, carry, truncation, ...options }: TraceOptions,
): readonly Signal[] {
  let stream = 0;
  const { nextStream = () => stream++ } = options;
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
      nextStream,
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

/** Throws in the layer's words where sizes that were not known when the model was built do not fit. */
function checkSignals(layer: Layer, signals: readonly Signal[]): void {
  const [first, ...others] = shapesOfSignals(signals) as [PartialShape, ...PartialShape[]];
  layer.parameters(first, ...others);
  layer.outputShapes(first, ...others);
}

/** Batch-first shapes of signals, for any number of examples. */
export function shapesOfSignals(signals: readonly Signal[]): PartialShape[] {
  return signals.map(({ node: { shape }, timeMajor }) => [
    null,
    ...(timeMajor ? [shape[0]!] : []),
    ...shape.slice(timeMajor ? 2 : 1),
  ]);
}

/** A softmax over one unit is 1 whatever it reads, and has no gradient. */
function warnOfOneUnit(network: Network, { type, name }: Layer, { node }: Signal): void {
  if (node.shape.at(-1) !== 1 || !logitsOf(node, "softmax")) return;
  warnOnce(
    network,
    `${type} "${name}": softmax over one unit is always 1, so nothing before it learns. Take activation: "sigmoid", or one unit per class.`,
  );
}

/** The weights that training changes. */
export function trainedOf({ parameters }: Pick<Network, "parameters">): readonly Parameter[] {
  return parameters.filter(({ trainable }) => trainable);
}
