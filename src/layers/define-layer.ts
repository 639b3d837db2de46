/**
 * What all layers share: name, inputShape and trainable, checked once, and a config from which `layerFromConfig` makes the layer again.
 * A layer is a plain object; its methods call it `this`, so that a copy under another name (`withName`) speaks of itself by that name.
 */
import { ConfigError, ShapeError } from "../errors.js";
import { formatShape, type PartialShape } from "../tensor/shape.js";
import { applyLayer } from "./apply-layer.js";
import type { Layer, LayerOptions } from "./layer.js";

type Described = Pick<Layer, "type" | "name">;

/** A layer but for what all layers share; `config` holds its own options only. */
export interface LayerForm extends Omit<Layer, "type" | "name" | "config" | "inputShape" | "trainable" | "apply"> {
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * A layer from its type, the options every layer takes, and its form: what built-in layers are made with, and layers of one's own. A file
 * holds the type and the config; the function that makes the layer from the config is given when the model is loaded.
 *
 * @param type how files call it; not that of a built-in layer
 * @param form what the layer does with a mask, its parameters, its shapes, its equation and its config
 * @example
 * const shift = (options: LayerOptions = {}) => defineLayer("Shift", options, {
 *   config: {},
 *   masking: "passes",
 *   parameters: (shape) => [{ name: "shift", shape: [shape.at(-1)!], initializer: initializers.zeros!() }],
 *   outputShapes: (shape) => [shape],
 *   call: ([signal], { parameter }) => [{ ...signal!, node: add(signal!.node, parameter("shift")) }],
 * });
 * await loadModel("shifted.tavali", { layers: { Shift: shift } });
 * @throws ConfigError when the name is empty, or the input shape holds anything but positive integers and null
 */
export function defineLayer(
  type: string,
  { name, inputShape, trainable = true }: LayerOptions,
  form: LayerForm & ThisType<Layer>,
): Layer {
  if (name !== undefined && (typeof name !== "string" || name === "")) {
    throw new ConfigError(`${type}: the name must be a text that is not empty, received ${JSON.stringify(name)}.`);
  }
  if (inputShape?.some((axis) => axis !== null && !(Number.isInteger(axis) && axis > 0))) {
    throw new ConfigError(
      `${type}: inputShape ${formatShape(inputShape)} is not valid; give each axis but the batch's as a positive integer, or null for any length.`,
    );
  }
  const config = {
    type,
    ...(name === undefined ? {} : { name }),
    ...(inputShape === undefined ? {} : { inputShape: [...inputShape] }),
    ...(trainable ? {} : { trainable }),
    ...Object.fromEntries(Object.entries(form.config).filter(([, value]) => value !== undefined)),
  };
  return {
    ...form,
    type,
    name,
    inputShape,
    trainable,
    config,
    apply(inputs) {
      return applyLayer(this, inputs);
    },
  };
}

/** The same layer under another name. */
export function withName(layer: Layer, name: string): Layer {
  return { ...layer, name, config: { ...layer.config, name } };
}

/** How messages call a layer: `SimpleRNN "simple_rnn_1"`. */
export function describeLayer({ type, name }: Described): string {
  return name === undefined ? type : `${type} "${name}"`;
}

/** The error for an input that does not fit. @param expected "[batch, time, features]" @param remedy what to change */
export function unfitInput(layer: Described, expected: string, received: PartialShape, remedy: string): ShapeError {
  return new ShapeError(`${describeLayer(layer)} expects ${expected}, received ${formatShape(received)}. ${remedy}`);
}

/** Throws unless `value` is a positive integer. */
export function checkCount(type: string, option: string, value: unknown): void {
  if (!Number.isInteger(value) || (value as number) < 1) {
    throw new ConfigError(`${type}: ${option} must be a positive integer, received ${JSON.stringify(value)}.`);
  }
}

/** Throws unless `value` is a number in [0, 1]. */
export function checkRate(type: string, option: string, value: number): void {
  if (!(value >= 0 && value <= 1)) {
    throw new ConfigError(`${type}: ${option} must lie in 0 … 1 (the share that is dropped), received ${value}.`);
  }
}

/** The size of an axis that must be known. */
export function knownAxis(layer: Described, shape: PartialShape, axis: number, meaning: string): number {
  const size = shape.at(axis);
  if (size === null || size === undefined) {
    throw new ShapeError(
      `${describeLayer(layer)} needs to know its number of ${meaning}, but its input is ${formatShape(shape)}. ` +
        "Give the first layer an inputShape in which only the time axis is null.",
    );
  }
  return size;
}
