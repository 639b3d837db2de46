/** Responsive units: the units of a recurrent layer that a sequence changes most, and the steps, as a guide for reading heat maps. */

import { checkOptions, wholeNumber } from "../options/index.js";
import { expectParts } from "../tensor/expect-text.js";
import type { LayerInspection } from "./inspection.js";

/** A unit and its response to the sequence. */
export interface ResponsiveUnit {
  /** Counting from 0. */
  readonly unit: number;
  /** Σ |h(t) − h(t − 1)| over the valid steps: how far its state moved altogether, from 0 at the start. */
  readonly movement: number;
  /** The step, counting from 0, at which it moved furthest. */
  readonly step: number;
  /** Its state before that step and after it. */
  readonly from: number;
  readonly to: number;
}

/**
 * The units whose state moves most, the one that moves most first. A backward layer's steps are taken in the order in which it reads.
 *
 * @param layer one layer of the result of `inspect`; its first state is used
 * @param example index in the batch
 * @example const [first] = responsiveUnits(inspection.layers[0], { count: 1 });
 */
export function responsiveUnits(
  layer: LayerInspection,
  options: { readonly count?: number; readonly example?: number } = {},
): ResponsiveUnit[] {
  const checks = { count: wholeNumber(1), example: wholeNumber(0) };
  const { count = 5, example = 0 } = checkOptions("responsiveUnits", options, checks);
  expectParts("responsiveUnits: layer", layer, ["states"]);
  const { data, shape } = Object.values(layer.states)[0]!.values;
  const [, steps = 0, ...rest] = shape;
  const units = rest.reduce((product, size) => product * size, 1);
  const at = (t: number, unit: number) => data[(example * steps + t) * units + unit]!;
  const valid = Array.from({ length: steps }, (_, t) => t).filter((t) => layer.mask?.data[example * steps + t] !== 0);
  if (layer.backward) valid.reverse();
  const moved = Array.from({ length: units }, (_, unit): ResponsiveUnit => {
    let [movement, furthest, before] = [0, { step: 0, from: 0, to: 0 }, 0];
    for (const step of valid) {
      const after = at(step, unit);
      movement += Math.abs(after - before);
      if (Math.abs(after - before) > Math.abs(furthest.to - furthest.from))
        furthest = { step, from: before, to: after };
      before = after;
    }
    return { unit, movement, ...furthest };
  });
  return moved.sort((a, b) => b.movement - a.movement).slice(0, count);
}
