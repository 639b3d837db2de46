/**
 * Transcendental functions on four floats at a time. Largest errors against float64, measured by a dense sweep in the tests
 * (in units in the last place): exp 1.2, log 1, log1p 1.5, tanh 5, sigmoid 2.5, erf 1.5. Special values are those of the reference;
 * subnormal results are rounded correctly to within an ulp of the subnormal range, but sigmoid is 0 below −87.
 *
 * Polynomials: log from Cephes (Moshier, single precision), erf after Juffa's rational-free form, others fitted as their comments say.
 * pmin and pmax are one instruction where min and max are seven; with the value first they let NaN through.
 */

import type { Assembler, Vector } from "../assembler.js";
import { f32x4, i32x4, v128 } from "../instructions.js";

/** log 2 in two parts; products of the first with integers below 2¹³ are exact. */
const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.1219444e-4;
/** 1.5 · 2²³: adding it rounds to an integer and leaves that integer in the low bits. */
const ROUNDER = 12582912;
const ROUNDER_BITS = 0x4b400000;
const SIGN_BIT = 0x80000000;

/** coefficients[0] · xⁿ + coefficients[1] · xⁿ⁻¹ + … */
function polynomial(asm: Assembler, x: Vector, coefficients: readonly number[]): Vector {
  const [first, ...rest] = coefficients.map((c) => asm.constant(c));
  return rest.reduce((sum, c) => asm.multiplyAdd(sum, x, c), first!);
}

/**
 * e^±x = mantissa·2ⁿ with |ln mantissa| ≤ ½ log 2; n is in the low bits of `shifted`. The polynomial is a fit of least relative error that
 * is 1 + r near 0 (Lawson's iteration on Chebyshev nodes, then a search among coefficients that float32 has: 3.1·10⁻⁹).
 */
function splitExponential(asm: Assembler, x: Vector, sign: 1 | -1 = 1): { shifted: Vector; mantissa: Vector } {
  const shifted = asm.multiplyAdd(x, asm.constant(sign * Math.LOG2E), asm.constant(ROUNDER));
  const n = asm.vector(f32x4.sub(shifted, asm.constant(ROUNDER)));
  const high = asm.multiplyAdd(n, asm.constant(-sign * LN2_HIGH), x);
  const r = asm.multiplyAdd(n, asm.constant(-sign * LN2_LOW), high);
  const [c5, c3, c1] = [sign * 8.368532e-3, sign * 0.16666523, sign];
  const mantissa = polynomial(asm, r, [1.3818304e-3, c5, 0.041668292, c3, 0.49999994, c1, 1]);
  return { shifted, mantissa };
}

/** 2ⁿ for integers −126 to 127. */
function powerOfTwo(asm: Assembler, integer: Vector): Vector {
  return asm.vector(i32x4.shl(i32x4.add(integer, asm.bits(127)), 23));
}

/** x within [low, high]; NaN stays NaN. */
function clamp(asm: Assembler, x: Vector, low: number, high: number): Vector {
  return asm.vector(f32x4.pmin(f32x4.pmax(x, asm.constant(low)), asm.constant(high)));
}

export function exp(asm: Assembler, x: Vector): Vector {
  // Outside of this range the result is 0 or ∞ in any case.
  const clamped = clamp(asm, x, -104, 89);
  const { shifted, mantissa } = splitExponential(asm, clamped);
  const integer = asm.vector(i32x4.sub(shifted, asm.bits(ROUNDER_BITS)));
  // Two factors, so that results may be subnormal or reach beyond 2¹²⁷.
  const half = asm.vector(i32x4.shr_s(integer, 1));
  const other = asm.vector(i32x4.sub(integer, half));
  return asm.vector(f32x4.mul(f32x4.mul(mantissa, powerOfTwo(asm, half)), powerOfTwo(asm, other)));
}

/** One power of two, added to the exponent's bits: for exponentials within e^±87. */
function normalExponential(asm: Assembler, { shifted, mantissa }: { shifted: Vector; mantissa: Vector }): Vector {
  return asm.vector(i32x4.add(mantissa, i32x4.shl(shifted, 23)));
}

/** e^±87 are the first powers beyond which float32 has no normal numbers. */
const EXP_LIMIT = 87;

/**
 * eˣ − e⁻⁸⁷ for −87 ≤ x ≤ 0, and 0 below: eˣ as a softmax needs it, in few instructions. eˣ = 2ⁿ·2ᶠ, and 2ᶠ is a polynomial of least
 * relative error on [−½, ½] that is 1 at 0 (Lawson's iteration on Chebyshev nodes, then a search among coefficients that float32 has:
 * 9.3·10⁻⁸). With log₂ e in one piece the relative error grows by 1.1·10⁻⁸·|x|, or by 8·10⁻⁸·|x| without a fused multiply-add; rounding
 * the difference that x is may have cost as much.
 *
 * @param least what `leastExponential` gives
 */
export function expOfNegative(asm: Assembler, x: Vector, least: Vector): Vector {
  return asm.vector(f32x4.sub(limitedExponential(asm, x), least));
}

/** e⁻⁸⁷, bit for bit as it is subtracted above. */
export function leastExponential(asm: Assembler): Vector {
  return limitedExponential(asm, asm.constant(-EXP_LIMIT));
}

/** e to the power max(x, −87). */
function limitedExponential(asm: Assembler, x: Vector): Vector {
  const [log2e, rounder] = [asm.constant(Math.LOG2E), asm.constant(ROUNDER)];
  const clamped = asm.vector(f32x4.pmax(x, asm.constant(-EXP_LIMIT)));
  const shifted = asm.multiplyAdd(clamped, log2e, rounder);
  const fraction = asm.multiplyAdd(clamped, log2e, asm.vector(f32x4.sub(rounder, shifted)));
  const mantissa = polynomial(asm, fraction, [1.3269521e-3, 9.671291e-3, 0.05550711, 0.24022247, 6.93147e-1, 1]);
  return normalExponential(asm, { shifted, mantissa });
}

/**
 * 1 / (1 + e⁻ˣ): relatively exact on both sides, since e⁻ˣ only grows where the result is small. The value of e⁻ˣ beyond its range, for x below
 * −87, does not matter.
 */
export function sigmoid(asm: Assembler, x: Vector): Vector {
  const limited = asm.vector(f32x4.pmin(x, asm.constant(EXP_LIMIT)));
  const e = normalExponential(asm, splitExponential(asm, limited, -1));
  const y = asm.vector(f32x4.div(asm.constant(1), f32x4.add(e, asm.constant(1))));
  return asm.vector(v128.andnot(y, f32x4.lt(x, asm.constant(-EXP_LIMIT))));
}

/**
 * x·P(x²)/Q(x²), a fit of least relative error on [−9, 9] (Lawson's iteration on Chebyshev nodes, then a search among coefficients that
 * float32 has: 3.2·10⁻⁸); beyond that tanh is ±1 in float32. The last limits keep rounding from going beyond 1.
 */
export function tanh(asm: Assembler, x: Vector): Vector {
  const z = clamp(asm, x, -9, 9);
  const squared = asm.vector(f32x4.mul(z, z));
  const p = polynomial(asm, squared, TANH_NUMERATOR);
  const q = polynomial(asm, squared, TANH_DENOMINATOR);
  return clamp(asm, asm.vector(f32x4.div(f32x4.mul(z, p), q)), -1, 1);
}

const TANH_NUMERATOR = [1.3326665e-8, 2.056699e-5, 3.4885453e-3, 0.13354209, 0.9979988];
const TANH_DENOMINATOR = [7.7604932e-7, 3.2789787e-4, 0.025825022, 0.4662082, 0.9979988];

export function log(asm: Assembler, x: Vector): Vector {
  const tiny = asm.vector(f32x4.lt(x, asm.constant(2 ** -126)));
  const scaled = asm.vector(v128.bitselect(f32x4.mul(x, asm.constant(2 ** 23)), x, tiny));
  // x = m · 2ⁿ with m from √½ to √2.
  const exponent = asm.vector(i32x4.shr_s(i32x4.sub(scaled, asm.bits(0x3f3504f3)), 23));
  const m = asm.vector(i32x4.sub(scaled, i32x4.shl(exponent, 23)));
  const n = asm.vector(f32x4.convert_i32x4_s(i32x4.sub(exponent, v128.and(tiny, asm.bits(23)))));
  const z = asm.vector(f32x4.sub(m, asm.constant(1)));
  const p = polynomial(
    asm,
    z,
    [
      7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
      2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
    ],
  );
  const squared = asm.vector(f32x4.mul(z, z));
  const cubic = asm.vector(f32x4.mul(f32x4.mul(z, squared), p));
  const low = asm.multiplyAdd(n, asm.constant(LN2_LOW), cubic);
  const correction = asm.multiplyAdd(squared, asm.constant(-0.5), low);
  const sum = asm.vector(f32x4.add(z, correction));
  const result = asm.multiplyAdd(n, asm.constant(LN2_HIGH), sum);
  const finite = asm.vector(f32x4.lt(x, asm.constant(Infinity)));
  const orItself = asm.vector(v128.bitselect(result, x, finite)); // ∞ and NaN
  const orPole = asm.vector(v128.bitselect(asm.constant(-Infinity), orItself, f32x4.eq(x, asm.constant(0))));
  return asm.vector(v128.bitselect(asm.constant(NaN), orPole, f32x4.lt(x, asm.constant(0))));
}

/** log(u) + (x − (u − 1)) / u for u = 1 + x: the second term returns what rounding u lost (Kahan). */
export function log1p(asm: Assembler, x: Vector): Vector {
  const u = asm.vector(f32x4.add(x, asm.constant(1)));
  const logarithm = log(asm, u);
  const lost = asm.vector(f32x4.sub(x, f32x4.sub(u, asm.constant(1))));
  const sum = asm.vector(f32x4.add(f32x4.div(lost, u), logarithm));
  // If u is 0, negative, ∞ or NaN, the logarithm alone is right; if x is lost in 1 + x, the result is x itself.
  const regular = asm.vector(v128.and(f32x4.gt(u, asm.constant(0)), f32x4.lt(u, asm.constant(Infinity))));
  const result = asm.vector(v128.bitselect(sum, logarithm, regular));
  return asm.vector(v128.bitselect(x, result, f32x4.eq(u, asm.constant(1))));
}

export function erf(asm: Assembler, x: Vector): Vector {
  const t = asm.vector(f32x4.pmin(f32x4.abs(x), asm.constant(4)));
  const squared = asm.vector(f32x4.mul(x, x));
  const inner = polynomial(
    asm,
    squared,
    [-5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1, 1.28379166e-1],
  );
  const near = asm.multiplyAdd(inner, x, x);
  // 1 − e^q(t) from 0.93 on.
  const q = polynomial(
    asm,
    t,
    [-1.7285347e-5, 3.83197126e-4, -3.88396438e-3, 2.42546219e-2, -1.06777877e-1, -6.34846687e-1, -1.28717512e-1],
  );
  const exponent = asm.multiplyAdd(q, t, asm.vector(f32x4.neg(t)));
  const far = asm.vector(f32x4.sub(asm.constant(1), exp(asm, exponent)));
  const signed = asm.vector(v128.bitselect(x, far, asm.bits(SIGN_BIT)));
  return asm.vector(v128.bitselect(signed, near, f32x4.gt(t, asm.constant(0.927734375))));
}
