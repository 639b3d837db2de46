/** Options of a recipe on the command line: names, kinds, defaults, ranges and help come from its schema. */
import { type Command, InvalidArgumentError, Option } from "commander";
import {
  type NumberOption,
  type OptionSchema,
  type OptionSpec,
  type OptionValues,
  optionProblem,
} from "../recipes/option-schema.js";

/** Other defaults than the schema's, and what they hold for: "built-in corpus". */
export interface Presets {
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Adds a recipe's options to a command. Their defaults are in the help only, since they may depend on the data. */
export function addRecipeFlags(command: Command, schema: OptionSchema, presets?: Presets): Command {
  for (const [name, spec] of Object.entries(schema)) {
    const preset = presets?.values[name];
    const other = preset === undefined ? "" : `, ${presets!.name}: ${preset}`;
    command.addOption(flagOf(name, spec, `default: ${spec.default}${other}`));
  }
  return command;
}

/** A recipe's options among what commander parsed: those that were typed. */
export function typedOptions<Schema extends OptionSchema>(
  schema: Schema,
  parsed: Readonly<Record<string, unknown>>,
): Partial<OptionValues<Schema>> {
  // Commander itself sets a switch that is typed with "--no-" to true where it is not typed.
  const given = (name: string, spec: OptionSpec) =>
    parsed[name] !== undefined && !(spec.kind === "switch" && parsed[name] === spec.default);
  const typed = Object.entries(schema).filter(([name, spec]) => given(name, spec));
  return Object.fromEntries(typed.map(([name]) => [name, parsed[name]])) as Partial<OptionValues<Schema>>;
}

/** An option's name as it is typed: "batchSize" → "--batch-size"; a switch that is on by default is typed to turn it off. */
export function flagName(name: string, spec: OptionSpec): string {
  const words = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return spec.kind === "switch" && spec.default ? `--no-${words}` : `--${words}`;
}

function flagOf(name: string, spec: OptionSpec, defaults: string): Option {
  const flag = flagName(name, spec);
  if (spec.kind === "switch") return new Option(flag, spec.help);
  const value = spec.kind === "choice" ? "<name>" : spec.kind === "integer" ? "<n>" : "<x>";
  const option = new Option(`${flag} ${value}`, `${spec.help} (${defaults})`);
  if (spec.kind === "choice") return option.choices(spec.choices);
  return option.argParser(numberParser(spec));
}

/** Reads a number as an option of commander, which must lie in its range. */
export function numberParser(spec: NumberOption): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    const expected = optionProblem(spec, value);
    if (expected !== undefined) throw new InvalidArgumentError(`Expected ${expected}.`);
    return value;
  };
}
