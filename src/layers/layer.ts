/**
 * Contract of layers: parameters, output shapes and an equation. A layer holds no numbers: its parameters are variables of the device, its
 * `call` is traced once per batch shape.
 *
 * Shapes in this interface are batch-first, as in Keras, with null for an axis that is not known yet. Inside, sequences are time-major:
 * see `Signal`.
 */

import type { Node, Truncation } from "../equations/index.js";
import { transpose } from "../equations/index.js";
import type { Initializer } from "../initializers/initializer.js";
import type { Constraint, Regularizer } from "../regularizers/index.js";
import { expectParts } from "../tensor/expect-text.js";
import type { PartialShape, Shape } from "../tensor/shape.js";

/** A value between layers. */
export interface Signal {
  readonly node: Node;
  /** Whether the node's first two axes are [time, batch]; otherwise [batch, ...]. */
  readonly timeMajor: boolean;
  /** 1 at valid steps, 0 at padding: [time, batch], always time-major. */
  readonly mask?: Node;
}

/** One signal, or more for a layer that takes or gives several. */
export type Signals = readonly [Signal, ...Signal[]];

/** The signal's value with time in front: [T, B, ...]. */
export function timeMajor(signal: Signal): Node {
  expectParts("timeMajor: signal", signal, ["node"]);
  const { node, timeMajor } = signal;
  return timeMajor ? node : swapFirstAxes(node);
}

/** The signal's value with the batch in front: [B, T, ...]. */
export function batchMajor(signal: Signal): Node {
  expectParts("batchMajor: signal", signal, ["node"]);
  const { node, timeMajor } = signal;
  return timeMajor ? swapFirstAxes(node) : node;
}

/** [a, b, ...] → [b, a, ...] */
export function swapFirstAxes(node: Node): Node {
  return transpose(node, [1, 0, ...[...node.shape.keys()].slice(2)]);
}

/** A weight that a layer needs. */
export interface ParameterSpec {
  /** Keras's name within the layer: "kernel", "recurrent_kernel", "bias", "embeddings". */
  readonly name: string;
  /** Of a layer that wraps others: the wrapped layer that owns the weight, and that layer's description of it. */
  readonly inside?: { readonly layer: Layer; readonly spec: ParameterSpec };
  readonly shape: Shape;
  readonly initializer: Initializer;
  /** Its penalty, added to the loss while training. */
  readonly regularizer?: Regularizer;
  /** Applied to the weight after every update. */
  readonly constraint?: Constraint;
}

/** Context in which a layer's equation is traced. */
export interface CallContext {
  readonly training: boolean;
  /** The variable of one of the layer's parameters. */
  parameter(name: string): Node;
  /** Int scalar that differs at every training step; for `random`. */
  readonly seed: Node;
  /** A random stream number that no other call of this trace has. */
  nextStream(): number;
  /**
   * Source and destination of carried states; absent where every run starts fresh.
   *
   * @internal
   */
  readonly carry?: StateCarrier;
  /** Truncates back-propagation through time in recurrent layers without a `truncation` option. */
  readonly truncation?: Truncation;
}

/** Carries the states of recurrent layers from one run to the next. */
export interface StateCarrier {
  /** Whether layers that are not `stateful` carry their states, too. */
  readonly every: boolean;
  /** The state before the first step, [batch, ...]; undefined for the layer's initial state. */
  before(state: string, shape: Shape): Node | undefined;
  /** Receives the state after the last step, the result of the scan. */
  after(state: string, final: Node): void;
}

/** Plain data from which the layer can be made again: `{ type, ...options }`. */
export interface LayerConfig {
  /** Keras's class name, such as "SimpleRNN". */
  readonly type: string;
  readonly [option: string]: unknown;
}

/** A value of a model that has no numbers yet: the result of `input` or of a layer's `apply`. */
export interface SymbolicTensor {
  /** Increases in the order in which symbolic tensors are made. */
  readonly id: number;
  /** Batch-first; null for an axis of any size. */
  readonly shape: PartialShape;
  /** The call that made it; undefined for an input. */
  readonly call?: LayerCall;
  /** Index among the call's outputs. */
  readonly index: number;
  /** The name that the user gave it; inputs only. */
  readonly name?: string;
}

/** The result of `apply`: the layer's output. Several outputs are taken apart: `const [steps, h, c] = encoder.apply(x)`. */
export interface AppliedTensor extends SymbolicTensor, Iterable<SymbolicTensor> {}

/** One use of a layer in a model. */
export interface LayerCall {
  readonly layer: Layer;
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
}

/**
 * Parameters, a shape rule and an equation. It holds no numbers, so one layer may be traced any number of times. One layer object has one
 * set of weights, in every model and at every place in it.
 */
export interface Layer {
  /** Keras's class name. */
  readonly type: string;
  /** Given by the user, else assigned by the model: "simple_rnn", "simple_rnn_1", … */
  readonly name?: string;
  readonly config: LayerConfig;
  /** Shape of one example without the batch axis, from the option `inputShape`. */
  readonly inputShape?: PartialShape;
  /**
   * Whether training changes the parameters. It may be set at any time, and holds for every model with this layer from its next `compile`
   * on; setting it sets it for the layers inside, too.
   */
  trainable: boolean;
  /** The wrapped layers, by their names in the config. */
  readonly wrapped?: Readonly<Record<string, Layer | readonly Layer[]>>;
  /**
   * Treatment of a mask: `passes` it on unchanged, `consumes` it (its result does not depend on padding and has no mask), `makes` a new
   * one, or `refuses` it, because its result would depend on padding: the model then throws a ConfigError.
   */
  readonly masking: "passes" | "consumes" | "makes" | "refuses";
  /** Number of inputs, if it is fixed. */
  readonly inputCount?: number;
  /** For a layer that reads ids: they must be integers in [0, idLimit). */
  readonly idLimit?: number;
  /** The same for each input, of a layer that takes several. */
  readonly idLimits?: readonly (number | undefined)[];
  /** True for a layer that needs no shape to be built; summaries of models that are not built mark it, as Keras's do. */
  readonly ready?: true;
  /**
   * Parameters in Keras's order. Layers with several inputs receive all their shapes.
   *
   * @throws ShapeError when the input does not fit, with a hint how to fix it
   */
  parameters(inputShape: PartialShape, ...otherShapes: readonly PartialShape[]): readonly ParameterSpec[];
  /** One shape per output; nearly always one. */
  outputShapes(
    inputShape: PartialShape,
    ...otherShapes: readonly PartialShape[]
  ): readonly [PartialShape, ...PartialShape[]];
  /** The equation. `inputs` is one signal, more for a layer that takes several (an initial state). One signal per output. */
  call(inputs: Signals, context: CallContext): Signals;
  /** Of a model as a layer: its layers for inputs of these shapes, with their output shapes. @internal */
  inside?(...inputShapes: readonly PartialShape[]): readonly LayerInside[];
  /** The prediction from an output of this layer, for layers whose output is made for a loss: the tags of a `crf`. */
  decode?(output: Signal): Signal;
  /**
   * The layer's output for symbolic inputs, from which `model` makes a model. Applied again, the layer has the same weights.
   *
   * @param inputs one tensor, or a list for a layer that takes several: the sequence and then the initial states
   * @throws ShapeError when an input does not fit
   * @example const [sequence, state] = gru(32, { returnSequences: true, returnState: true }).apply(words);
   */
  apply(inputs: SymbolicTensor | readonly SymbolicTensor[]): AppliedTensor;
}

/** A layer of a model that is a layer. @internal */
export interface LayerInside {
  readonly layer: Layer;
  /** Batch-first, of its last use. */
  readonly inputShapes: readonly PartialShape[];
  readonly outputShapes: readonly PartialShape[];
  readonly parameters: readonly { readonly shape: Shape }[];
}

/** A layer, or a model, which can be one. */
export type LayerLike = Layer | { asLayer(): Layer };

/** Layers inside a layer, not those inside them. */
export function layersInside({ wrapped = {} }: Pick<Layer, "wrapped">): readonly Layer[] {
  return Object.values(wrapped).flat();
}

/** Options every layer takes. */
export interface LayerOptions {
  /** Unique in a model; made from the type if absent. */
  readonly name?: string;
  /** Shape of one example, without the batch axis; null for an axis of any length. Needed on the first layer to build at once. */
  readonly inputShape?: PartialShape;
  /** Default true. */
  readonly trainable?: boolean;
}
