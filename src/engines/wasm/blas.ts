/**
 * The system's BLAS (OpenBLAS, Intel MKL, Apple Accelerate), where there is one: it multiplies matrices with vectors wider than WebAssembly
 * has. It works in place on the engine's memory. `blas-node.ts` finds it; this file is the contract and the function that programs call.
 */
import type { MatmulInstruction, Operand } from "../../compiler/program.js";
import type { Call, PointerWords } from "./call.js";
import { descriptor } from "./descriptor.js";

/** Addresses are those of the process; matrices are row-major. */
export interface Blas {
  /** For people: "OpenBLAS". */
  readonly name: string;
  /** File name or path of the library. */
  readonly library: string;
  /** Whether it is fast at small products too: true of libraries that multiply them without packing. */
  readonly smallProducts: boolean;
  /** Arguments for a worker thread to bind the same library: `code` is the text of a function of this object and the memory. */
  forThread(): { readonly koffi: string; readonly library: string; readonly code: string };
  /** Address of an array. */
  addressOf(memory: ArrayBuffer): number;
  /** C ← op(A)·op(B) + beta·C. `trans` is CBLAS's: 111 as it lies, 112 transposed. */
  sgemm(
    transA: number,
    transB: number,
    m: number,
    n: number,
    k: number,
    a: number,
    lda: number,
    b: number,
    ldb: number,
    beta: number,
    c: number,
    ldc: number,
  ): void;
  /** y ← op(A)·x + beta·y for A [rows, columns]. */
  sgemv(
    trans: number,
    rows: number,
    columns: number,
    a: number,
    lda: number,
    x: number,
    incX: number,
    beta: number,
    y: number,
    incY: number,
  ): void;
}

/**
 * Distances between the matrices of the batch in bytes; `transA` and the like are CBLAS's, with distances of rows in elements. `accumulate` is
 * 1 if the product is added to c.
 */
export const blasLayout = descriptor({
  a: "pointer",
  b: "pointer",
  c: "pointer",
  aBatch: "word",
  bBatch: "word",
  cBatch: "word",
  batch: "word",
  m: "word",
  n: "word",
  k: "word",
  transA: "word",
  lda: "word",
  transB: "word",
  ldb: "word",
  ldc: "word",
  accumulate: "word",
});

const AS_IT_LIES = 111;
const TRANSPOSED = 112;

/**
 * Whether BLAS is faster than our kernels, which depends on the number of rows and on what it packs of b. Measured with OpenBLAS 0.3.21 on
 * Zen 3 and on AVX-512: with one row the time is that of reading b, which BLAS does faster once b is large.
 */
function isWorthACall({ m, k, n }: MatmulInstruction, { smallProducts }: Pick<Blas, "smallProducts">): boolean {
  if (n === 1) return false;
  if (m === 1) return k * n >= 2 ** 17;
  if (m <= 4) return false;
  return m * k * n > (smallProducts ? 2 ** 14 : 2 ** 18);
}

/** CBLAS's arguments for a matrix: transposed or not, and the distance of its rows; undefined for one that it cannot read. */
function layoutOf(
  { strides }: Operand,
  rows: number,
  columns: number,
): { trans: number; distance: number } | undefined {
  const [, row, column] = strides as [number, number, number];
  if ((column === 1 || columns === 1) && (rows === 1 || row >= columns))
    return { trans: AS_IT_LIES, distance: Math.max(row, columns) };
  if ((row === 1 || rows === 1) && column >= rows) return { trans: TRANSPOSED, distance: column };
  return undefined;
}

/** Up to this number of rows our kernels, with b packed before, are faster than a BLAS that packs it each time. */
const FEW_ROWS = 12;

/** Whether a product by a factor that can be packed once is faster with our kernels. */
export function prefersPanels({ m }: MatmulInstruction, blas: Pick<Blas, "smallProducts"> | undefined): boolean {
  return !blas || (!blas.smallProducts && m <= FEW_ROWS);
}

/**
 * The call of BLAS for a product; undefined where our kernel is faster or the layout is not BLAS's.
 *
 * @param right where b lies, and how far it moves per iteration
 */
export function lowerToBlas(
  instruction: MatmulInstruction,
  blas: Pick<Blas, "smallProducts">,
  right: Operand | PointerWords = instruction.b,
): Call | undefined {
  const { batch, m, k, n, a, b, output, accumulate } = instruction;
  if (!isWorthACall(instruction, blas)) return undefined;
  const aLayout = layoutOf(a, m, k);
  const bLayout = layoutOf(b, k, n);
  const row = output.strides[1]!;
  if (!aLayout || !bLayout || (m > 1 && row < n)) return undefined;
  const words = blasLayout.words({
    a,
    b: right,
    c: output,
    aBatch: 4 * a.strides[0]!,
    bBatch: 4 * b.strides[0]!,
    cBatch: 4 * output.strides[0]!,
    batch,
    m,
    n,
    k,
    transA: aLayout.trans,
    lda: aLayout.distance,
    transB: bLayout.trans,
    ldb: bLayout.distance,
    ldc: Math.max(row, n),
    accumulate: Number(accumulate),
  });
  return { key: "matmul blas", host: "blas", words };
}

/**
 * The function behind "matmul blas": reads its descriptor from the engine's memory. Worker threads run its text, so it mentions nothing
 * but its arguments.
 *
 * @param at the positions of a descriptor's words: `blasLayout.at`
 */
export function blasFunction(
  blas: Blas,
  integers: () => Int32Array,
  at: typeof blasLayout.at,
): (descriptor: number, t: number) => void {
  const [asItLies, transposed] = [111, 112];
  let buffer: unknown;
  let base = 0;
  return (descriptor, t) => {
    const words = integers();
    if (words.buffer !== buffer) {
      buffer = words.buffer;
      base = blas.addressOf(words.buffer as ArrayBuffer);
    }
    const d = descriptor >> 2;
    // A pointer's second word is the bytes to move per iteration.
    let a = base + words[d + at.a]! + t * words[d + at.a + 1]!;
    let b = base + words[d + at.b]! + t * words[d + at.b + 1]!;
    let c = base + words[d + at.c]! + t * words[d + at.c + 1]!;
    const m = words[d + at.m]!;
    const n = words[d + at.n]!;
    const k = words[d + at.k]!;
    const transA = words[d + at.transA]!;
    const lda = words[d + at.lda]!;
    const transB = words[d + at.transB]!;
    const ldb = words[d + at.ldb]!;
    const ldc = words[d + at.ldc]!;
    const beta = words[d + at.accumulate]!;
    for (let i = words[d + at.batch]!; i > 0; i--) {
      if (m === 1) {
        // One row: yᵀ = op(B)ᵀ·xᵀ, which reads B once.
        const plain = transB === asItLies;
        const [trans, rows, columns] = plain ? [transposed, k, n] : [asItLies, n, k];
        blas.sgemv(trans, rows, columns, b, ldb, a, transA === asItLies ? 1 : lda, beta, c, 1);
      } else blas.sgemm(transA, transB, m, n, k, a, lda, b, ldb, beta, c, ldc);
      a += words[d + at.aBatch]!;
      b += words[d + at.bBatch]!;
      c += words[d + at.cBatch]!;
    }
  };
}
