/**
 * Checks of single values: numbers within a range, words of a list, switches. A check returns the expected kind of value, in words that follow
 * "must be", or undefined if the value passes. Every number among the package's options has one of these checks.
 */
import { ConfigError } from "../errors.js";
import { formatValue } from "./format-value.js";

/** Returns the expected kind of value ("a positive integer"), or undefined if the value passes. */
export type OptionCheck = (value: unknown) => string | undefined;

/** A check from a predicate and a description of the values that pass. */
/* @__NO_SIDE_EFFECTS__ */ export function expecting(expected: string, fits: (value: unknown) => boolean): OptionCheck {
  return (value) => (fits(value) ? undefined : expected);
}

/** Passes every value: the reader of the value checks it. */
export const anything: OptionCheck = () => undefined;

/** true or false. */
export const flag: OptionCheck = expecting("true or false", (value) => typeof value === "boolean");

/** A text, which may be empty. */
export const text: OptionCheck = expecting("a text", (value) => typeof value === "string");

/** A text that is not empty: a name. */
export const nameText: OptionCheck = expecting(
  "a text that is not empty",
  (value) => typeof value === "string" && value !== "",
);

/** A text that is more than white space. */
export const filledText: OptionCheck = expecting(
  "a text that is more than white space",
  (value) => typeof value === "string" && value.trim() !== "",
);

/** A function. */
export const aFunction: OptionCheck = expecting("a function", (value) => typeof value === "function");

/** An object, of whatever kind. */
export const anObject: OptionCheck = expecting("an object", (value) => typeof value === "object" && value !== null);

/** A signal that stops a long call. */
export const abortSignal: OptionCheck = expecting(
  "an AbortSignal, such as new AbortController().signal",
  (value) =>
    typeof value === "object" &&
    value !== null &&
    typeof (value as AbortSignal).aborted === "boolean" &&
    typeof (value as AbortSignal).throwIfAborted === "function",
);

/** A count of things: 1, 2, 3, …. */
export const count: OptionCheck = expecting(
  "a positive integer",
  (value) => Number.isSafeInteger(value) && (value as number) >= 1,
);

/** A whole number of at least `least`, and at most `most` if given. */
/* @__NO_SIDE_EFFECTS__ */ export function wholeNumber(least: number, most = Infinity): OptionCheck {
  const expected =
    most === Infinity ? `a whole number of at least ${least}` : `a whole number from ${least} to ${most}`;
  return expecting(
    expected,
    (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most,
  );
}

/** The beam width of a search; the limit protects the memory. */
export const beamWidth: OptionCheck = wholeNumber(1, 10_000);

/** Any whole number: a seed, an axis. */
export const integer: OptionCheck = expecting("a whole number", Number.isSafeInteger);

/** Any number but NaN and ±Infinity. */
export const finite: OptionCheck = expecting("a finite number", Number.isFinite);

/** A finite number above 0. */
export const positive: OptionCheck = expecting(
  "a positive number",
  (value) => Number.isFinite(value) && (value as number) > 0,
);

/** A finite number of at least 0. */
export const notNegative: OptionCheck = expecting(
  "a number of at least 0",
  (value) => Number.isFinite(value) && (value as number) >= 0,
);

/** A number in [0, 1]. */
export const share: OptionCheck = expecting(
  "a number in 0 … 1",
  (value) => typeof value === "number" && value >= 0 && value <= 1,
);

/** A number in [0, 1), for options where 1 would give 0 or infinity. */
export const shareBelowOne: OptionCheck = expecting(
  "a number of at least 0 and below 1",
  (value) => typeof value === "number" && value >= 0 && value < 1,
);

/** One of a few values, by identity. */
/* @__NO_SIDE_EFFECTS__ */ export function oneOf(...choices: readonly unknown[]): OptionCheck {
  const words = choices.map(formatValue);
  const all = words.length > 1 ? `${words.slice(0, -1).join(", ")} or ${words.at(-1)}` : words.join();
  return expecting(all, (value) => choices.includes(value));
}

/** A value that passes any of the checks. */
/* @__NO_SIDE_EFFECTS__ */ export function either(...checks: readonly OptionCheck[]): OptionCheck {
  return (value) => {
    const expected: string[] = [];
    for (const check of checks) {
      const words = check(value);
      if (words === undefined) return undefined;
      expected.push(words);
    }
    return expected.join(", or ");
  };
}

/** A value that passes the check, or null. */
/* @__NO_SIDE_EFFECTS__ */ export const orNull =
  (check: OptionCheck): OptionCheck =>
  (value) =>
    value === null ? undefined : check(value);

/** A list of values that pass the check; not empty unless `least` is 0. @param of the plural: "positive integers" */
/* @__NO_SIDE_EFFECTS__ */ export function listOf(of: string, check: OptionCheck, least = 1): OptionCheck {
  return (value) => {
    if (!Array.isArray(value) && !(ArrayBuffer.isView(value) && "length" in value)) return `a list of ${of}`;
    const list = Array.from(value as ArrayLike<unknown>);
    if (list.length < least) return `a list of ${of} that is not empty`;
    const wrong = list.findIndex((each) => check(each) !== undefined);
    return wrong === -1 ? undefined : `a list of ${of} (entry ${wrong} is not)`;
  };
}

/**
 * Returns the value if it passes the check.
 *
 * @param owner the owner of the option or argument: "Dense", "fit"
 * @throws ConfigError with owner, name, expectation and value: "Dense: units must be a positive integer, received 0."
 */
export function checkOption<Value>(owner: string, name: string, value: Value, check: OptionCheck): Value {
  const expected = check(value);
  if (expected === undefined) return value;
  throw new ConfigError(`${owner}: ${name} must be ${expected}, received ${formatValue(value)}.`);
}
