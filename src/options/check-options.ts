/**
 * Options objects, checked where a call begins: their kind, their names and the values that have a check. TypeScript sees unknown names in
 * literals only; a name that came from elsewhere, or from Keras, must not be passed over in silence.
 */
import { ConfigError } from "../errors.js";
import { formatValue } from "./format-value.js";
import { whyAbsent } from "./keras-options.js";
import { nearestOption } from "./nearest-option.js";
import { checkOption, type OptionCheck } from "./option-check.js";

/** Options of what has none. */
export type NoOptions = Readonly<Record<string, never>>;

/** A check for each option that a type has, no more and no less. */
export type OptionChecks<Options> = { readonly [Name in keyof Options]-?: OptionCheck };

/**
 * The options, when every name is known and every value that is not undefined passes its check.
 *
 * @param owner how messages call what the options are for: "LSTM", "fit"
 * @param given undefined stands for no options
 * @param required names whose checks see undefined too: they have no default
 * @throws ConfigError for anything but an object of options, for an unknown name, with the nearest known one, and for a value that does not fit
 * @example const { batchSize = 32 } = checkOptions("predict", options, { batchSize: count });
 */
export function checkOptions<Options extends object>(
  owner: string,
  given: Options | undefined,
  checks: OptionChecks<Options>,
  required: readonly (keyof Options & string)[] = [],
): Options {
  if (given === undefined && required.length === 0) return {} as Options;
  if (!isOptionsObject(given) || isOfAnotherKind(given, checks))
    throw notOptions(owner, given, [...new Set([...required, ...Object.keys(checks)])]);
  for (const name in given) {
    if (!Object.hasOwn(checks, name)) throw unknownOption(owner, name, Object.keys(checks));
    const value = given[name];
    if (value !== undefined) checkOption(owner, name, value, checks[name]);
  }
  for (const name of required) checkOption(owner, name, given[name], checks[name]);
  return given;
}

function notOptions(owner: string, given: unknown, names: readonly string[]): ConfigError {
  const some = names.slice(0, 2).map((name) => `${name}: …`);
  const expected = some.length > 0 ? `options are an object such as { ${some.join(", ")} }` : "there are no options";
  return new ConfigError(`${owner}: ${expected}, received ${formatValue(given)}.`);
}

/** The error for a name that no option has. @param known the names there are */
export function unknownOption(owner: string, name: string, known: readonly string[]): ConfigError {
  const begin = `${owner}: there is no option ${JSON.stringify(name)}`;
  const reason = whyAbsent(owner, name);
  if (reason !== undefined) return new ConfigError(`${begin}. Keras has it, Tavali does not: ${reason}`);
  const nearest = nearestOption(name, known);
  const all = known.length === 0 ? "It has no options." : `There are ${known.join(", ")}.`;
  return new ConfigError(nearest === undefined ? `${begin}. ${all}` : `${begin}; did you mean ${nearest}? ${all}`);
}

/** Objects with names of their own; not lists, collections and the like, which would be read as having no options at all. */
function isOptionsObject<Options extends object>(given: Options | undefined): given is Options {
  if (typeof given !== "object" || given === null || ArrayBuffer.isView(given)) return false;
  if (Symbol.iterator in given || Symbol.asyncIterator in given) return false;
  return !others.some((other) => given instanceof other);
}

/** An instance of a class, none of whose names is an option but "name", which many have: a tensor or a model in the place of options. */
function isOfAnotherKind(given: object, checks: object): boolean {
  const prototype = Object.getPrototypeOf(given);
  if (prototype === null || Object.getPrototypeOf(prototype) === null) return false;
  const names = Object.keys(given);
  return names.length > 0 && !names.some((name) => name !== "name" && Object.hasOwn(checks, name));
}

const others = [WeakMap, WeakSet, Date, RegExp, Promise, Error, ArrayBuffer, Number, Boolean];
