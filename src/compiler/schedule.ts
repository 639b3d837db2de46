/**
 * Schedule: gives every scratch buffer a range of the arena. Buffers that are never live at the same time share memory. Nothing is allocated
 * while a program runs.
 */
import { type Instruction, operandsOf } from "./instructions.js";
import type { Buffer } from "./program.js";

/** A buffer before it has a range. */
export interface BufferDraft extends Omit<Buffer, "offset"> {
  /** Made inside a loop's body and dead at the end of each step. */
  readonly perStep: boolean;
  /** Live from the start (an input) or to the end (an output). */
  fromStart?: boolean;
  toEnd?: boolean;
}

const ALIGNMENT = 16;

interface Lifetime {
  readonly buffer: number;
  readonly size: number;
  first: number;
  last: number;
}

/** Assigns ranges to the scratch buffers; `arenaSize` is in elements. */
export function schedule(
  drafts: readonly BufferDraft[],
  instructions: readonly Instruction[],
): { buffers: Buffer[]; arenaSize: number } {
  const lifetimes = lifetimesOf(drafts, instructions);
  const offsets = new Map<number, number>();
  const placed: (Lifetime & { offset: number })[] = [];
  let arenaSize = 0;
  // Largest first: each takes the lowest range that is free during its lifetime.
  for (const lifetime of lifetimes.toSorted((a, b) => b.size - a.size || a.first - b.first)) {
    const neighbours = placed
      .filter((other) => other.first <= lifetime.last && lifetime.first <= other.last)
      .sort((a, b) => a.offset - b.offset);
    let offset = 0;
    for (const other of neighbours) {
      if (offset + lifetime.size <= other.offset) break;
      offset = Math.max(offset, align(other.offset + other.size));
    }
    placed.push({ ...lifetime, offset });
    offsets.set(lifetime.buffer, offset);
    arenaSize = Math.max(arenaSize, offset + lifetime.size);
  }
  const buffers = drafts.map(
    ({ role, dtype, size, name, values }, i): Buffer =>
      role === "scratch"
        ? { role, dtype, size, name, offset: offsets.get(i) ?? 0 }
        : { role, dtype, size, name, values },
  );
  return { buffers, arenaSize: align(arenaSize) };
}

function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

function lifetimesOf(drafts: readonly BufferDraft[], instructions: readonly Instruction[]): Lifetime[] {
  const lifetimes = new Map<number, Lifetime>();
  const touch = (buffer: number, first: number, last: number): void => {
    const draft = drafts[buffer]!;
    if (draft.role !== "scratch") return;
    const known = lifetimes.get(buffer);
    if (!known) lifetimes.set(buffer, { buffer, size: draft.size, first, last });
    else {
      known.first = Math.min(known.first, first);
      known.last = Math.max(known.last, last);
    }
  };
  let time = 0;
  for (const instruction of instructions) {
    if (instruction.kind !== "loop") {
      for (const { buffer } of operandsOf(instruction)) touch(buffer, time, time);
      time++;
      continue;
    }
    const start = time;
    const end = time + instruction.body.length;
    for (const inner of instruction.body) {
      for (const { buffer } of operandsOf(inner)) {
        // A buffer that outlives a step must survive all steps.
        if (drafts[buffer]!.perStep) touch(buffer, time, time);
        else touch(buffer, start, end);
      }
      time++;
    }
    time = end + 1;
  }
  drafts.forEach((draft, buffer) => {
    if (draft.fromStart) touch(buffer, -1, -1);
    if (draft.toEnd) touch(buffer, time, time);
  });
  return [...lifetimes.values()];
}
