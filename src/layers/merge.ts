/**
 * Merge layers: several values become one, element by element, such as a + b + …. The inputs must have the same number of axes; an axis of
 * size 1 is repeated, such as a gate [batch, time, 1] for all features of [batch, time, features].
 *
 * A step of the result is valid where it is valid in every input that has a mask. (In Keras a step is valid
 * where any input is.)
 */
import {
  broadcastTo,
  div,
  maximum as elementMaximum,
  minimum as elementMinimum,
  mul,
  type Node,
  sub,
  add as sum,
} from "../equations/index.js";
import { ShapeError } from "../errors.js";
import { checkOptions } from "../options/index.js";
import { formatShape, type PartialShape } from "../tensor/shape.js";
import { defineLayer } from "./define-layer.js";
import { describeLayer } from "./describe-layer.js";
import { batchMajor, type Layer, type LayerOptions, type Signal, timeMajor } from "./layer.js";
import { bothMasks } from "./mask.js";
import { layerOptions } from "./option-checks.js";

/** a + b + …: such as a residual connection, a layer's output and its input. @throws ShapeError unless the shapes fit together */
export const add = (options: LayerOptions = {}): Layer => merge("Add", options, (a, b) => sum(a, b));

/** a − b, of two inputs. @throws ShapeError unless there are two inputs and their shapes fit together */
export const subtract = (options: LayerOptions = {}): Layer => merge("Subtract", options, sub, { most: 2 });

/** a ⊙ b ⊙ …: gates. @throws ShapeError unless the shapes fit together */
export const multiply = (options: LayerOptions = {}): Layer => merge("Multiply", options, mul);

/** The mean of the inputs. @throws ShapeError unless the shapes fit together */
export const average = (options: LayerOptions = {}): Layer =>
  merge("Average", options, (a, b) => sum(a, b), { finish: (total, count) => div(total, count) });

/** The maximum of the inputs, element by element. @throws ShapeError unless the shapes fit together */
export const maximum = (options: LayerOptions = {}): Layer => merge("Maximum", options, elementMaximum);

/** The minimum of the inputs, element by element. @throws ShapeError unless the shapes fit together */
export const minimum = (options: LayerOptions = {}): Layer => merge("Minimum", options, elementMinimum);

interface Merging {
  /** The most inputs it takes. */
  readonly most?: number;
  /** Applied to the result of `count` inputs. */
  readonly finish?: (result: Node, count: number) => Node;
}

/** A layer that folds its inputs with an operation on two. */
function merge(
  type: string,
  options: LayerOptions,
  operation: (a: Node, b: Node) => Node,
  { most = Number.POSITIVE_INFINITY, finish = (result) => result }: Merging = {},
): Layer {
  checkOptions(type, options, layerOptions);
  return defineLayer(type, options, {
    config: {},
    masking: "passes",
    parameters(...shapes) {
      checkSeveral(this, shapes, most);
      mergedShape(this, shapes);
      return [];
    },
    outputShapes(...shapes) {
      return [mergedShape(this, shapes)];
    },
    call(signals) {
      const { nodes, timeMajor } = inOneLayout(signals);
      const node = finish(nodes.reduce(operation), nodes.length);
      return [{ node, timeMajor, mask: maskOfAll(signals, node) }];
    },
  });
}

/** @throws ShapeError unless there are at least two inputs, and no more than `most` */
export function checkSeveral(layer: Layer, shapes: readonly PartialShape[], most = Number.POSITIVE_INFINITY): void {
  if (shapes.length >= 2 && shapes.length <= most) return;
  throw new ShapeError(
    `${describeLayer(layer)} expects ${most === 2 ? "two" : "two or more"} inputs, received ${shapes.length}. ` +
      "Apply it to a list of inputs in a functional model; a layer of a sequential model has one input.",
  );
}

function mergedShape(layer: Layer, shapes: readonly PartialShape[]): PartialShape {
  return shapes.reduce((a, b) => {
    const fits = a.length === b.length && a.every((size, i) => agree(size, b[i]!));
    if (fits) return a.map((size, i) => (size === 1 || size === null ? b[i]! : size));
    throw new ShapeError(
      `${describeLayer(layer)} expects inputs of one shape, except for axes of size 1, received ${shapes.map(formatShape).join(", ")}. ` +
        (a.length > 2 && a.length === b.length && !agree(a[1]!, b[1]!)
          ? "Their numbers of steps (axis 1) differ: pad the sequences to one length."
          : "Bring them to one size first, as with dense(units)."),
    );
  });
}

const agree = (a: number | null, b: number | null) => a === b || a === 1 || b === 1 || a === null || b === null;

/** Several signals in one layout: time-major if any of them is, or has a mask. */
export function inOneLayout(signals: readonly Signal[]): { nodes: Node[]; timeMajor: boolean } {
  const swap = signals.some((signal) => signal.timeMajor || signal.mask);
  return { nodes: signals.map(swap ? timeMajor : batchMajor), timeMajor: swap };
}

/** The mask of a result that reads every signal at every step: valid where all are; undefined if none has a mask. */
export function maskOfAll(signals: readonly Signal[], result: Node): Node | undefined {
  const masks = signals.flatMap(({ mask }) => mask ?? []);
  if (masks.length === 0) return undefined;
  const all = masks.reduce((both, mask) => bothMasks(both, mask));
  return broadcastTo(all, result.shape.slice(0, 2));
}
