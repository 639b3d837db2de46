/** A copy that swaps two axes. */
import type { WasmFunction } from "../assembler.js";
import { descriptor, kernel } from "../descriptor.js";
import { transposeFunction } from "./memory.js";

/** Rows and columns are those of the input. */
export const transposeLayout = descriptor({ output: "rows", input: "rows", rows: "word", columns: "word" });

export function transposeKernel(relaxed: boolean): WasmFunction {
  const transpose = transposeFunction(relaxed);
  return kernel(relaxed, transposeLayout, (asm, descriptor) => {
    const output = descriptor.pointer("output");
    const input = descriptor.pointer("input");
    const outputRow = descriptor.distance("output");
    const inputRow = descriptor.distance("input");
    const rows = descriptor.word("rows");
    const columns = descriptor.word("columns");
    asm.call(transpose, [input, inputRow, output, outputRow, rows, columns]);
  });
}
