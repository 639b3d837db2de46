/** The descriptor that all kernels of matrix products share, and the loop over the batch around them. */

import type { Assembler, I32, WasmFunction } from "../assembler.js";
import { descriptor, kernel } from "../descriptor.js";
import { local } from "../instructions.js";

/**
 * Distances in bytes: between the matrices of the batch; between rows and columns of a, rows of b (columns if b is transposed), rows of c.
 * `accumulate` is 1 if the product is added to c.
 */
export const productLayout = descriptor({
  a: "pointer",
  b: "pointer",
  c: "pointer",
  batch: "word",
  aBatch: "word",
  bBatch: "word",
  cBatch: "word",
  m: "word",
  n: "word",
  k: "word",
  aRow: "word",
  aColumn: "word",
  bDistance: "word",
  cRow: "word",
  accumulate: "word",
  workspace: "address",
});

export interface Product {
  /** The first elements of the three matrices. */
  readonly a: I32;
  readonly b: I32;
  readonly c: I32;
  readonly m: I32;
  readonly n: I32;
  readonly k: I32;
  /** Distances as in the descriptor. */
  readonly aRow: I32;
  readonly aColumn: I32;
  readonly bDistance: I32;
  readonly cRow: I32;
  readonly accumulate: I32;
  readonly workspace: I32;
}

/** The kernel of one product, run for each of the batch. */
export function matmulKernel(relaxed: boolean, emit: (asm: Assembler, product: Product) => void): WasmFunction {
  return kernel(relaxed, productLayout, (asm, descriptor) => {
    const matrices = (["a", "b", "c"] as const).map((name) => descriptor.pointer(name));
    const apart = (["aBatch", "bBatch", "cBatch"] as const).map((name) => descriptor.word(name));
    const product = {
      m: descriptor.word("m"),
      n: descriptor.word("n"),
      k: descriptor.word("k"),
      aRow: descriptor.word("aRow"),
      aColumn: descriptor.word("aColumn"),
      bDistance: descriptor.word("bDistance"),
      cRow: descriptor.word("cRow"),
      accumulate: descriptor.word("accumulate"),
      workspace: descriptor.word("workspace"),
    };
    const [a, b, c] = [asm.integer(), asm.integer(), asm.integer()];
    asm.repeat(descriptor.word("batch"), () => {
      [a, b, c].forEach((pointer, i) => {
        local.set(pointer, matrices[i]!);
      });
      emit(asm, { a, b, c, ...product });
      matrices.forEach((matrix, i) => {
        asm.advance(matrix, apart[i]!);
      });
    });
  });
}
