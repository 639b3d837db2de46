/**
 * The system's BLAS (OpenBLAS, Intel MKL, Apple Accelerate), where there is one: it multiplies matrices with vectors wider than WebAssembly
 * has. It works in place on the engine's memory. `blas-node.ts` finds it; this file is the contract and the function that programs call.
 */
import type { MatmulInstruction, Operand } from "../../compiler/program.js";
import { type Call, pointerWords, type Word } from "./call.js";

/** Addresses are those of the process; matrices are row-major. */
export interface Blas {
  /** For people: "OpenBLAS". */
  readonly name: string;
  /** What was loaded. */
  readonly library: string;
  /** Whether it is fast at small products, too: those libraries are that do not pack what they multiply. */
  readonly smallProducts: boolean;
  /** What a worker thread needs to bind the same library: `code` is the text of a function of this object and the memory. */
  forThread(): { readonly koffi: string; readonly library: string; readonly code: string };
  /** Where an array's memory begins. */
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

const AS_IT_LIES = 111;
const TRANSPOSED = 112;
/**
 * Whether BLAS is faster than our own kernels, which depends on how much of b it packs for how few rows. Measured with OpenBLAS 0.3.21 on Zen 3 and on AVX-512. A row is read from memory faster than our kernels ask for it.
 */
function isWorthACall({ m, k, n }: MatmulInstruction, { smallProducts }: Pick<Blas, "smallProducts">): boolean {
  if (n === 1) return false;
  if (m === 1) return k * n >= 2 ** 17;
  if (m <= 4) return false;
  return m * k * n > (smallProducts ? 2 ** 14 : 2 ** 18);
}

/** How a matrix is told to BLAS: which way round, and the distance of its rows; undefined for one it cannot read. */
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

/** Up to how many rows our own kernels are faster than a BLAS that packs b, where theirs was packed before. */
const FEW_ROWS = 12;

/** Whether a product by a factor that can be packed once is better left to our own kernels. */
export function prefersPanels({ m }: MatmulInstruction, blas: Pick<Blas, "smallProducts"> | undefined): boolean {
  return !blas || (!blas.smallProducts && m <= FEW_ROWS);
}

/**
 * The call of BLAS for a product; undefined where our own kernel is better or the layout is not BLAS's.
 *
 * @param right where b lies, and how far it moves per iteration
 */
export function lowerToBlas(
  instruction: MatmulInstruction,
  blas: Pick<Blas, "smallProducts">,
  right: readonly Word[] = pointerWords(instruction.b),
): Call | undefined {
  const { batch, m, k, n, a, b, output, accumulate } = instruction;
  if (!isWorthACall(instruction, blas)) return undefined;
  const aLayout = layoutOf(a, m, k);
  const bLayout = layoutOf(b, k, n);
  const row = output.strides[1]!;
  if (!aLayout || !bLayout || (m > 1 && row < n)) return undefined;
  const words = [
    ...[...pointerWords(a), ...right, ...pointerWords(output)],
    ...[a, b, output].map(({ strides }) => 4 * strides[0]!),
    ...[batch, m, n, k, aLayout.trans, aLayout.distance, bLayout.trans, bLayout.distance],
    ...[Math.max(row, n), Number(accumulate)],
  ];
  return { key: "matmul blas", host: "blas", words };
}

/**
 * The function behind "matmul blas": reads its descriptor from the engine's memory. Worker threads run its text, so it mentions nothing
 * but its arguments.
 */
export function blasFunction(blas: Blas, integers: () => Int32Array): (descriptor: number, t: number) => void {
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
    let a = base + words[d]! + t * words[d + 1]!;
    let b = base + words[d + 2]! + t * words[d + 3]!;
    let c = base + words[d + 4]! + t * words[d + 5]!;
    const m = words[d + 10]!;
    const n = words[d + 11]!;
    const k = words[d + 12]!;
    const transA = words[d + 13]!;
    const lda = words[d + 14]!;
    const transB = words[d + 15]!;
    const ldb = words[d + 16]!;
    const ldc = words[d + 17]!;
    const beta = words[d + 18]!;
    for (let i = words[d + 9]!; i > 0; i--) {
      if (m === 1) {
        // One row: yᵀ = op(B)ᵀ·xᵀ, which reads B once.
        const plain = transB === asItLies;
        const [trans, rows, columns] = plain ? [transposed, k, n] : [asItLies, n, k];
        blas.sgemv(trans, rows, columns, b, ldb, a, transA === asItLies ? 1 : lda, beta, c, 1);
      } else blas.sgemm(transA, transB, m, n, k, a, lda, b, ldb, beta, c, ldc);
      a += words[d + 6]!;
      b += words[d + 7]!;
      c += words[d + 8]!;
    }
  };
}
