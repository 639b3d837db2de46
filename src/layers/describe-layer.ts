/** Descriptions of layers and their inputs in messages. */
import { ShapeError } from "../errors.js";
import { formatShape, type PartialShape } from "../tensor/shape.js";
import type { Layer } from "./layer.js";

type Described = Pick<Layer, "type" | "name">;

/** The layer's name in messages: `SimpleRNN "simple_rnn_1"`. */
export function describeLayer({ type, name }: Described): string {
  return name === undefined ? type : `${type} "${name}"`;
}

/** The error for an input that does not fit. @param expected "[batch, time, features]" @param hint how to fix it */
export function unfitInput(layer: Described, expected: string, received: PartialShape, hint: string): ShapeError {
  return new ShapeError(`${describeLayer(layer)} expects ${expected}, received ${formatShape(received)}. ${hint}`);
}

/** The size of an axis. @throws ShapeError when it is unknown or 0 */
export function knownAxis(layer: Described, shape: PartialShape, axis: number, meaning: string): number {
  const size = shape.at(axis);
  if (size === null || size === undefined) {
    throw new ShapeError(
      `${describeLayer(layer)} needs to know its number of ${meaning}, but its input is ${formatShape(shape)}. ` +
        "Where the shape of the data is given, by inputShape or input({ shape }), only the axis of time may be null.",
    );
  }
  if (size === 0) {
    throw new ShapeError(
      `${describeLayer(layer)} needs at least one of its ${meaning}, but its input is ${formatShape(shape)}: axis ${shape.length + axis} has size 0.`,
    );
  }
  return size;
}
