/** Names of operands in a printed program: buffers by name, rows of a history by time, parts of a row by columns. */
import { type Shape, sizeOf } from "../tensor/shape.js";
import { operandsOf } from "./instructions.js";
import type { Buffer, Operand, Program, StraightInstruction } from "./program.js";

/** Names of buffers, and how they divide into one row per step of a loop. */
export class OperandNames {
  readonly #program: Program;
  readonly #names: string[];
  /** Elements per row of the buffers that a loop walks along. */
  readonly #rowSizes = new Map<number, number>();
  /** Buffers whose first row is the state before step 0. */
  readonly #histories = new Set<number>();

  constructor(program: Program) {
    this.#program = program;
    this.#names = nameBuffers(program);
    for (const instruction of program.instructions) {
      if (instruction.kind !== "loop") continue;
      for (const { buffer, step } of instruction.body.flatMap(operandsOf)) {
        const row = Math.max(this.#rowSizes.get(buffer) ?? 0, Math.abs(step));
        if (row === 0) continue;
        this.#rowSizes.set(buffer, row);
        const { size } = program.buffers[buffer]!;
        if (!instruction.reverse && size === (instruction.length + 1) * row) this.#histories.add(buffer);
      }
    }
  }

  /** `h[t−1]`, `z[t][:, 32:64]`, `W`; a constant of one number is that number. */
  format(operand: Operand, shape: Shape): string {
    const buffer = this.#program.buffers[operand.buffer]!;
    if (isNumber(buffer)) return `${Number(buffer.values![0]!.toPrecision(5))}`;
    const row = this.#rowSizes.get(operand.buffer);
    const columns = this.#columns(operand, shape, row ?? buffer.size);
    return this.#names[operand.buffer]! + this.#rows(operand, shape) + columns + (isTurned(operand, shape) ? "ᵀ" : "");
  }

  #rows({ buffer, offset, strides, step }: Operand, shape: Shape): string {
    const row = this.#rowSizes.get(buffer);
    if (!row) return "";
    const shift = this.#histories.has(buffer) ? 1 : 0;
    const first = Math.floor(offset / row) - shift;
    if (step < 0) return `[${first}−t]`;
    if (step > 0) return first === 0 ? "[t]" : `[t${first > 0 ? "+" : "−"}${Math.abs(first)}]`;
    const reach = shape.reduce((sum, length, axis) => sum + Math.max(0, (length - 1) * strides[axis]!), 0);
    const last = Math.floor((offset + reach) / row) - shift;
    if (first === -shift && last === this.#program.buffers[buffer]!.size / row - 1 - shift) return "";
    const minus = (index: number): string => `${index}`.replace("-", "−");
    return first === last ? `[${minus(first)}]` : `[${minus(first)}..${minus(last)}]`;
  }

  /** The part of each row of length `whole` that is meant; empty if it is the whole row. */
  #columns({ offset, strides }: Operand, shape: Shape, whole: number): string {
    const moving = shape.flatMap((length, axis) => (length > 1 && strides[axis] !== 0 ? [axis] : []));
    const inner = moving.find((axis) => Math.abs(strides[axis]!) === 1);
    const count = inner === undefined ? 1 : shape[inner]!;
    const pitch = moving
      .map((axis) => Math.abs(strides[axis]!))
      .filter((stride) => stride > 1 && stride < whole && stride >= count);
    const width = pitch.length > 0 ? Math.min(...pitch) : undefined;
    if (width === undefined) {
      const start = offset % whole;
      return count === whole || sizeOf(shape) >= whole || moving.length === 0 ? "" : `[${start}:${start + count}]`;
    }
    const start = offset % width;
    return count >= width ? "" : `[:, ${count === 1 ? start : `${start}:${start + count}`}]`;
  }
}

/** Whether neighbours along the last axis but one are neighbours in memory. */
function isTurned({ strides }: Operand, shape: Shape): boolean {
  return strides.at(-2) === 1 && strides.at(-1)! > 1 && shape.at(-2)! > 1 && shape.at(-1)! > 1;
}

function isNumber({ role, size }: Buffer): boolean {
  return role === "constant" && size === 1;
}

/** Ports and named buffers have their names, the others are t1, t2, … in the order of the instructions. */
function nameBuffers({ buffers, inputs, variables, outputs, instructions }: Program): string[] {
  const names = new Array<string>(buffers.length);
  const taken = new Set<string>();
  const give = (buffer: number, wanted: string): void => {
    let name = wanted;
    for (let i = 2; taken.has(name); i++) name = `${wanted}${i}`;
    taken.add(name);
    names[buffer] = name;
  };
  for (const { name, buffer } of [...inputs, ...variables, ...outputs]) if (!names[buffer]) give(buffer, name);
  const straight = instructions.flatMap((instruction): readonly StraightInstruction[] =>
    instruction.kind === "loop" ? instruction.body : [instruction],
  );
  const met = [...new Set(straight.flatMap(operandsOf).map(({ buffer }) => buffer))].filter(
    (buffer) => !isNumber(buffers[buffer]!),
  );
  for (const buffer of met) if (!names[buffer] && buffers[buffer]!.name) give(buffer, buffers[buffer]!.name);
  let next = 1;
  for (const buffer of met) {
    while (!names[buffer] && taken.has(`t${next}`)) next++;
    if (!names[buffer]) give(buffer, `t${next}`);
  }
  return names;
}
