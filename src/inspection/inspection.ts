/** Inspection: the result of `inspect`, gradients through time as plain data. Sequences are batch-first, and lists over steps are indexed by time. */
import type { Truncation } from "../equations/index.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Diagnosis } from "./diagnose.js";

/** Gradients through time of a model on some examples. */
export interface Inspection {
  /** J: the training loss, without dropout. */
  readonly loss: number;
  /** Number of steps T of the longest layer. */
  readonly steps: number;
  /** The mean loss of each step over the examples that are valid there, where the model has a loss at every step; NaN at padding. */
  readonly stepLosses?: readonly number[];
  /** One per recurrence, in the order in which they run; a bidirectional layer has two. */
  readonly layers: readonly LayerInspection[];
}

/** One recurrent layer. */
export interface LayerInspection {
  /** "lstm", "bidirectional/forward"; with its number if the layer runs several times: "gru (2)". */
  readonly name: string;
  readonly steps: number;
  /** Whether it reads from the end: then its gradients flow from small to large t. */
  readonly backward: boolean;
  /** 1 at valid steps, 0 at padding, [batch, time]; absent where nothing is padded. */
  readonly mask?: Tensor;
  /** By name: "h", "c". */
  readonly states: Readonly<Record<string, StateInspection>>;
  /** Values that the cell names: "inputGate", "forgetGate", …, each [batch, time, units]. Their values at padding have no effect. */
  readonly gates: Readonly<Record<string, Tensor>>;
  /** By name within the layer: "kernel", "recurrent_kernel", "bias". */
  readonly weights: Readonly<Record<string, WeightInspection>>;
  /** Spectral radii of each matrix that maps the state to the next state. */
  readonly recurrentKernels: readonly KernelInspection[];
  /** Steps at which the gradient was cut, if it was. */
  readonly truncation?: TruncationInspection;
  readonly diagnosis: Diagnosis;
}

/** One state at every step. */
export interface StateInspection {
  /** After each step, [batch, time, units]. At padding it stays unchanged. */
  readonly values: Tensor;
  /** ∂J/∂state(t): the direct gradient plus the gradient through time. [batch, time, units] */
  readonly gradients: Tensor;
  /** ‖∂J/∂state(t)‖ over examples and units. */
  readonly gradientNorms: readonly number[];
  /** The part of it that comes back through time. */
  readonly throughTimeNorms: readonly number[];
}

/** One weight: ∂J/∂W = Σ_t ∂J/∂W(t), where W(t) is the weight as step t uses it. */
export interface WeightInspection {
  readonly gradient: Tensor;
  /** ‖∂J/∂W(t)‖ for each step. */
  readonly norms: readonly number[];
  /** ⟨∂J/∂W(t), ∂J/∂W⟩ / ‖∂J/∂W‖²: how much of the gradient is step t's. They sum to 1; a step with the opposite direction is negative. */
  readonly shares: readonly number[];
  /** ∂J/∂W(t) itself, [time, ...shape of W], where `terms` was asked for. */
  readonly terms?: Tensor;
}

/** The blocks of a recurrent kernel. */
export interface KernelInspection {
  readonly weight: string;
  readonly blocks: readonly {
    /** The gate whose columns they are; the weight's name if it is one square matrix. */
    readonly name: string;
    /** Largest |λ| of the block. */
    readonly spectralRadius: number;
  }[];
}

/** The gradients that truncated back-propagation leaves out. */
export interface TruncationInspection extends Truncation {
  /** Steps before which some gradient is cut: gradients of later losses do not flow from step t to step t − 1. */
  readonly cuts: readonly number[];
}
