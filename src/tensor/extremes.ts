/** Extremes: largest and smallest of any number of values. `Math.max(...values)` overflows the stack at about a hundred thousand. */

/** The largest value, at least `floor`. */
export function largest(values: Iterable<number>, floor = Number.NEGATIVE_INFINITY): number {
  let most = floor;
  for (const value of values) most = Math.max(most, value);
  return most;
}

/** The smallest value, at most `ceiling`. */
export function smallest(values: Iterable<number>, ceiling = Number.POSITIVE_INFINITY): number {
  let least = ceiling;
  for (const value of values) least = Math.min(least, value);
  return least;
}
