/**
 * Sum, sum of squares, maximum and argmax of [outer, length, inner] over length. Three layouts: "columns" (inner contiguous: up to 16 columns at
 * a time), "rows" (length contiguous), "strided" (anything, one element at a time). Sums go in blocks of 256, so that the rounding
 * error of a long sum grows with the square root of the number of blocks, not of elements.
 */

import type { ReduceInstruction } from "../../../compiler/program.js";
import type { Assembler, I32, OnStack, Vector, WasmFunction } from "../assembler.js";
import { descriptor, kernel } from "../descriptor.js";
import { f32x4, i32, i32x4, local, v128 } from "../instructions.js";
import { combineLanes } from "./softmax.js";

export type ReduceLayout = "columns" | "rows" | "strided";
type ReduceOp = ReduceInstruction["op"];
/** Reductions that combine elements one after the other. */
export type CombiningOp = Exclude<ReduceOp, "argmax">;

/** Strides of the input in bytes; the output is contiguous. */
export const reduceLayout = descriptor({
  output: "pointer",
  input: "pointer",
  outerStride: "word",
  lengthStride: "word",
  innerStride: "word",
  outer: "word",
  length: "word",
  inner: "word",
});

export const BLOCK = 256;

export function reduceKernel(relaxed: boolean, op: ReduceOp, layout: ReduceLayout): WasmFunction {
  return kernel(relaxed, reduceLayout, (asm, descriptor) => {
    const output = descriptor.pointer("output");
    const input = descriptor.pointer("input");
    const outerStride = descriptor.word("outerStride");
    const lengthStride = descriptor.word("lengthStride");
    const innerStride = descriptor.word("innerStride");
    const length = descriptor.word("length");
    asm.repeat(descriptor.word("outer"), () => {
      const from = asm.integer(input);
      const inner = descriptor.word("inner");
      if (layout === "columns") {
        columns(asm, op, { from, output, inner, length, lengthStride });
      } else {
        asm.repeat(inner, () => {
          const result =
            layout === "rows"
              ? row(asm, op as CombiningOp, from, length)
              : column(asm, op, length, lengthStride, [from], (p) => v128.load32_zero({}, p))[0]!;
          asm.storeLanes(output, result, asm.integer(1), 4);
          asm.advance(from, innerStride);
          asm.advance(output, 4);
        });
      }
      asm.advance(input, outerStride);
    });
  });
}

interface Columns {
  readonly from: I32;
  readonly output: I32;
  readonly inner: I32;
  readonly length: I32;
  readonly lengthStride: I32;
}

function columns(asm: Assembler, op: ReduceOp, { from, output, inner, length, lengthStride }: Columns): void {
  for (const vectors of [4, 1]) {
    asm.repeatBy(inner, 4 * vectors, () => {
      const numbers = Array.from({ length: vectors }, (_, k) => k);
      const results = column(
        asm,
        op,
        length,
        lengthStride,
        [from],
        (p, k) => v128.load({ offset: 16 * k }, p),
        numbers,
      );
      results.forEach((result, k) => {
        v128.store({ offset: 16 * k }, output, result);
      });
      asm.advance(from, 16 * vectors);
      asm.advance(output, 16 * vectors);
    });
  }
  asm.when(inner, () => {
    const load = (p: I32): Vector => asm.loadLanes(p, inner, 4);
    const [result] = column(asm, op, length, lengthStride, [from], load);
    asm.storeLanes(output, result!, inner, 4);
    local.set(output, i32.add(output, i32.shl(inner, 2)));
  });
}

interface Combiner {
  readonly identity: number;
  readonly combine: (a: Vector, b: Vector) => OnStack;
  /** The number made of each element that is combined; the element itself if absent. */
  readonly term?: (x: Vector) => OnStack;
}

export const combiners: Readonly<Record<CombiningOp, Combiner>> = {
  sum: { identity: 0, combine: (a, b) => f32x4.add(a, b) },
  sumSquares: { identity: 0, combine: (a, b) => f32x4.add(a, b), term: (x) => f32x4.mul(x, x) },
  max: { identity: -Infinity, combine: (a, b) => f32x4.max(a, b) },
};

/** Reduces vectors lane by lane down a column; `load(p, k)` reads the k-th of several neighbouring columns. */
function column(
  asm: Assembler,
  op: ReduceOp,
  length: I32,
  stride: I32,
  [start]: readonly [I32],
  load: (pointer: I32, k: number) => OnStack | Vector,
  numbers: readonly number[] = [0],
): Vector[] {
  const pointer = asm.integer(start);
  if (op === "argmax") return argmaxColumn(asm, length, stride, pointer, load, numbers);
  const { identity, combine, term } = combiners[op];
  const totals = numbers.map(() => asm.vector(asm.constant(identity)));
  asm.chunks(asm.integer(length), BLOCK, (block) => {
    const sums = numbers.map(() => asm.vector(asm.constant(identity)));
    asm.repeat(block, () => {
      sums.forEach((sum, k) => {
        const value = asm.vector(load(pointer, k));
        local.set(sum, combine(sum, term ? asm.vector(term(value)) : value));
      });
      asm.advance(pointer, stride);
    });
    totals.forEach((total, k) => {
      local.set(total, combine(total, sums[k]!));
    });
  });
  return totals;
}

function argmaxColumn(
  asm: Assembler,
  length: I32,
  stride: I32,
  pointer: I32,
  load: (pointer: I32, k: number) => OnStack | Vector,
  numbers: readonly number[],
): Vector[] {
  const best = numbers.map(() => asm.vector(asm.constant(-Infinity)));
  const index = numbers.map(() => asm.vector(asm.bits(0)));
  const position = asm.vector(asm.bits(0));
  asm.repeat(asm.integer(length), () => {
    numbers.forEach((k) => {
      const value = asm.vector(load(pointer, k));
      const better = asm.vector(f32x4.gt(value, best[k]!));
      local.set(best[k]!, v128.bitselect(value, best[k]!, better));
      local.set(index[k]!, v128.bitselect(position, index[k]!, better));
    });
    local.set(position, i32x4.add(position, asm.bits(1)));
    asm.advance(pointer, stride);
  });
  return index;
}

/** Reduces contiguous elements, 16 at a time; the result is in every lane. */
function row(asm: Assembler, op: CombiningOp, start: I32, length: I32): Vector {
  const { identity, combine, term } = combiners[op];
  const termOf = (value: Vector): Vector => (term ? asm.vector(term(value)) : value);
  const pointer = asm.integer(start);
  const total = asm.vector(asm.constant(identity));
  asm.chunks(asm.integer(i32.shr_u(length, 4)), BLOCK, (block) => {
    const sums = [0, 1, 2, 3].map(() => asm.vector(asm.constant(identity)));
    asm.repeat(block, () => {
      sums.forEach((sum, k) => {
        local.set(sum, combine(sum, termOf(asm.vector(v128.load({ offset: 16 * k }, pointer)))));
      });
      asm.advance(pointer, 64);
    });
    const [a, b, c, d] = sums as [Vector, Vector, Vector, Vector];
    const pairs = [asm.vector(combine(a, b)), asm.vector(combine(c, d))] as const;
    local.set(total, combine(total, asm.vector(combine(...pairs))));
  });
  const left = asm.integer(i32.and(length, 15));
  asm.repeatBy(left, 4, () => {
    local.set(total, combine(total, termOf(asm.vector(v128.load({}, pointer)))));
    asm.advance(pointer, 16);
  });
  asm.when(left, () => {
    const lanes = asm.loadLanes(pointer, left, 4);
    const padded = asm.vector(v128.bitselect(lanes, asm.constant(identity), asm.firstLanes(left)));
    local.set(total, combine(total, termOf(padded)));
  });
  return combineLanes(asm, total, combine);
}
