/**
 * Random programs for the conformance suites. Every buffer is an input and an output at once: it starts with known numbers, and
 * afterwards all of it is compared, so that a write outside of the operand is seen wherever it lands.
 */
import { accessesOf, type StraightInstruction } from "../../src/compiler/instructions.js";
import type { Buffer, DType, Instruction, Operand, Program } from "../../src/compiler/program.js";
import type { Engine } from "../../src/engines/engine.js";
import { Random } from "../../src/tensor/random.js";
import type { Shape } from "../../src/tensor/shape.js";

export interface ViewOptions {
  dtype?: DType;
  /** Strides of 0 and of either sign are allowed; never for outputs. */
  repeat?: boolean;
  negative?: boolean;
  /** Axes, outermost first, in memory; random if absent. The last one is contiguous if `contiguous`. */
  order?: readonly number[];
  contiguous?: boolean;
  /** Iterations that the view must be able to move through. */
  length?: number;
  values?: (random: Random) => number;
}

export class RandomProgram {
  readonly random: Random;
  readonly inputs: Record<string, number[]> = {};
  readonly instructions: Instruction[] = [];
  readonly #buffers: Buffer[] = [];
  #arenaSize = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + this.random.integer(high - low + 1);
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.random.integer(items.length)]!;
  }

  chance(probability: number): boolean {
    return this.random.uniform() < probability;
  }

  /** Axes of 1 to 40 elements, few of them long. */
  shape(rank: number): number[] {
    return Array.from({ length: rank }, () => this.pick([1, 2, 3, 4, 5, 7, 8, 13, 16, 17, 33]));
  }

  /** A buffer with random numbers. */
  buffer(size: number, dtype: DType = "float", values?: (random: Random) => number): number {
    const index = this.#buffers.length;
    this.#buffers.push({ role: "scratch", dtype, size, offset: this.#arenaSize });
    this.#arenaSize += Math.ceil(size / 16) * 16;
    const make = values ?? (dtype === "int" ? (r) => r.integer(7) - 3 : (r) => r.uniform() * 4 - 2);
    this.inputs[`b${index}`] = Array.from({ length: size }, () => Math.fround(make(this.random)));
    return index;
  }

  /** A view of that shape in a new buffer, with gaps, an offset and any order of axes. */
  view(shape: Shape, options: ViewOptions = {}): Operand {
    const { repeat = false, negative = true, contiguous = false, length = 1 } = options;
    const order = options.order ?? [...this.random.permutation(shape.length)];
    const strides = new Array<number>(shape.length).fill(0);
    let stride = contiguous || this.chance(0.6) ? 1 : this.integer(2, 3);
    let extent = 1;
    for (const axis of [...order].reverse()) {
      if (repeat && this.chance(0.2)) continue;
      strides[axis] = stride;
      extent += (shape[axis]! - 1) * stride;
      stride = stride * shape[axis]! + (this.chance(0.6) ? 0 : this.integer(1, 3));
    }
    const step = length === 1 ? 0 : this.pick([0, 1, extent, -extent, extent + 3]);
    const offset = this.integer(0, 5) + Math.max(0, -step * (length - 1));
    let first = offset;
    if (negative) {
      strides.forEach((value, axis) => {
        if (contiguous && axis === order.at(-1)) return;
        if (!this.chance(0.2)) return;
        strides[axis] = -value;
        first += value * (shape[axis]! - 1);
      });
    }
    const size = offset + extent + Math.max(0, step * (length - 1)) + this.integer(0, 5);
    return { buffer: this.buffer(size, options.dtype, options.values), offset: first, strides, step };
  }

  build(name = "random"): Program {
    const ports = this.#buffers.map(({ dtype, size }, i) => ({ name: `b${i}`, shape: [size], dtype, buffer: i }));
    return {
      name,
      buffers: this.#buffers,
      instructions: this.instructions,
      inputs: ports,
      variables: [],
      outputs: ports,
      arenaSize: this.#arenaSize,
    };
  }
}

/** Runs a program on a new device, and checks what its instructions say that they write. @returns every output by name */
export async function runOn(engine: Engine, program: Program, inputs: Record<string, ArrayLike<number>>) {
  const executable = await engine.createDevice().load(program);
  executable.run(inputs);
  const results: Record<string, number[]> = {};
  const written = writtenBuffers(program);
  for (const { name, buffer } of program.outputs) {
    const after = Array.from(executable.output(name));
    const changed = Array.from(inputs[name] ?? after).some((before, i) => !Object.is(before, after[i]));
    if (changed && !written.has(buffer)) {
      throw new Error(`accessesOf says of no instruction that it writes buffer ${buffer}, but it changed`);
    }
    results[name] = after;
  }
  return results;
}

function writtenBuffers({ instructions }: Program): Set<number> {
  const straight = instructions.flatMap((each): readonly StraightInstruction[] =>
    each.kind === "loop" ? each.body : [each],
  );
  const written = straight.flatMap(accessesOf).filter(({ writes }) => writes);
  return new Set(written.map(({ operand }) => operand.buffer));
}

/**
 * The largest difference between two results, relative to the largest number of the buffer it is in (at least 1); Infinity when
 * one is NaN or infinite and the other is not, or when an element differs that the specification left as it was.
 */
export function difference(
  got: Record<string, number[]>,
  expected: Record<string, number[]>,
  inputs: Record<string, number[]>,
): number {
  let worst = 0;
  for (const [name, wanted] of Object.entries(expected)) {
    const magnitude = wanted.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 1);
    wanted.forEach((want, i) => {
      const have = got[name]![i]!;
      if (Object.is(have, want)) return;
      if (Object.is(want, inputs[name]![i])) worst = Infinity;
      const off = Math.abs(have - want) / magnitude;
      worst = Math.max(worst, Number.isFinite(off) ? off : Infinity);
    });
  }
  return worst;
}
