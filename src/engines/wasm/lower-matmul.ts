/** Chooses how to compute a matrix product: which kernel, what to pack, and which of the two factors to call a. */
import type { MatmulInstruction, Operand } from "../../compiler/program.js";
import { type Blas, lowerToBlas } from "./blas.js";
import { type Call, pointerWords, type Word } from "./call.js";
import { dotsKernel, rowsKernel } from "./kernels/matmul-rows.js";
import { TILES_WORKSPACE, type TilesCode, tilesKernel } from "./kernels/matmul-tiles.js";
import { lowerMap } from "./lower-map.js";

/** From how many elements on b does not stay in the cache while its panels are read in place. */
const LARGE_B = 16384;
/** From how many rows on packing b pays: packing costs about as much as two of them. */
const ROWS_TO_PACK = 5;
/** From how many elements between its columns on a is packed. */
const FAR_COLUMNS = 512;

/** @param blas the system's BLAS, where there is one */
export function lowerMatmul(instruction: MatmulInstruction, blas: Pick<Blas, "smallProducts"> | undefined): Call[] {
  const { batch, m, n, k, output, accumulate } = instruction;
  if (batch * m * n === 0) return [];
  if (k === 0) return accumulate ? [] : [...zeros([batch, m, n], output)];
  const call = blas && lowerToBlas(instruction, blas);
  if (call) return [call];
  // A matrix times a column is computed as a row times the transposed matrix.
  if (n === 1 && m > 1 && output.strides[1] === 1) return product(transposed(instruction));
  return product(instruction);
}

function product({ batch, m, n, k, a, b, output, accumulate }: MatmulInstruction): Call[] {
  const [aBatch, aRow, aColumn] = a.strides as [number, number, number];
  const [bBatch, bRow, bColumn] = b.strides as [number, number, number];
  const direct = bColumn === 1 || n === 1;
  const rowMajorA = aColumn === 1 || k === 1;
  const bDistance = direct ? bRow : bColumn;
  const words: Word[] = [
    ...[a, b, output].flatMap(pointerWords),
    batch,
    ...[aBatch, bBatch, output.strides[0]!].map((stride) => 4 * stride),
    ...[m, n, k],
    ...[aRow, aColumn, bDistance, output.strides[1]!].map((stride) => 4 * stride),
    Number(accumulate),
    { buffer: "workspace", bytes: 0 },
  ];
  if (direct && (m === 1 || (m <= 4 && k * n > LARGE_B))) {
    return [{ key: "matmul rows", make: rowsKernel, words }];
  }
  if (!direct && rowMajorA && m <= 4) return [{ key: "matmul dots", make: dotsKernel, words }];
  const code: TilesCode = {
    a: rowMajorA ? "row" : aColumn >= FAR_COLUMNS && n >= 16 && m > 1 ? "packed" : "column",
    b: !direct ? "transposed" : k * n > LARGE_B && m >= ROWS_TO_PACK ? "packed" : "direct",
    wide: n >= 16,
    tail: Math.ceil((n % 16) / 4),
    ragged: n % 4 !== 0,
  };
  const key = `matmul ${JSON.stringify(code)}`;
  return [{ key, make: (relaxed) => tilesKernel(relaxed, code), words, workspace: TILES_WORKSPACE }];
}

/** outᵀ = bᵀ · aᵀ, for an output that is a contiguous column. */
function transposed({ batch, m, n, k, a, b, output, ...rest }: MatmulInstruction): MatmulInstruction {
  const swap = (operand: Operand): Operand => {
    const [first, second, third] = operand.strides as [number, number, number];
    return { ...operand, strides: [first, third, second] };
  };
  return { ...rest, batch, m: n, n: m, k, a: swap(b), b: swap(a), output: swap(output) };
}

function zeros(shape: readonly number[], output: Operand): Call[] {
  return lowerMap({
    kind: "map",
    shape,
    inputs: [],
    inputTypes: [],
    steps: [{ op: "constant", arguments: [], value: 0 }],
    results: [0],
    outputs: [output],
  });
}
