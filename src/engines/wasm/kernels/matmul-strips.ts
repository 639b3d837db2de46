/**
 * One row times a matrix that fits in the second cache: strips of b's columns whose sums stay in registers while all of b's rows are read. Eight
 * sums at a time hide the latency of an addition. The last strip ends with the last column; it may compute a few columns of the strip
 * before once more.
 */

import { type I32, subroutine, type WasmFunction } from "../assembler.js";
import { i32, local, v128 } from "../instructions.js";
import { matmulKernel } from "./matmul-descriptor.js";

/** Vectors of a strip; with more, V8 runs out of registers. */
const WIDTH = 8;

/** Number of vectors of the last strip: 2 to 9, so that none is a single chain of additions; undefined where strips do not fit. */
export function lastStrip(n: number): number | undefined {
  const vectors = Math.ceil(n / 4);
  if (vectors > WIDTH + 1) return ((vectors - 2) % WIDTH) + 2;
  return n % 4 === 0 ? vectors : undefined;
}

/** c[0, :] = Σ a[0, l] · b[l, :]; m is 1, and nothing is added to what is in c. */
export function stripsKernel(relaxed: boolean, last: number): WasmFunction {
  const whole = stripFunction(relaxed, WIDTH);
  const rest = last === WIDTH ? whole : stripFunction(relaxed, last);
  return matmulKernel(relaxed, (asm, { a, b, c, n, k, aColumn, bDistance }) => {
    const end = asm.integer(i32.sub(i32.shl(n, 2), 16 * last));
    const left = asm.integer(i32.add(end, 15));
    const start = asm.integer(0);
    const at = (pointer: I32): I32 => asm.integer(i32.add(pointer, start));
    const strip = (target: WasmFunction): void => asm.call(target, [a, at(b), at(c), k, aColumn, bDistance]);
    asm.repeatBy(left, 16 * WIDTH, () => {
      strip(whole);
      asm.advance(start, 16 * WIDTH);
    });
    local.set(start, end);
    strip(rest);
  });
}

/** strip(a, b, c, k, aColumn, bRow), distances in bytes. A function of its own, so that V8 has registers for its sums. */
function stripFunction(relaxed: boolean, vectors: number): WasmFunction {
  return subroutine(relaxed, 6, (asm, args) => {
    const [a, b, c, k, aColumn, bRow] = args as [I32, I32, I32, I32, I32, I32];
    const zero = asm.constant(0);
    const sums = Array.from({ length: vectors }, () => asm.vector(zero));
    asm.repeat(k, () => {
      const factor = asm.vector(v128.load32_splat({}, a));
      sums.forEach((sum, j) => {
        asm.accumulate(sum, factor, asm.vector(v128.load({ offset: 16 * j }, b)));
      });
      asm.advance(a, aColumn);
      asm.advance(b, bRow);
    });
    sums.forEach((sum, j) => {
      v128.store({ offset: 16 * j }, c, sum);
    });
  });
}
