/** Bias correction of averages that start at zero. */
import { add, div, mul, type Node, tanh } from "../equations/index.js";

/**
 * 1 − βᵗ, written as 2h/(1 + h) with h = tanh(−t·ln β / 2): in float32 the difference itself would lose four digits at β = 0.999.
 */
export function oneMinusPower(beta: number, t: Node): Node {
  if (beta === 0) return div(t, t);
  const h = tanh(mul(t, -Math.log(beta) / 2));
  return div(mul(2, h), add(1, h));
}
