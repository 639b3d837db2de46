/** Concatenation of several values along one axis. */
import { concat, ones } from "../equations/index.js";
import { ShapeError } from "../errors.js";
import { checkOptions, expecting, type OptionChecks } from "../options/index.js";
import { formatShape, type PartialShape, resolveAxis } from "../tensor/shape.js";
import { defineLayer } from "./define-layer.js";
import { describeLayer } from "./describe-layer.js";
import type { Layer, LayerOptions } from "./layer.js";
import { checkSeveral, inOneLayout, maskOfAll } from "./merge.js";
import { layerOptions } from "./option-checks.js";

/** Options of `concatenate`. */
export interface ConcatenateOptions extends LayerOptions {
  /** The axis, counting the batch's as 0; default the last. */
  readonly axis?: number;
}

const concatenateOptions: OptionChecks<ConcatenateOptions> = {
  ...layerOptions,
  axis: expecting("a whole number other than 0, the batch's", (axis) => Number.isSafeInteger(axis) && axis !== 0),
};

/**
 * Concatenates the inputs along an axis: [batch, a] and [batch, b] → [batch, a + b]. Their other axes must be equal.
 *
 * Along the features, a step is valid where it is valid in every input that has a mask (in Keras, in any). Along the time axis, the steps of
 * each input keep their validity.
 *
 * @throws ConfigError for the axis of the batch; ShapeError unless the other axes are equal
 * @example concatenate({ axis: 1 })
 */
export function concatenate(options: ConcatenateOptions = {}): Layer {
  checkOptions("Concatenate", options, concatenateOptions);
  const { axis = -1 } = options;
  return defineLayer("Concatenate", options, {
    config: { axis },
    masking: "passes",
    parameters(...shapes) {
      checkSeveral(this, shapes);
      joinedShape(this, shapes, axis);
      return [];
    },
    outputShapes(...shapes) {
      return [joinedShape(this, shapes, axis)];
    },
    call(signals) {
      const { nodes, timeMajor } = inOneLayout(signals);
      const along = resolveAxis("Concatenate", axis, nodes[0]!.shape.length);
      if (along !== 1 || !timeMajor) {
        const node = concat(nodes, along);
        return [{ node, timeMajor, mask: maskOfAll(signals, node) }];
      }
      const masks = signals.map((signal, i) => signal.mask ?? ones(nodes[i]!.shape.slice(0, 2)));
      const masked = signals.some(({ mask }) => mask);
      return [{ node: concat(nodes, 0), timeMajor, mask: masked ? concat(masks, 0) : undefined }];
    },
  });
}

function joinedShape(layer: Layer, shapes: readonly PartialShape[], axis: number): PartialShape {
  const first = shapes[0]!;
  const along = resolveAxis(describeLayer(layer), axis, first.length);
  const fits = shapes.every(
    (shape) =>
      shape.length === first.length &&
      shape.every((size, i) => i === along || size === first[i] || size === null || first[i] === null),
  );
  if (!fits || along === 0) {
    throw new ShapeError(
      `${describeLayer(layer)} along axis ${along} expects inputs that agree in every other axis, received ${shapes.map(formatShape).join(", ")}.`,
    );
  }
  return first.map((size, i) => {
    const sizes: (number | null)[] = shapes.map((shape) => shape[i] ?? null);
    if (i !== along) return size ?? sizes.find((each) => each !== null) ?? null;
    return sizes.includes(null) ? null : sizes.reduce<number>((total, each) => total + each!, 0);
  });
}
