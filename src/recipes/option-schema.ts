/**
 * Options as data: name, kind, default, range and help of each, once. The command line, a form in a page and the recipe itself
 * read the same list, so that they cannot disagree.
 */
import { ConfigError } from "../errors.js";

/** A whole or real number within a range. */
export interface NumberOption {
  readonly kind: "integer" | "number";
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  /** One sentence for people: what it does and when to change it. */
  readonly help: string;
}

/** One of a few words. */
export interface ChoiceOption<Choice extends string = string> {
  readonly kind: "choice";
  readonly default: Choice;
  readonly choices: readonly Choice[];
  /** One sentence for people: what the words mean. */
  readonly help: string;
}

/** Yes or no. */
export interface SwitchOption {
  readonly kind: "switch";
  readonly default: boolean;
  /** One sentence for people: what happens when it is on. */
  readonly help: string;
}

/** One option of any kind. */
export type OptionSpec = NumberOption | ChoiceOption | SwitchOption;

/** An option that need not have a default. */
export type LooseOption =
  | (Omit<NumberOption, "default"> & { readonly default?: number })
  | (Omit<ChoiceOption, "default"> & { readonly default?: string })
  | (Omit<SwitchOption, "default"> & { readonly default?: boolean });

/** Options by name. */
export type OptionSchema = Readonly<Record<string, OptionSpec>>;

/** The values that a schema describes. */
export type OptionValues<Schema extends OptionSchema> = {
  readonly [Name in keyof Schema]: Schema[Name] extends ChoiceOption<infer Choice>
    ? Choice
    : Schema[Name] extends SwitchOption
      ? boolean
      : number;
};

/** A whole-number option. */
/* @__NO_SIDE_EFFECTS__ */ export function integer(
  value: number,
  [minimum, maximum]: readonly [number, number],
  help: string,
): NumberOption {
  return { kind: "integer", default: value, minimum, maximum, help };
}

/** A real-number option. */
/* @__NO_SIDE_EFFECTS__ */ export function number(
  value: number,
  [minimum, maximum]: readonly [number, number],
  help: string,
): NumberOption {
  return { kind: "number", default: value, minimum, maximum, help };
}

/** An option that is one of a few words. */
/* @__NO_SIDE_EFFECTS__ */ export function choice<const Choice extends string>(
  value: NoInfer<Choice>,
  choices: readonly Choice[],
  help: string,
): ChoiceOption<Choice> {
  return { kind: "choice", default: value, choices, help };
}

/** An option that is on or off. */
/* @__NO_SIDE_EFFECTS__ */ export function toggle(value: boolean, help: string): SwitchOption {
  return { kind: "switch", default: value, help };
}

/**
 * Expected kind of value; undefined if the value fits.
 *
 * @returns for instance "a whole number from 1 to 4096"
 */
export function optionProblem(spec: LooseOption, value: unknown): string | undefined {
  if (typeof spec?.kind !== "string")
    throw new ConfigError("optionProblem: spec must be an option of a schema, with a kind.");
  if (spec.kind === "choice") {
    return spec.choices.some((known) => known === value) ? undefined : `one of ${spec.choices.join(", ")}`;
  }
  if (spec.kind === "switch") return typeof value === "boolean" ? undefined : "true or false";
  const { kind, minimum, maximum } = spec;
  const fits = kind === "integer" ? Number.isInteger(value) : Number.isFinite(value);
  if (fits && (value as number) >= minimum && (value as number) <= maximum) return undefined;
  return `a ${kind === "integer" ? "whole number" : "number"} from ${minimum} to ${maximum}`;
}
