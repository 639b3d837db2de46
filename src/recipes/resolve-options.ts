/** Values of options: given ones, those that suit the data, defaults; checked against the schema. */

import { checkOptions, type OptionChecks } from "../options/index.js";
import { expectParts, expectText } from "../tensor/expect-text.js";
import { type OptionSchema, type OptionValues, optionProblem } from "./option-schema.js";

/**
 * Every option's value: the given one, else that of the settings, else the default.
 *
 * @throws ConfigError as `checkOptions`: for a name that the schema does not have, or a value out of range
 */
export function resolveOptions<Schema extends OptionSchema>(
  owner: string,
  schema: Schema,
  given: Partial<OptionValues<Schema>>,
  settings: Partial<OptionValues<Schema>> = {},
): OptionValues<Schema> {
  expectText("resolveOptions: owner", owner);
  expectParts(`${owner}: schema`, schema, []);
  const checks = Object.fromEntries(
    Object.entries(schema).map(([name, spec]) => [name, (value: unknown) => optionProblem(spec, value)]),
  );
  for (const some of [given, settings])
    checkOptions(owner, some, checks as OptionChecks<Partial<OptionValues<Schema>>>);
  const values = Object.entries(schema).map(([name, spec]) => [name, given[name] ?? settings[name] ?? spec.default]);
  return Object.fromEntries(values);
}
