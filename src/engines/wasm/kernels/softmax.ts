/**
 * Softmax of rows, its logarithm, or the logarithm of the sum of exponentials. A pass for the maximum, one for the sum of
 * exponentials (compensated after Kahan once for every 256 columns, so that wide rows lose nothing), one to finish. A bias is added on
 * the way in, in both passes that read the row.
 */
import type { SoftmaxInstruction } from "../../../compiler/program.js";
import type { Assembler, I32, OnStack, Vector, WasmFunction } from "../assembler.js";
import { descriptor, kernel } from "../descriptor.js";
import { f32x4, i8x16, i32, local, v128 } from "../instructions.js";
import { expOfNegative, leastExponential, log } from "./vector-math.js";

export const softmaxLayout = descriptor({
  output: "rows",
  input: "rows",
  rows: "word",
  columns: "word",
  logSum: "rows?",
  bias: "pointer?",
  scale: "rows?",
});

/** The form that is computed, and which operands the instruction has besides input and output. */
export interface SoftmaxParts {
  readonly form: SoftmaxInstruction["form"];
  readonly logSum: boolean;
  readonly bias: boolean;
  readonly scale: boolean;
}

export function softmaxKernel(relaxed: boolean, parts: SoftmaxParts): WasmFunction {
  const { form } = parts;
  return kernel(relaxed, softmaxLayout, (asm, descriptor) => {
    const output = descriptor.pointer("output");
    const outputRow = descriptor.distance("output");
    const input = descriptor.pointer("input");
    const inputRow = descriptor.distance("input");
    const columns = descriptor.word("columns");
    const logSum = parts.logSum ? descriptor.pointer("logSum") : undefined;
    const bias = parts.bias ? descriptor.pointer("bias") : undefined;
    const scale = parts.scale ? descriptor.pointer("scale") : undefined;
    const least = leastExponential(asm);
    asm.repeat(descriptor.word("rows"), () => {
      const keepSum = bias !== undefined && form !== "logSumExp";
      const largest = rowMaximum(asm, { input, output, columns, bias }, keepSum);
      const row: Row = keepSum ? { input: output, output, columns } : { input, output, columns, bias };
      const sum = sumOfExponentials(asm, row, { largest, least, keep: form === "softmax" });
      if (logSum) {
        storeLogSum(asm, logSum, largest, sum);
        asm.advance(logSum, descriptor.distance("logSum"));
      }
      if (form === "softmax") {
        const weight = scale ? asm.vector(v128.load32_splat({}, scale)) : asm.constant(1);
        const factor = asm.vector(f32x4.div(weight, sum));
        overRow(asm, { input: output, output, columns }, (values, store) => {
          for (const [i, value] of values.entries()) store(i, asm.vector(f32x4.mul(value, factor)));
        });
        if (scale) asm.advance(scale, descriptor.distance("scale"));
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
  /** Added to what is read. */
  readonly bias?: I32;
}

/** Blocks of a row, in groups of four vectors. */
const BLOCK = 16;

/**
 * Visits a row, four vectors at a time while there are as many; `mask` has ones in the lanes that exist, and is absent when all do.
 * `afterBlock` follows every 16 groups of four vectors.
 */
function overRow(
  asm: Assembler,
  { input, output, columns, bias }: Row,
  visit: (values: readonly Vector[], store: (i: number, result: Vector) => void, mask?: Vector) => void,
  afterBlock: () => void = () => {},
): void {
  asm.scope(() => {
    const from = asm.integer(input);
    const to = asm.integer(output);
    const added = bias && asm.integer(bias);
    const left = asm.integer(i32.and(columns, 15));
    const group = (vectors: number) => (): void => {
      const values = Array.from({ length: vectors }, (_, i) => {
        const value = asm.vector(v128.load({ offset: 16 * i }, from));
        return added ? asm.vector(f32x4.add(value, v128.load({ offset: 16 * i }, added))) : value;
      });
      visit(values, (i, result) => v128.store({ offset: 16 * i }, to, result));
      for (const pointer of [from, to, added]) if (pointer) asm.advance(pointer, 16 * vectors);
    };
    asm.chunks(asm.integer(i32.shr_u(columns, 4)), BLOCK, (groups) => {
      asm.repeat(groups, group(4));
      afterBlock();
    });
    asm.repeatBy(left, 4, group(1));
    asm.when(left, () => {
      const value = asm.loadLanes(from, left, 4);
      const sum = added ? asm.vector(f32x4.add(value, asm.loadLanes(added, left, 4))) : value;
      visit([sum], (_, result) => asm.storeLanes(to, result, left, 4), asm.firstLanes(left));
    });
  });
}

/** NaN does not show here; it does in the exponentials. */
function rowMaximum(asm: Assembler, row: Row, keep: boolean): Vector {
  const lowest = asm.constant(-Infinity);
  const largest = asm.vector(lowest);
  overRow(asm, row, (values, store, mask) => {
    if (keep) for (const [i, value] of values.entries()) store(i, value);
    const candidates = values.map((value) => (mask ? asm.vector(v128.bitselect(value, lowest, mask)) : value));
    local.set(largest, f32x4.pmax(largest, inPairs(asm, candidates, f32x4.pmax)));
  });
  return combineLanes(asm, largest, (a, b) => f32x4.pmax(a, b));
}

interface Exponentials {
  readonly largest: Vector;
  readonly least: Vector;
  /** Whether they are kept in the output. */
  readonly keep: boolean;
}

/** Σ exp(value − largest) in every lane. */
function sumOfExponentials(asm: Assembler, row: Row, { largest, least, keep }: Exponentials): Vector {
  const zero = asm.constant(0);
  const sum = asm.vector(zero);
  const lost = asm.vector(zero);
  const block = asm.vector(zero);
  const addBlock = (): void => {
    addCompensated(asm, sum, lost, block);
    local.set(block, zero);
  };
  const visit = (values: readonly Vector[], store: (i: number, result: Vector) => void, mask?: Vector): void => {
    const terms = values.map((value, i) => {
      const e = expOfNegative(asm, asm.vector(f32x4.sub(value, largest)), least);
      if (keep) store(i, e);
      return mask ? asm.vector(v128.and(e, mask)) : e;
    });
    local.set(block, f32x4.add(block, inPairs(asm, terms, f32x4.add)));
  };
  overRow(asm, row, visit, addBlock);
  addBlock();
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
  const swapped = asm.vector(i8x16.shuffle([8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7], x, x));
  const pairs = asm.vector(combine(x, swapped));
  const crossed = asm.vector(i8x16.shuffle([4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11], pairs, pairs));
  return asm.vector(combine(pairs, crossed));
}
