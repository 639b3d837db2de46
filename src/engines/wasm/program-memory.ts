/**
 * Memory of a program on a device: constants in a persistent block each, segments, calls and descriptors in another, scratch
 * buffers and the kernels' workspace in the shared scratch block. Addresses into the scratch block are remembered, so that they
 * can be corrected when a larger program moves it.
 */
import type { Program } from "../../compiler/program.js";
import type { Address, Call, ProgramCall, Word } from "./call.js";
import { aligned, type Heap } from "./heap.js";
import { callLayout, segmentLayout } from "./runner.js";

export interface Segment {
  readonly length: number;
  readonly reverse: boolean;
  readonly calls: readonly ProgramCall[];
}

export interface ProgramMemory {
  /** Address of the first segment, and how many there are. */
  readonly segments: number;
  readonly count: number;
  /** Blocks to free when the program is unloaded. */
  readonly blocks: readonly { readonly address: number; readonly bytes: number }[];
  /** For each buffer its address, or its offset in the scratch block. */
  readonly buffers: readonly { readonly scratch: boolean; readonly start: number }[];
  /** Words (addresses divided by 4) that hold addresses in the scratch block. */
  readonly relocations: Int32Array;
  /** Address of the scratch block when those words were last written. */
  scratchBase: number;
}

/** The scratch memory a program needs: its arena, and behind it the largest workspace of its kernels. */
export function scratchBytesOf(program: Program, calls: readonly Call[]): number {
  return aligned(4 * program.arenaSize) + calls.reduce((most, { workspace = 0 }) => Math.max(most, workspace), 0);
}

/** Writes a lowered program into memory. @param indices the function of each call, in order */
export function writeProgram(
  heap: Heap,
  program: Program,
  segments: readonly Segment[],
  indices: readonly number[],
  variableAddress: (name: string) => number,
  thread: number,
): ProgramMemory {
  const calls = segments.flatMap((segment) => segment.calls);
  const workspaceStart = aligned(4 * program.arenaSize);
  const blocks: { address: number; bytes: number }[] = [];
  const allocate = (bytes: number, purpose: string): number => {
    const address = heap.allocate(bytes, `${purpose} of the program "${program.name}"`);
    blocks.push({ address, bytes });
    return address;
  };
  const buffers = program.buffers.map(({ role, dtype, size, offset = 0, name, values }) => {
    if (role === "scratch") return { scratch: true, start: 4 * offset };
    if (role === "variable") return { scratch: false, start: variableAddress(name!) };
    const start = allocate(4 * size, "A constant");
    heap.as(dtype).set(values!, start / 4);
    return { scratch: false, start };
  });

  const firstCall = segmentLayout.size * segments.length;
  const firstDescriptor = firstCall + callLayout.size * calls.length;
  const size = calls.reduce((sum, { words }) => sum + words.length, firstDescriptor);
  const base = allocate(4 * size, "The instructions") / 4;
  const words = heap.integers.subarray(base, base + size);
  const relocations: number[] = [];
  const numberFor = (word: Word, position: number): number => {
    if (typeof word === "number") return word;
    const { scratch, start } = resolve(word);
    if (scratch) relocations.push(base + position);
    return (scratch ? heap.scratch(thread) : 0) + start + word.bytes;
  };
  const resolve = ({ buffer }: Address): { scratch: boolean; start: number } =>
    buffer === "workspace" ? { scratch: true, start: workspaceStart } : buffers[buffer]!;

  let next = 0;
  let descriptor = firstDescriptor;
  segments.forEach(({ length, reverse, calls: body }, i) => {
    const nextCall = () => firstCall + callLayout.size * next;
    const segment = { firstCall: 4 * (base + nextCall()), calls: body.length, length, reverse: Number(reverse) };
    words.set(segmentLayout.words(segment), segmentLayout.size * i);
    for (const call of body) {
      words.set(callLayout.words({ kernel: indices[next]!, descriptor: 4 * (base + descriptor) }), nextCall());
      for (const word of call.words) words[descriptor] = numberFor(word, descriptor++);
      next++;
    }
  });
  return {
    segments: 4 * base,
    count: segments.length,
    blocks,
    buffers,
    relocations: Int32Array.from(relocations),
    scratchBase: heap.scratch(thread),
  };
}
