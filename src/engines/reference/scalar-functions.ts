/**
 * The meaning of every ScalarOp, in float64. This table is the specification: other engines are compared with it.
 * Special values follow IEEE 754 and JavaScript's Math (so power(1, NaN) and power(±1, ±∞) are NaN); comparisons with NaN are false,
 * and maximum and minimum propagate NaN.
 *
 * Comparisons are the exception to float64: numbers are compared as float32, in every engine. Data come as float32 more often than not, and
 * a constant such as 0.1 must meet itself among them; so all engines take the same side of every threshold.
 */
import type { ScalarOp } from "../../compiler/program.js";

const float32 = Math.fround;

/** Unused arguments are 0. `constant` receives the step's value as its first argument. */
export type ScalarFunction = (a: number, b: number, c: number) => number;

export const scalarFunctions: Readonly<Record<ScalarOp, ScalarFunction>> = {
  constant: (value) => value,
  where: (condition, a, b) => (condition !== 0 ? a : b),

  negate: (a) => -a,
  abs: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  reciprocal: (a) => 1 / a,
  square: (a) => a * a,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  tanh: Math.tanh,
  sigmoid,
  erf,
  flush: (a) => (Math.abs(a) < 2 ** -100 ? 0 : a),

  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  power: (a, b) => a ** b,
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
  equal: (a, b) => Number(float32(a) === float32(b)),
  notEqual: (a, b) => Number(float32(a) !== float32(b)),
  greater: (a, b) => Number(float32(a) > float32(b)),
  greaterEqual: (a, b) => Number(float32(a) >= float32(b)),
  less: (a, b) => Number(float32(a) < float32(b)),
  lessEqual: (a, b) => Number(float32(a) <= float32(b)),
};

/** 1 / (1 + e⁻ˣ), written so that e is only ever raised to a negative power: small values keep their relative accuracy. */
function sigmoid(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return (x < 0 ? e : 1) / (1 + e);
}

/**
 * The error function to about 1e-15. Below 2.5 the series 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!, all of whose terms have one
 * sign (Abramowitz & Stegun 7.1.6); above, one minus the continued fraction of erfc (7.1.14), of which only few digits matter.
 */
function erf(x: number): number {
  const z = Math.abs(x);
  if (Number.isNaN(z)) return z;
  if (z > 6) return Math.sign(x);
  if (z < 2.5) {
    let sum = x;
    for (let n = 1, term = x; n < 100 && Math.abs(term) > Math.abs(sum) * 1e-18; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }
  let fraction = z;
  for (let n = 60; n >= 1; n--) fraction = z + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / fraction);
}
