/** Every ScalarOp on four floats at a time: the wasm counterpart of the reference's scalar functions. */

import type { ScalarOp } from "../../../compiler/program.js";
import type { Assembler, OnStack, Vector } from "../assembler.js";
import { f32x4, v128 } from "../instructions.js";
import { power } from "./power.js";
import { erf, exp, log, log1p, sigmoid, tanh } from "./vector-math.js";

type VectorFunction = (asm: Assembler, a: Vector, b: Vector, c: Vector) => Vector;

const one = (f: (a: Vector) => OnStack): VectorFunction => {
  return (asm, a) => asm.vector(f(a));
};
const two = (f: (a: Vector, b: Vector) => OnStack): VectorFunction => {
  return (asm, a, b) => asm.vector(f(a, b));
};
/** Masks are all ones; as a number, true is 1. */
const comparison = (f: (a: Vector, b: Vector) => OnStack): VectorFunction => {
  return (asm, a, b) => asm.vector(v128.and(f(a, b), asm.constant(1)));
};

export const vectorFunctions: Readonly<Record<Exclude<ScalarOp, "constant">, VectorFunction>> = {
  where: (asm, condition, a, b) => asm.vector(v128.bitselect(a, b, f32x4.ne(condition, asm.constant(0)))),

  negate: one((a) => f32x4.neg(a)),
  abs: one((a) => f32x4.abs(a)),
  sign: (asm, a) => {
    const signed = asm.vector(v128.or(v128.and(a, asm.bits(0x80000000)), asm.constant(1)));
    const zero = asm.constant(0);
    const nonZero = asm.vector(v128.or(f32x4.lt(a, zero), f32x4.gt(a, zero)));
    return asm.vector(v128.bitselect(signed, a, nonZero)); // the sign of ±0 and NaN is the number itself
  },
  floor: one((a) => f32x4.floor(a)),
  reciprocal: (asm, a) => asm.vector(f32x4.div(asm.constant(1), a)),
  square: one((a) => f32x4.mul(a, a)),
  sqrt: one((a) => f32x4.sqrt(a)),
  exp,
  log,
  log1p,
  tanh,
  sigmoid,
  erf,
  flush: (asm, a) => asm.vector(v128.andnot(a, f32x4.lt(f32x4.abs(a), asm.constant(2 ** -100)))),

  add: two((a, b) => f32x4.add(a, b)),
  subtract: two((a, b) => f32x4.sub(a, b)),
  multiply: two((a, b) => f32x4.mul(a, b)),
  divide: two((a, b) => f32x4.div(a, b)),
  power,
  maximum: two((a, b) => f32x4.max(a, b)),
  minimum: two((a, b) => f32x4.min(a, b)),
  equal: comparison((a, b) => f32x4.eq(a, b)),
  notEqual: comparison((a, b) => f32x4.ne(a, b)),
  greater: comparison((a, b) => f32x4.gt(a, b)),
  greaterEqual: comparison((a, b) => f32x4.ge(a, b)),
  less: comparison((a, b) => f32x4.lt(a, b)),
  lessEqual: comparison((a, b) => f32x4.le(a, b)),
};
