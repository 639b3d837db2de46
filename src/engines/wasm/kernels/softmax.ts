/**
 * Softmax and its logarithm, row by row: a pass for the maximum, one for the sum of exponentials (compensated after Kahan, so that
 * wide rows lose nothing), one to finish. Descriptor: output, step, row distance; input, step, row distance; rows, columns.
 */
import { f32x4, i8x16, local, v128 } from "wasmati";
import { type Assembler, type I32, kernel, type OnStack, type Vector, type WasmFunction } from "../assembler.js";
import { exp, log } from "./vector-math.js";

export function softmaxKernel(relaxed: boolean, logarithm: boolean): WasmFunction {
  return kernel(relaxed, (asm, descriptor, t) => {
    const output = asm.pointer(descriptor, 0, t);
    const outputRow = asm.word(descriptor, 2);
    const input = asm.pointer(descriptor, 3, t);
    const inputRow = asm.word(descriptor, 5);
    const columns = asm.word(descriptor, 7);
    asm.repeat(asm.word(descriptor, 6), () => {
      const row: Row = { input, output, columns };
      const largest = rowMaximum(asm, row);
      const sum = sumOfExponentials(asm, row, largest, !logarithm);
      if (logarithm) {
        const shift = log(asm, sum);
        overRow(asm, row, (value, store) => store(asm.vector(f32x4.sub(f32x4.sub(value, largest), shift))));
      } else {
        const scale = asm.vector(f32x4.div(asm.constant(1), sum));
        overRow(asm, { ...row, input: output }, (value, store) => store(asm.vector(f32x4.mul(value, scale))));
      }
      asm.advance(input, inputRow);
      asm.advance(output, outputRow);
    });
  });
}

interface Row {
  readonly input: I32;
  readonly output: I32;
  readonly columns: I32;
}

/** Visits a row four elements at a time; `mask` has ones in the lanes that exist, and is absent when all do. */
function overRow(
  asm: Assembler,
  { input, output, columns }: Row,
  visit: (value: Vector, store: (result: Vector) => void, mask?: Vector) => void,
): void {
  asm.scope(() => {
    const from = asm.integer(input);
    const to = asm.integer(output);
    const left = asm.integer(columns);
    asm.repeatBy(left, 4, () => {
      visit(asm.vector(v128.load({}, from)), (result) => v128.store({}, to, result));
      asm.advance(from, 16);
      asm.advance(to, 16);
    });
    asm.when(left, () => {
      visit(asm.loadLanes(from, left, 4), (result) => asm.storeLanes(to, result, left, 4), asm.firstLanes(left));
    });
  });
}

function rowMaximum(asm: Assembler, row: Row): Vector {
  const lowest = asm.constant(-Infinity);
  const largest = asm.vector(lowest);
  overRow(asm, row, (value, _store, mask) => {
    const candidates = mask ? asm.vector(v128.bitselect(value, lowest, mask)) : value;
    local.set(largest, f32x4.max(largest, candidates));
  });
  return combineLanes(asm, largest, (a, b) => f32x4.max(a, b));
}

/** Σ exp(value − largest) in every lane; keeps the exponentials in the output if asked to. */
function sumOfExponentials(asm: Assembler, row: Row, largest: Vector, keep: boolean): Vector {
  const zero = asm.constant(0);
  const sum = asm.vector(zero);
  const lost = asm.vector(zero);
  overRow(asm, row, (value, store, mask) => {
    const e = exp(asm, asm.vector(f32x4.sub(value, largest)));
    const term = mask ? asm.vector(v128.and(e, mask)) : e;
    if (keep) store(e);
    addCompensated(asm, sum, lost, term);
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

/** The four lanes combined, in every lane. */
export function combineLanes(asm: Assembler, x: Vector, combine: (a: Vector, b: Vector) => OnStack): Vector {
  const swapped = asm.vector(i8x16.shuffle([8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7] as never, x, x));
  const pairs = asm.vector(combine(x, swapped));
  const crossed = asm.vector(
    i8x16.shuffle([4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11] as never, pairs, pairs),
  );
  return asm.vector(combine(pairs, crossed));
}
