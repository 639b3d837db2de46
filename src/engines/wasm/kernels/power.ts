/**
 * a to the power b, two lanes at a time in float64: e^(b · log a) needs more digits of the logarithm than a float has.
 * Largest relative error 1e-7 (one rounding to float32); special values are JavaScript's.
 */

import type { Assembler, Vector } from "../assembler.js";
import { f32x4, f64x2, i8x16, i64x2, v128 } from "../instructions.js";

const ROUNDER = 6755399441055744; // 1.5 · 2⁵²: adding it leaves an integer in the low bits
const ROUNDER_BITS = 0x4338000000000000n;
const SQRT_HALF_BITS = 0x3fe6a09e667f3bcdn;
const LN2 = Math.LN2;

export function power(asm: Assembler, a: Vector, b: Vector): Vector {
  const magnitude = asm.vector(f32x4.abs(a));
  const low = half(asm, promote(asm, magnitude, 0), promote(asm, b, 0));
  const high = half(asm, promote(asm, magnitude, 8), promote(asm, b, 8));
  const result = asm.vector(i8x16.shuffle([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23], low, high));
  // A negative base: the sign of odd powers, and no value for a power that is not whole.
  const whole = asm.vector(f32x4.eq(f32x4.floor(b), b));
  const b2 = asm.vector(f32x4.mul(b, asm.constant(0.5)));
  const odd = asm.vector(v128.and(f32x4.ne(f32x4.floor(b2), b2), whole));
  const sign = asm.vector(v128.and(v128.and(a, asm.bits(0x80000000)), odd));
  const signed = asm.vector(v128.or(result, sign));
  const negative = asm.vector(f32x4.lt(a, asm.constant(0)));
  const defined = asm.vector(v128.or(whole, f32x4.eq(magnitude, asm.constant(Infinity))));
  const real = asm.vector(v128.bitselect(asm.constant(NaN), signed, v128.andnot(negative, defined)));
  return asm.vector(v128.bitselect(asm.constant(1), real, f32x4.eq(b, asm.constant(0))));
}

function promote(asm: Assembler, x: Vector, firstByte: number): Vector {
  if (firstByte === 0) return asm.vector(f64x2.promote_low_f32x4(x));
  const bytes = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
  return asm.vector(f64x2.promote_low_f32x4(i8x16.shuffle(bytes, x, x)));
}

/** e^(b · log a) of two doubles, rounded to two floats in the low lanes. */
function half(asm: Assembler, a: Vector, b: Vector): Vector {
  const product = asm.vector(f64x2.mul(logarithm(asm, a), b));
  return asm.vector(f32x4.demote_f64x2_zero(exponential(asm, product)));
}

function polynomial(asm: Assembler, x: Vector, coefficients: readonly number[]): Vector {
  const [first, ...rest] = coefficients.map((c) => asm.double(c));
  return rest.reduce((sum, c) => asm.vector(f64x2.add(f64x2.mul(sum, x), c)), first!);
}

/** log of positive doubles: m · 2ⁿ with m from √½ to √2, and log m = 2·artanh((m − 1) / (m + 1)). */
function logarithm(asm: Assembler, a: Vector): Vector {
  const exponent = asm.vector(i64x2.shr_s(i64x2.sub(a, asm.quad(SQRT_HALF_BITS)), 52));
  const m = asm.vector(i64x2.sub(a, i64x2.shl(exponent, 52)));
  const n = asm.vector(f64x2.sub(i64x2.add(exponent, asm.quad(ROUNDER_BITS)), asm.double(ROUNDER)));
  const one = asm.double(1);
  const s = asm.vector(f64x2.div(f64x2.sub(m, one), f64x2.add(m, one)));
  const p = polynomial(asm, asm.vector(f64x2.mul(s, s)), [2 / 13, 2 / 11, 2 / 9, 2 / 7, 2 / 5, 2 / 3, 2]);
  const result = asm.vector(f64x2.add(f64x2.mul(s, p), f64x2.mul(n, asm.double(LN2))));
  const finite = asm.vector(f64x2.lt(a, asm.double(Infinity)));
  const orItself = asm.vector(v128.bitselect(result, a, finite));
  return asm.vector(v128.bitselect(asm.double(-Infinity), orItself, f64x2.eq(a, asm.double(0))));
}

/** eˣ by Taylor's polynomial after x = n·log 2 + r. Beyond ±120 every float32 result is 0 or ∞. */
function exponential(asm: Assembler, x: Vector): Vector {
  const clamped = asm.vector(f64x2.min(f64x2.max(x, asm.double(-120)), asm.double(120)));
  const shifted = asm.vector(f64x2.add(f64x2.mul(clamped, asm.double(Math.LOG2E)), asm.double(ROUNDER)));
  const n = asm.vector(f64x2.sub(shifted, asm.double(ROUNDER)));
  const r = asm.vector(f64x2.sub(clamped, f64x2.mul(n, asm.double(LN2))));
  const coefficients: number[] = [];
  for (let k = 0, factorial = 1; k <= 10; factorial *= ++k) coefficients.unshift(1 / factorial);
  const p = polynomial(asm, r, coefficients);
  const integer = asm.vector(i64x2.sub(shifted, asm.quad(ROUNDER_BITS - 1023n)));
  return asm.vector(f64x2.mul(i64x2.shl(integer, 52), p));
}
