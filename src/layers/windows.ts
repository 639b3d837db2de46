/**
 * Sliding windows along axes of a value, for convolution and pooling. They are slices of a padded value, one for each position in the
 * window, so they need no derivative rule.
 */
import { concat, fill, type Node, pad, reshape, slice } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { checkOption, count, formatValue } from "../options/index.js";
import type { PartialShape } from "../tensor/shape.js";
import { unfitInput } from "./describe-layer.js";
import type { Layer } from "./layer.js";
import { noTimeAxis } from "./no-time-axis.js";

/**
 * Positions of windows. "valid": inside only; "same": one for each stride, reaching beyond both ends; "causal": the same number, reaching
 * beyond the beginning only, so that no window reads later steps.
 */
export type Padding = "valid" | "same" | "causal";

/** The window along one axis. */
export interface WindowSide {
  readonly size: number;
  /** Distance from one window to the next. */
  readonly stride: number;
  /** Distance from one position in the window to the next. */
  readonly dilation: number;
}

/** One number for each of `rank` axes; a single number holds for all. @throws ConfigError unless they are positive integers */
export function sidesOf(type: string, option: string, given: number | readonly number[], rank: number): number[] {
  const sides = Array.isArray(given) ? (given as readonly number[]) : new Array<number>(rank).fill(given as number);
  for (const side of sides) checkOption(type, option, side, count);
  if (sides.length === rank) return [...sides];
  throw new ConfigError(`${type}: ${option} must be one number or ${rank}, received ${formatValue(given)}.`);
}

const spanOf = ({ size, dilation }: WindowSide) => (size - 1) * dilation + 1;

/** Number of windows along an axis of `length`; null if the length is not known. */
export function windowCount(length: number | null, side: WindowSide, padding: Padding): number | null {
  if (length === null) return null;
  return Math.ceil((padding === "valid" ? length - spanOf(side) + 1 : length) / side.stride);
}

/** @throws ShapeError unless the input has an axis for each side of the windows, each long enough for one window where padding is "valid" */
export function checkWindowFits(
  layer: Layer,
  shape: PartialShape,
  sides: readonly WindowSide[],
  padding: Padding,
): void {
  const sequence = sides.length === 1;
  if (shape.length !== sides.length + 2) {
    if (sequence) throw noTimeAxis(layer, shape);
    throw unfitInput(layer, "[batch, height, width, channels]", shape, "Wrap it in timeDistributed for a video.");
  }
  const short = sides.findIndex((side, i) => (windowCount(shape[i + 1]!, side, padding) ?? 1) < 1);
  if (padding !== "valid" || short === -1) return;
  const expected = `at least ${spanOf(sides[short]!)} along axis ${short + 1}`;
  throw unfitInput(layer, expected, shape, 'Use a smaller window, or padding: "same".');
}

/**
 * For each position in the window, row-major, its value in every window: [..., windows, ...] each.
 *
 * @param sides of consecutive axes, the first of them `axis`
 * @param filler value beyond the ends
 */
export function windows(x: Node, axis: number, sides: readonly WindowSide[], padding: Padding, filler = 0): Node[] {
  const counts = sides.map((side, i) => windowCount(x.shape[axis + i]!, side, padding)!);
  const whole = sides.reduce((node, side, i) => extend(node, axis + i, side, counts[i]!, padding, filler), x);
  return sides.reduce(
    (parts, side, i) => parts.flatMap((part) => positions(part, axis + i, side, counts[i]!)),
    [whole],
  );
}

/** Pads the axis before and after, as far as the windows and the last stride reach. */
function extend(x: Node, axis: number, side: WindowSide, count: number, padding: Padding, filler: number): Node {
  const length = x.shape[axis]!;
  const beyond = Math.max((count - 1) * side.stride + spanOf(side) - length, 0);
  const before = { valid: 0, same: Math.floor(beyond / 2), causal: spanOf(side) - 1 }[padding];
  const after = spanOf(side) - 1 + count * side.stride - before - length;
  const inside = after < 0 ? slice(x, axis, 0, length + after) : x;
  if (filler === 0) return pad(inside, axis, before, Math.max(after, 0));
  const block = (size: number) =>
    fill(
      x.shape.map((n, i) => (i === axis ? size : n)),
      filler,
    );
  const blocks = [before, after].map((size) => (size > 0 ? [block(size)] : []));
  return concat([...blocks[0]!, inside, ...blocks[1]!], axis);
}

/** For each position in the window, every stride-th number from there on. */
function positions(x: Node, axis: number, { size, stride, dilation }: WindowSide, count: number): Node[] {
  const [outer, inner] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  return Array.from({ length: size }, (_, position) => {
    const run = slice(x, axis, position * dilation, count * stride);
    if (stride === 1) return run;
    const groups = reshape(run, [...outer, count, stride, ...inner]);
    return reshape(slice(groups, axis + 1, 0, 1), [...outer, count, ...inner]);
  });
}
