/** A copy that swaps two axes. Descriptor: output, step, row distance; input, step, row distance; rows, columns of the input. */
import { kernel, type WasmFunction } from "../assembler.js";
import { transposeFunction } from "./memory.js";

export function transposeKernel(relaxed: boolean): WasmFunction {
  const transpose = transposeFunction(relaxed);
  return kernel(relaxed, (asm, descriptor, t) => {
    const target = asm.pointer(descriptor, 0, t);
    const source = asm.pointer(descriptor, 3, t);
    const [targetRow, sourceRow, rows, columns] = [2, 5, 6, 7].map((index) => asm.word(descriptor, index));
    asm.call(transpose, [source, sourceRow!, target, targetRow!, rows!, columns!]);
  });
}
