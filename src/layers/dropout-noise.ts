/** Noise of dropout. */
import { greaterEqual, mul, type Node, random, zeros } from "../equations/index.js";
import type { Shape } from "../tensor/shape.js";
import type { CallContext } from "./layer.js";

/** 0 with probability `rate`, else 1/(1 − rate), so that the mean is 1: "inverted" dropout. Needs rate > 0. */
export function dropoutNoise(shape: Shape, rate: number, { seed, nextStream }: CallContext): Node {
  if (rate === 1) return zeros(shape);
  return mul(greaterEqual(random(shape, seed, nextStream()), rate), 1 / (1 - rate));
}
