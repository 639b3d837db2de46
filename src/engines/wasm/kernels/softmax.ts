/**
 * What is made of a row's exponentials: softmax, its logarithm, or the logarithm of their sum. A pass for the maximum, one for the sum of
 * exponentials (compensated after Kahan once for every four vectors, so that wide rows lose nothing), one to finish.
 * Descriptor: output, step, row distance; input, step, row distance; rows, columns; then those of the logarithm of the sum, where a softmax
 * leaves it, too.
 */
import { f32x4, i8x16, local, v128 } from "wasmati";
import type { SoftmaxInstruction } from "../../../compiler/program.js";
import { type Assembler, type I32, kernel, type OnStack, type Vector, type WasmFunction } from "../assembler.js";
import { expOfNegative, log } from "./vector-math.js";

export function softmaxKernel(relaxed: boolean, form: SoftmaxInstruction["form"], withLogSum: boolean): WasmFunction {
  return kernel(relaxed, (asm, descriptor, t) => {
    const output = asm.pointer(descriptor, 0, t);
    const outputRow = asm.word(descriptor, 2);
    const input = asm.pointer(descriptor, 3, t);
    const inputRow = asm.word(descriptor, 5);
    const columns = asm.word(descriptor, 7);
    const logSum = withLogSum ? asm.pointer(descriptor, 8, t) : undefined;
    asm.repeat(asm.word(descriptor, 6), () => {
      const row: Row = { input, output, columns };
      const largest = rowMaximum(asm, row);
      const sum = sumOfExponentials(asm, row, largest, form === "softmax");
      if (logSum) {
        storeLogSum(asm, logSum, largest, sum);
        asm.advance(logSum, asm.word(descriptor, 10));
      }
      if (form === "softmax") {
        const scale = asm.vector(f32x4.div(asm.constant(1), sum));
        overRow(asm, { ...row, input: output }, (values, store) => {
          for (const [i, value] of values.entries()) store(i, asm.vector(f32x4.mul(value, scale)));
        });
      } else if (form === "logSoftmax") {
        const shift = log(asm, sum);
        overRow(asm, row, (values, store) => {
          for (const [i, value] of values.entries()) store(i, asm.vector(f32x4.sub(f32x4.sub(value, largest), shift)));
        });
      } else storeLogSum(asm, output, largest, sum);
      asm.advance(input, inputRow);
      asm.advance(output, outputRow);
    });
  });
}

function storeLogSum(asm: Assembler, at: I32, largest: Vector, sum: Vector): void {
  v128.store32_lane({}, 0, at, asm.vector(f32x4.add(largest, log(asm, sum))));
}

interface Row {
  readonly input: I32;
  readonly output: I32;
  readonly columns: I32;
}

/** Visits a row, four vectors at a time while there are as many; `mask` has ones in the lanes that exist, and is absent when all do. */
function overRow(
  asm: Assembler,
  { input, output, columns }: Row,
  visit: (values: readonly Vector[], store: (i: number, result: Vector) => void, mask?: Vector) => void,
): void {
  asm.scope(() => {
    const from = asm.integer(input);
    const to = asm.integer(output);
    const left = asm.integer(columns);
    for (const vectors of [4, 1]) {
      asm.repeatBy(left, 4 * vectors, () => {
        const values = Array.from({ length: vectors }, (_, i) => asm.vector(v128.load({ offset: 16 * i }, from)));
        visit(values, (i, result) => v128.store({ offset: 16 * i }, to, result));
        asm.advance(from, 16 * vectors);
        asm.advance(to, 16 * vectors);
      });
    }
    asm.when(left, () => {
      visit([asm.loadLanes(from, left, 4)], (_, result) => asm.storeLanes(to, result, left, 4), asm.firstLanes(left));
    });
  });
}

/** NaN does not show here; it does in the exponentials. */
function rowMaximum(asm: Assembler, row: Row): Vector {
  const lowest = asm.constant(-Infinity);
  const largest = asm.vector(lowest);
  overRow(asm, row, (values, _store, mask) => {
    const candidates = values.map((value) => (mask ? asm.vector(v128.bitselect(value, lowest, mask)) : value));
    local.set(largest, f32x4.pmax(largest, inPairs(asm, candidates, f32x4.pmax)));
  });
  return combineLanes(asm, largest, (a, b) => f32x4.pmax(a, b));
}

/** Σ exp(value − largest) in every lane; keeps the exponentials in the output if asked to. */
function sumOfExponentials(asm: Assembler, row: Row, largest: Vector, keep: boolean): Vector {
  const zero = asm.constant(0);
  const sum = asm.vector(zero);
  const lost = asm.vector(zero);
  overRow(asm, row, (values, store, mask) => {
    const terms = values.map((value, i) => {
      const e = expOfNegative(asm, asm.vector(f32x4.sub(value, largest)));
      if (keep) store(i, e);
      return mask ? asm.vector(v128.and(e, mask)) : e;
    });
    addCompensated(asm, sum, lost, inPairs(asm, terms, f32x4.add));
  });
  return combineLanes(asm, sum, (a, b) => f32x4.add(a, b));
}

/** sum += term, with the rounding error carried in `lost` (Kahan). */
function addCompensated(asm: Assembler, sum: Vector, lost: Vector, term: Vector): void {
  const corrected = asm.vector(f32x4.sub(term, lost));
  const next = asm.vector(f32x4.add(sum, corrected));
  local.set(lost, f32x4.sub(f32x4.sub(next, sum), corrected));
  local.set(sum, next);
}

/** One or four vectors combined as (0 ∘ 1) ∘ (2 ∘ 3). */
function inPairs(asm: Assembler, vectors: readonly Vector[], combine: (a: Vector, b: Vector) => OnStack): Vector {
  if (vectors.length === 1) return vectors[0]!;
  const half = vectors.length / 2;
  const [first, second] = [vectors.slice(0, half), vectors.slice(half)];
  return asm.vector(combine(inPairs(asm, first, combine), inPairs(asm, second, combine)));
}

/** The four lanes combined, in every lane. */
export function combineLanes(asm: Assembler, x: Vector, combine: (a: Vector, b: Vector) => OnStack): Vector {
  const swapped = asm.vector(i8x16.shuffle([8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7] as never, x, x));
  const pairs = asm.vector(combine(x, swapped));
  const crossed = asm.vector(
    i8x16.shuffle([4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11] as never, pairs, pairs),
  );
  return asm.vector(combine(pairs, crossed));
}
