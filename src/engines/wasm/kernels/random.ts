/**
 * Uniform numbers by position, with the mixing function that the program's contract states; bit for bit those of the reference.
 */

import type { Assembler, Vector, WasmFunction } from "../assembler.js";
import { descriptor, kernel } from "../descriptor.js";
import { f32x4, i32, i32x4, local, v128 } from "../instructions.js";

/** `mixedStream` is `mixNumber` of the instruction's stream. */
export const randomLayout = descriptor({ output: "pointer", seed: "pointer", size: "word", mixedStream: "word" });

export function randomKernel(relaxed: boolean): WasmFunction {
  return kernel(relaxed, randomLayout, (asm, descriptor, t) => {
    const out = descriptor.pointer("output");
    const seed = asm.integer(i32.load({}, descriptor.pointer("seed")));
    const size = descriptor.word("size");
    const key = mix(asm, asm.vector(i32x4.splat(i32.add(seed, descriptor.word("mixedStream")))));
    const first = asm.integer(i32.mul(size, t));
    const counter = asm.vector(i32x4.add(i32x4.splat(first), asm.lanes()));
    const uniform = (): Vector => {
      const bits = mix(asm, asm.vector(i32x4.add(mix(asm, counter), key)));
      return asm.vector(f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(bits, 8)), asm.constant(2 ** -24)));
    };
    asm.repeatBy(size, 4, () => {
      v128.store({}, out, uniform());
      local.set(counter, i32x4.add(counter, asm.bits(4)));
      asm.advance(out, 16);
    });
    asm.when(size, () => asm.storeLanes(out, uniform(), size, 4));
  });
}

function mix(asm: Assembler, value: Vector): Vector {
  const shifted = (x: Vector, bits: number): Vector => asm.vector(v128.xor(i32x4.shr_u(x, bits), x));
  const first = asm.vector(i32x4.mul(shifted(value, 16), asm.bits(0x7feb352d)));
  const second = asm.vector(i32x4.mul(shifted(first, 15), asm.bits(0x846ca68b)));
  return shifted(second, 16);
}

/** The same function on one number, for what is known when a program is loaded. */
export function mixNumber(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) | 0;
}
