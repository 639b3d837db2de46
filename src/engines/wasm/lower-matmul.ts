/** Chooses how to compute a matrix product: which kernel, what to pack, and which of the two factors to call a. */
import type { MatmulInstruction, Operand } from "../../compiler/program.js";
import { type Blas, lowerToBlas } from "./blas.js";
import type { Address, Call, PointerWords, Word } from "./call.js";
import { productLayout } from "./kernels/matmul-descriptor.js";
import { packedSize, packKernel, packLayout, panelShape } from "./kernels/matmul-pack.js";
import { dotsKernel, rowsKernel } from "./kernels/matmul-rows.js";
import { lastStrip, stripsKernel } from "./kernels/matmul-strips.js";
import { TILES_WORKSPACE, type TilesCode, tilesKernel } from "./kernels/matmul-tiles.js";
import { transposeKernel, transposeLayout } from "./kernels/transpose.js";
import { lowerConstant } from "./lower-map.js";

/** From how many elements on b does not stay in the cache while its panels are read in place. */
const LARGE_B = 16384;
/** Up to how many elements strips of b come from the cache faster than rows. */
const SMALL_B = 10240;
/** From how many rows on packing b pays: packing costs about as much as two of them. */
const ROWS_TO_PACK = 5;
/** From how many elements between its columns on a is packed. */
const FAR_COLUMNS = 512;

/** @param blas the system's BLAS, where there is one */
export function lowerMatmul(instruction: MatmulInstruction, blas: Pick<Blas, "smallProducts"> | undefined): Call[] {
  const { batch, m, n, k, output, accumulate } = instruction;
  if (batch * m * n === 0) return [];
  if (k === 0) return accumulate ? [] : lowerConstant([batch, m, n], 0, output);
  const call = blas && lowerToBlas(instruction, blas);
  if (call) return [call];
  // A matrix times a column is computed as a row times the transposed matrix.
  if (n === 1 && m > 1 && output.strides[1] === 1) return product(transposed(instruction));
  return product(instruction);
}

function product(instruction: MatmulInstruction): Call[] {
  const { m, n, k, a, b } = instruction;
  const direct = b.strides[2] === 1 || n === 1;
  const words = productWords(instruction, b, direct ? b.strides[1]! : b.strides[2]!);
  const last = lastStrip(n);
  if (direct && m === 1 && k * n <= SMALL_B && last !== undefined && !instruction.accumulate) {
    return [{ key: `matmul strips ${last}`, make: (relaxed) => stripsKernel(relaxed, last), words }];
  }
  if (direct && (m === 1 || (m <= 4 && k * n > LARGE_B))) {
    return [{ key: "matmul rows", make: rowsKernel, words }];
  }
  if (!direct && isRowMajor(a, k) && m <= 4) return [{ key: "matmul dots", make: dotsKernel, words }];
  const packed = !direct || (k * n > LARGE_B && m >= ROWS_TO_PACK);
  return [tiles(words, { ...panelShape(n, !direct), a: layoutOf(instruction), b: packed ? "packed" : "direct" })];
}

/** A product whose factor b was prepared before, and what prepares it. */
export interface PreparedProduct {
  readonly prepare: Call;
  readonly product: Call;
  /** Memory of the prepared factor in bytes, behind the workspace of the kernels and `start` bytes more. */
  readonly bytes: number;
}

/** The product with panels that are packed once; undefined where b is used in place, or too seldom. */
export function lowerToPanels(instruction: MatmulInstruction, start: number): PreparedProduct | undefined {
  const { batch, m, n, k, b } = instruction;
  const columns = b.strides[2] !== 1;
  if (batch !== 1 || m < ROWS_TO_PACK || n === 1 || k === 0 || (!columns && k * n <= LARGE_B)) return undefined;
  const bytes = 4 * packedSize(k, n);
  const panels = preparedAt(start);
  const shape = panelShape(n, columns);
  return {
    prepare: {
      key: `pack ${JSON.stringify(shape)}`,
      make: (relaxed) => packKernel(relaxed, shape),
      words: packLayout.words({
        panels: [panels, 0],
        b: { ...b, strides: [columns ? b.strides[2]! : b.strides[1]!] },
        k,
        n,
      }),
      workspace: TILES_WORKSPACE + start + bytes,
    },
    product: tiles(productWords(instruction, [panels, 0], 0), {
      ...panelShape(n, false),
      a: layoutOf(instruction),
      b: "panels",
    }),
    bytes,
  };
}

/** The product by BLAS with b transposed once, whose rows it reads faster; undefined where b lies so already, or is not for BLAS. */
export function lowerToRowsOfBlas(
  instruction: MatmulInstruction,
  blas: Pick<Blas, "smallProducts">,
  start: number,
): PreparedProduct | undefined {
  const { batch, n, k, b } = instruction;
  if (batch !== 1 || b.strides[2] === 1 || b.strides[1] !== 1) return undefined;
  const rows = preparedAt(start);
  const product = lowerToBlas({ ...instruction, b: { ...b, strides: [0, n, 1] } }, blas, [rows, 0]);
  if (!product) return undefined;
  const bytes = 4 * k * n;
  return {
    prepare: {
      key: "transpose",
      make: transposeKernel,
      words: transposeLayout.words({
        output: [rows, 0, 4 * n],
        input: { ...b, strides: [b.strides[2]!] },
        rows: n,
        columns: k,
      }),
      workspace: TILES_WORKSPACE + start + bytes,
    },
    product,
    bytes,
  };
}

function preparedAt(start: number): Address {
  return { buffer: "workspace", bytes: TILES_WORKSPACE + start };
}

function tiles(words: readonly Word[], code: TilesCode): Call {
  const make = (relaxed: boolean) => tilesKernel(relaxed, code);
  return { key: `matmul ${JSON.stringify(code)}`, make, words, workspace: TILES_WORKSPACE };
}

function productWords(
  { batch, m, n, k, a, b, output, accumulate }: MatmulInstruction,
  right: Operand | PointerWords,
  bDistance: number,
): Word[] {
  const [aBatch, aRow, aColumn] = a.strides as [number, number, number];
  return productLayout.words({
    a,
    b: right,
    c: output,
    batch,
    aBatch: 4 * aBatch,
    bBatch: 4 * b.strides[0]!,
    cBatch: 4 * output.strides[0]!,
    m,
    n,
    k,
    aRow: 4 * aRow,
    aColumn: 4 * aColumn,
    bDistance: 4 * bDistance,
    cRow: 4 * output.strides[1]!,
    accumulate: Number(accumulate),
    workspace: { buffer: "workspace", bytes: 0 },
  });
}

function isRowMajor(a: Operand, k: number): boolean {
  return a.strides[2] === 1 || k === 1;
}

function layoutOf({ m, n, k, a }: MatmulInstruction): TilesCode["a"] {
  if (isRowMajor(a, k)) return "row";
  return a.strides[2]! >= FAR_COLUMNS && n >= 16 && m > 1 ? "packed" : "column";
}

/** outᵀ = bᵀ · aᵀ, for an output that is a contiguous column. */
function transposed({ batch, m, n, k, a, b, output, ...rest }: MatmulInstruction): MatmulInstruction {
  const swap = (operand: Operand): Operand => {
    const [first, second, third] = operand.strides as [number, number, number];
    return { ...operand, strides: [first, third, second] };
  };
  return { ...rest, batch, m: n, n: m, k, a: swap(b), b: swap(a), output: swap(output) };
}
