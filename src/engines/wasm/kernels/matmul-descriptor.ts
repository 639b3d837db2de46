/** The descriptor that all kernels of matrix products share, and the loop over the batch around them. */

import { type Assembler, type I32, kernel, type WasmFunction } from "../assembler.js";
import { local } from "../instructions.js";

export interface Product {
  /** The first elements of the three matrices. */
  readonly a: I32;
  readonly b: I32;
  readonly c: I32;
  readonly m: I32;
  readonly n: I32;
  readonly k: I32;
  /** Distances in bytes: between rows and columns of a, rows of b (columns if b is transposed), rows of c. */
  readonly aRow: I32;
  readonly aColumn: I32;
  readonly bDistance: I32;
  readonly cRow: I32;
  readonly accumulate: I32;
  readonly workspace: I32;
}

/**
 * Words: a, step, b, step, c, step, batch, the three distances between matrices of the batch, m, n, k, aRow, aColumn, bDistance,
 * cRow, accumulate, workspace.
 */
export function matmulKernel(relaxed: boolean, emit: (asm: Assembler, product: Product) => void): WasmFunction {
  return kernel(relaxed, (asm, descriptor, t) => {
    const matrices = [0, 2, 4].map((index) => asm.pointer(descriptor, index, t)) as [I32, I32, I32];
    const apart = [7, 8, 9].map((index) => asm.word(descriptor, index));
    const [m, n, k, aRow, aColumn, bDistance, cRow, accumulate, workspace] = Array.from({ length: 9 }, (_, i) =>
      asm.word(descriptor, 10 + i),
    ) as [I32, I32, I32, I32, I32, I32, I32, I32, I32];
    const [a, b, c] = [asm.integer(), asm.integer(), asm.integer()];
    asm.repeat(asm.word(descriptor, 6), () => {
      [a, b, c].forEach((pointer, i) => {
        local.set(pointer, matrices[i]!);
      });
      emit(asm, { a, b, c, m, n, k, aRow, aColumn, bDistance, cRow, accumulate, workspace });
      matrices.forEach((matrix, i) => {
        asm.advance(matrix, apart[i]!);
      });
    });
  });
}
