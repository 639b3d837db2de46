/**
 * Calls of kernels with the words of their descriptors, made of instructions by lowering. A kernel is named by a key that
 * says everything its code depends on, so equal keys share code within an engine.
 */
import type { Operand, StraightInstruction } from "../../compiler/program.js";
import type { WasmFunction } from "./assembler.js";

export interface Call {
  readonly key: string;
  /** Generates the kernel; called once per key and engine. Absent for a function of the host. */
  readonly make?: (relaxed: boolean) => WasmFunction;
  /** Name of the host's function. */
  readonly host?: "blas";
  readonly words: readonly Word[];
  /** Bytes of temporary memory behind the `workspace` address. */
  readonly workspace?: number;
}

/** A call, and the instruction that it is a part of. */
export interface ProgramCall extends Call {
  readonly instruction: StraightInstruction;
}

/** A word of a descriptor: a number, or an address that is known when the program is written into memory. */
export type Word = number | Address;

/** `bytes` beyond the start of a buffer of the program, or of the workspace. */
export interface Address {
  readonly buffer: number | "workspace";
  readonly bytes: number;
}

/** The two words of a pointer: the address at t = 0, and the bytes to move per iteration. */
export type PointerWords = readonly [Address, number];

/** A pointer, and the bytes from row to row. */
export type RowWords = readonly [...PointerWords, number];

/** The pointer to an operand's first element, and the bytes along its first axis. */
export function rowWords({ buffer, offset, step, strides }: Operand): RowWords {
  return [{ buffer, bytes: 4 * offset }, 4 * step, 4 * (strides[0] ?? 0)];
}
