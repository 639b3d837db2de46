/**
 * Checks of single values: numbers within a range, words of a list, switches. A check says what a value must be, in words that stand after
 * "must be", or nothing where the value is that. Every number among the options of the package is held to one of these.
 */
import { ConfigError } from "../errors.js";
import { formatValue } from "./format-value.js";

/** What a value must be ("a positive integer"); undefined when it is that. */
export type OptionCheck = (value: unknown) => string | undefined;

/** A check from a test and the words for what passes it. */
/* @__NO_SIDE_EFFECTS__ */ export function expecting(expected: string, fits: (value: unknown) => boolean): OptionCheck {
  return (value) => (fits(value) ? undefined : expected);
}

/** Passes everything: for values that what reads them checks. */
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

/** A function. */
export const aFunction: OptionCheck = expecting("a function", (value) => typeof value === "function");

/** An object, of whatever kind. */
export const anObject: OptionCheck = expecting("an object", (value) => typeof value === "object" && value !== null);

/** What stops a call that runs for long. */
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

/** How many hypotheses a search keeps; more than the most would only fill the memory. */
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

/** A number in [0, 1): what 1 would make 0 or infinite. */
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

/** What passes any of the checks. */
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

/** What passes the check; and null, which stands for none. */
/* @__NO_SIDE_EFFECTS__ */ export const orNull =
  (check: OptionCheck): OptionCheck =>
  (value) =>
    value === null ? undefined : check(value);

/** A list, not empty unless `least` is 0, of what passes the check. @param of the plural: "positive integers" */
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
 * The value, held to a check.
 *
 * @param owner whose option or argument it is: "Dense", "fit"
 * @throws ConfigError naming all four: "Dense: units must be a positive integer, received 0."
 */
export function checkOption<Value>(owner: string, name: string, value: Value, check: OptionCheck): Value {
  const expected = check(value);
  if (expected === undefined) return value;
  throw new ConfigError(`${owner}: ${name} must be ${expected}, received ${formatValue(value)}.`);
}
