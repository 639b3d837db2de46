/**
 * Checks of options objects at the start of a call: the kind, the names, and the values that have a check. TypeScript finds unknown names
 * only in literals; other unknown names, such as Keras's, must not be ignored silently.
 */
import { ConfigError } from "../errors.js";
import { formatValue } from "./format-value.js";
import { whyAbsent } from "./keras-options.js";
import { nearestOption } from "./nearest-option.js";
import { checkOption, type OptionCheck } from "./option-check.js";

/** The options type of a function without options. */
export type NoOptions = Readonly<Record<string, never>>;

/** One check for each option of a type. */
export type OptionChecks<Options> = { readonly [Name in keyof Options]-?: OptionCheck };

/**
 * Returns the options if every name is known and every value except undefined passes its check.
 *
 * @param owner the function or layer as messages name it: "LSTM", "fit"
 * @param given undefined stands for no options
 * @param required names without a default, whose checks also see undefined
 * @throws ConfigError for a value that is not an object of options, for an unknown name (with the nearest known one), and for a value that
 *   fails its check
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

/** The error for an unknown option. @param known the names of options */
export function unknownOption(owner: string, name: string, known: readonly string[]): ConfigError {
  const begin = `${owner}: there is no option ${JSON.stringify(name)}`;
  const reason = whyAbsent(owner, name);
  if (reason !== undefined) return new ConfigError(`${begin}. Keras has it, Tavali does not: ${reason}`);
  const nearest = nearestOption(name, known);
  const all = known.length === 0 ? "It has no options." : `There are ${known.join(", ")}.`;
  return new ConfigError(nearest === undefined ? `${begin}. ${all}` : `${begin}; did you mean ${nearest}? ${all}`);
}

/** Plain objects; lists and collections are not options objects, since they would pass as objects without options. */
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
