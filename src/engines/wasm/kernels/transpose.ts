/** A copy that swaps two axes. */
import type { WasmFunction } from "../assembler.js";
import { descriptor, kernel } from "../descriptor.js";
import { transposeFunction } from "./memory.js";

/** Distances between rows in bytes; rows and columns of the input. */
export const transposeLayout = descriptor({
  output: "pointer",
  outputRow: "word",
  input: "pointer",
  inputRow: "word",
  rows: "word",
  columns: "word",
});

export function transposeKernel(relaxed: boolean): WasmFunction {
  const transpose = transposeFunction(relaxed);
  return kernel(relaxed, transposeLayout, (asm, descriptor) => {
    const output = descriptor.pointer("output");
    const input = descriptor.pointer("input");
    const outputRow = descriptor.word("outputRow");
    const inputRow = descriptor.word("inputRow");
    const rows = descriptor.word("rows");
    const columns = descriptor.word("columns");
    asm.call(transpose, [input, inputRow, output, outputRow, rows, columns]);
  });
}
