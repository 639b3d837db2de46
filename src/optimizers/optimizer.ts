/**
 * The contract of an optimizer: its update rule as an equation over one weight. Clipping happens before it, in clip.ts, and is part of the
 * same program.
 */
import type { Node } from "../equations/index.js";
import type { Schedule } from "./schedule.js";

/** At most one of the three. */
export interface ClipOptions {
  /** Each gradient is scaled down to this L2 norm. */
  readonly clipnorm?: number;
  /** All gradients together are scaled down to this L2 norm. */
  readonly globalClipnorm?: number;
  /** Each number of each gradient is limited to ±clipvalue. */
  readonly clipvalue?: number;
}

/** The arguments of an update rule; all except the scalars have the weight's shape. */
export interface UpdateContext {
  readonly weight: Node;
  readonly gradient: Node;
  /** By name, as in `slots`. */
  readonly slots: Readonly<Record<string, Node>>;
  /** Scalar. */
  readonly learningRate: Node;
  /** Scalar: number of this step, counting from 1. */
  readonly iteration: Node;
}

/** The weight and its slots after a step. */
export interface UpdateResult {
  readonly weight: Node;
  readonly slots: Readonly<Record<string, Node>>;
}

/** A rule by which a gradient changes a weight. */
export interface Optimizer {
  /** Keras's name: "rmsprop". */
  readonly name: string;
  readonly config: { readonly type: string; readonly [option: string]: unknown };
  readonly clip: ClipOptions;
  /** May be changed between steps; it is an input of the program. With a schedule the trainer sets it before every step. */
  learningRate: number;
  readonly schedule?: Schedule;
  /** One per weight: its name and first value, in the order Keras keeps them. */
  readonly slots: readonly { readonly name: string; readonly initial: number }[];
  /** Whether slots are kept weight by weight (Adam: m, v, m, v) or slot by slot (RMSprop: all v, then all m). */
  readonly slotOrder: "byWeight" | "bySlot";
  /**
   * When a gradient of zeros changes neither weight nor slots: always, or while the slots are zero. Rows of an embedding that no batch has
   * used are then not updated. Absent: never.
   */
  readonly zeroGradientIsNoOp?: "always" | "whileSlotsAreZero";
  /** The update acts on each number separately, so that threads may update parts of a weight, or only some rows. */
  update(context: UpdateContext): UpdateResult;
}
