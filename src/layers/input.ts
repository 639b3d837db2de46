/** Inputs of functional models. */
import { checkOptions, nameText, type OptionChecks } from "../options/index.js";
import type { PartialShape } from "../tensor/shape.js";
import { symbolicInput } from "./apply-layer.js";
import type { SymbolicTensor } from "./layer.js";
import { partialShape } from "./option-checks.js";

/** Options of `input`. */
export interface InputOptions {
  /** Shape of one example, without the batch axis; null for an axis of any length. */
  readonly shape: PartialShape;
  /** Its name for data given by name; default "input_layer", then "input_layer_1", … */
  readonly name?: string;
}

const inputOptions: OptionChecks<InputOptions> = { shape: partialShape, name: nameText };

/**
 * An input of a functional model: a symbolic tensor [batch, …shape] to apply layers to. It takes ids if an embedding reads it, else real
 * numbers.
 *
 * @throws ConfigError when an axis is neither a positive integer nor null
 * @example const words = input({ shape: [null], name: "words" });
 */
export function input(options: InputOptions): SymbolicTensor {
  const { shape, name } = checkOptions("input", options, inputOptions, ["shape"]);
  return symbolicInput([null, ...shape], name);
}
