/** Where a model's data comes in. */
import { checkOptions, nameText, type OptionChecks } from "../options/index.js";
import type { PartialShape } from "../tensor/shape.js";
import { symbolicInput } from "./apply-layer.js";
import type { SymbolicTensor } from "./layer.js";
import { partialShape } from "./option-checks.js";

/** Options of `input`. */
export interface InputOptions {
  /** Shape of one example, without the batch axis; null for an axis of any length. */
  readonly shape: PartialShape;
  /** How data given by name calls it; default "input_layer", counted up. */
  readonly name?: string;
}

const inputOptions: OptionChecks<InputOptions> = { shape: partialShape, name: nameText };

/**
 * An input of a functional model: a symbolic tensor [batch, …shape] to apply layers to. Whether it takes ids or real numbers follows from
 * what reads it: what an embedding reads are ids.
 *
 * @throws ConfigError when an axis is neither a positive integer nor null
 * @example const words = input({ shape: [null], name: "words" });
 */
export function input(options: InputOptions): SymbolicTensor {
  const { shape, name } = checkOptions("input", options, inputOptions, ["shape"]);
  return symbolicInput([null, ...shape], name);
}
