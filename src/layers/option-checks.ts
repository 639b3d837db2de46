/** Checks of options that many layers share: names, shapes, weights and recurrences. */
import {
  aFunction,
  anObject,
  expecting,
  flag,
  nameText,
  type OptionCheck,
  type OptionChecks,
  orNull,
} from "../options/index.js";
import type { LayerOptions } from "./layer.js";
import type { RuledWeight } from "./weight-rules.js";

/** Positive integers, null for an axis of any length. */
export const partialShape: OptionCheck = expecting(
  "a list of positive integers without the batch's axis, null for an axis of any length",
  (value) =>
    Array.isArray(value) &&
    value.every((axis) => axis === null || (Number.isSafeInteger(axis) && (axis as number) > 0)),
);

/** Of `LayerOptions`. */
export const layerOptions: OptionChecks<LayerOptions> = { name: nameText, inputShape: partialShape, trainable: flag };

const named = (value: unknown) => nameText(value) === undefined;
const made = (value: unknown) => anObject(value) === undefined && !(Symbol.iterator in (value as object));
const initializer = (value: unknown) => made(value) && ("type" in (value as object) || "values" in (value as object));

/** A name, or a function; null for none. */
export const activationLike: OptionCheck = orNull(
  expecting('a name such as "relu" or a function', (value) => named(value) || aFunction(value) === undefined),
);

/** A name, a config or an initializer; null for the default. */
export const initializerLike: OptionCheck = orNull(
  expecting(
    'a name such as "zeros" or an initializer such as initializers.zeros()',
    (value) => named(value) || initializer(value),
  ),
);

const ruleLike = (example: string): OptionCheck =>
  orNull(expecting(`a name or the result of ${example}`, (value) => named(value) || made(value)));

/** Of `RuledWeight`: each weight's regularizer and constraint. */
/* @__NO_SIDE_EFFECTS__ */ export function ruleOptions<Name extends string>(
  ...names: readonly Name[]
): OptionChecks<RuledWeight<Name>> {
  const checks = names.flatMap((name) => [
    [`${name}Regularizer`, ruleLike("l2()")],
    [`${name}Constraint`, ruleLike("maxNorm()")],
  ]);
  return Object.fromEntries(checks) as OptionChecks<RuledWeight<Name>>;
}
