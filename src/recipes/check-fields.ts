/** Checks of values that came from outside against fields. */

import {
  anObject,
  checkOptions,
  either,
  filledText,
  integer,
  listOf,
  nameText,
  type OptionCheck,
  type OptionChecks,
  text,
} from "../options/index.js";
import { expectParts, expectText } from "../tensor/expect-text.js";
import type { Field, FieldSchema, FieldValues, PlainField } from "./fields.js";
import { type LooseOption, optionProblem } from "./option-schema.js";

const checks: Readonly<Record<PlainField["kind"], OptionCheck>> = {
  text,
  texts: listOf("texts that are more than white space", filledText, 0),
  file: nameText,
  files: listOf("paths", nameText),
  column: either(integer, text),
  groups: anObject,
  share: (value) =>
    typeof value === "string" || (typeof value === "number" && value > 0 && value < 1)
      ? undefined
      : "a path, or a share above 0 and below 1",
};

/**
 * Values that came from outside, checked.
 *
 * @param owner begins messages: "predict"
 * @throws ConfigError for a name that no field has, a value of another kind or out of range, and a field that must be given and is not
 */
export function checkFields<Schema extends FieldSchema>(
  owner: string,
  schema: Schema,
  values: unknown,
): FieldValues<Schema> {
  expectText("checkFields: owner", owner);
  expectParts(`${owner}: schema`, schema, []);
  const each = Object.entries(schema).map(([name, field]) => [name, checkOf(field)]);
  const needed = Object.keys(schema).filter((name) => schema[name]?.needed);
  const given = values as Record<string, unknown>;
  return checkOptions(owner, given, Object.fromEntries(each) as OptionChecks<typeof given>, needed) as never;
}

function checkOf(field: Field): OptionCheck {
  return field.kind in checks
    ? checks[field.kind as PlainField["kind"]]
    : (value) => optionProblem(field as LooseOption, value);
}
