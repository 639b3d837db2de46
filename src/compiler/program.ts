/**
 * Program: plain, serialisable data that an engine runs — buffers, a list of instructions, and the names of inputs and outputs. It knows
 * nothing of layers or of derivatives, and every size in it is a number.
 *
 * Units: sizes, offsets and strides count elements, never bytes. An element is 4 bytes in the wasm engine and 8 in the reference
 * engine; both interpret the same program.
 */
import type { DType } from "../tensor/dtype.js";
import type { Shape } from "../tensor/shape.js";
import type { Instruction } from "./instructions.js";

export type * from "./instructions.js";
export type { DType };

/**
 * A range of memory.
 * - `variable`: outlives the run; all programs of one device share it by its name (weights, optimizer slots).
 * - `constant`: written once when the program is loaded.
 * - `scratch`: a range of the arena; `offset` was chosen by the schedule; buffers that are live at different times may overlap.
 *   Inputs and outputs are scratch buffers too: inputs are live from the start, outputs to the end.
 */
export interface Buffer {
  readonly role: "variable" | "constant" | "scratch";
  readonly dtype: DType;
  /** Number of elements. */
  readonly size: number;
  /** Scratch: first element in the arena; a multiple of 16. */
  readonly offset?: number;
  /** Variables: the name under which the device knows it. Others: a hint for people. */
  readonly name?: string;
  /** Constants: the values. */
  readonly values?: readonly number[];
}

/** A named input, variable or output of a program; always contiguous in its buffer. */
export interface Port {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly buffer: number;
}

/** A compiled program: `formatProgram` prints it. */
export interface Program {
  readonly name: string;
  /** @internal */
  readonly buffers: readonly Buffer[];
  /** @internal */
  readonly instructions: readonly Instruction[];
  /** @internal */
  readonly inputs: readonly Port[];
  /** @internal */
  readonly variables: readonly Port[];
  /** @internal */
  readonly outputs: readonly Port[];
  /**
   * Elements of scratch memory that the program needs.
   *
   * @internal
   */
  readonly arenaSize: number;
}
