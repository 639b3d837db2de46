/** Kernels for whole blocks of memory: zeros, contiguous copies, and the transposing copy that packing uses too. */

import { type Assembler, type I32, subroutine, type Vector, type WasmFunction } from "../assembler.js";
import { descriptor, kernel } from "../descriptor.js";
import { f32, i8x16, i32, local, memory, v128 } from "../instructions.js";

export const zeroLayout = descriptor({ output: "pointer", bytes: "word" });

export function zeroKernel(relaxed: boolean): WasmFunction {
  return kernel(relaxed, zeroLayout, (_, descriptor) => {
    local.get(descriptor.pointer("output"));
    i32.const(0);
    descriptor.load("bytes");
    memory.fill();
  });
}

export const blockCopyLayout = descriptor({ output: "pointer", input: "pointer", bytes: "word" });

export function blockCopyKernel(relaxed: boolean): WasmFunction {
  return kernel(relaxed, blockCopyLayout, (_, descriptor) => {
    const from = descriptor.pointer("input");
    local.get(descriptor.pointer("output"));
    local.get(from);
    descriptor.load("bytes");
    memory.copy();
  });
}

/**
 * transpose(source, sourceRow, target, targetRow, rows, columns): target[c][r] = source[r][c]; rows are contiguous in the source,
 * columns in the target, and row distances are in bytes. Goes in blocks of 4 × 4.
 */
export function transposeFunction(relaxed: boolean): WasmFunction {
  return subroutine(relaxed, 6, (asm, args) => {
    const [source, sourceRow, target, targetRow, rows, columns] = args as [I32, I32, I32, I32, I32, I32];
    const from = asm.integer();
    const to = asm.integer();
    const left = asm.integer();
    const column = (scalar: () => void): void => {
      local.set(from, source);
      local.set(to, target);
      local.set(left, columns);
      scalar();
    };
    asm.repeatBy(rows, 4, () => {
      column(() => {
        asm.repeatBy(left, 4, () => {
          transposeBlock(asm, from, sourceRow, to, targetRow);
          asm.advance(from, 16);
          local.set(to, i32.add(to, i32.shl(targetRow, 2)));
        });
        asm.repeat(left, () => {
          asm.storeLanes(to, asm.loadStrided(from, sourceRow), 4, 4);
          asm.advance(from, 4);
          asm.advance(to, targetRow);
        });
      });
      local.set(source, i32.add(source, i32.shl(sourceRow, 2)));
      asm.advance(target, 16);
    });
    asm.repeat(rows, () => {
      column(() => {
        asm.repeat(left, () => {
          local.get(to);
          f32.load({}, from);
          f32.store({});
          asm.advance(from, 4);
          asm.advance(to, targetRow);
        });
      });
      asm.advance(source, sourceRow);
      asm.advance(target, 4);
    });
  });
}

function transposeBlock(asm: Assembler, from: I32, fromRow: I32, to: I32, toRow: I32): void {
  const at = asm.integer(from);
  const rows = [0, 1, 2, 3].map((row) => {
    if (row > 0) asm.advance(at, fromRow);
    return asm.vector(v128.load({}, at));
  });
  local.set(at, to);
  transpose4(asm, rows).forEach((column, i) => {
    if (i > 0) asm.advance(at, toRow);
    v128.store({}, at, column);
  });
}

/** Four vectors as the columns of the matrix whose rows they were. */
export function transpose4(asm: Assembler, rows: readonly Vector[]): Vector[] {
  const shuffle = (a: Vector, b: Vector, lanes: readonly number[]): Vector =>
    asm.vector(
      i8x16.shuffle(
        lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
        a,
        b,
      ),
    );
  const [a, b, c, d] = rows as [Vector, Vector, Vector, Vector];
  const [ab, AB] = [shuffle(a, b, [0, 4, 1, 5]), shuffle(a, b, [2, 6, 3, 7])];
  const [cd, CD] = [shuffle(c, d, [0, 4, 1, 5]), shuffle(c, d, [2, 6, 3, 7])];
  return [
    shuffle(ab, cd, [0, 1, 4, 5]),
    shuffle(ab, cd, [2, 3, 6, 7]),
    shuffle(AB, CD, [0, 1, 4, 5]),
    shuffle(AB, CD, [2, 3, 6, 7]),
  ];
}
