/** Checks of texts and ids: other values are refused with their kind and place. */
import { DataError } from "../errors.js";
import { adviceFor, kindOf } from "./kind.js";
import { isRecord } from "./tensor-like.js";

/** Returns the value if it is a text. @param place its name in messages: "tagText: texts[3]" */
export function expectText(place: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw notText(place, value, "a text");
}

/** Returns the value if it is a number. @param place its name in messages: "token: id" */
export function expectNumber(place: string, value: unknown): number {
  if (typeof value === "number") return value;
  throw notText(place, value, "a number");
}

/** Returns the values if they are a list of texts. @param place its name in messages: "predictTexts: texts" */
export function expectTexts(place: string, values: unknown): readonly string[] {
  if (typeof values === "string") throw oneText(place, values);
  if (!Array.isArray(values)) throw notText(place, values, "a list of texts");
  for (let i = 0; i < values.length; i++) if (typeof values[i] !== "string") expectText(`${place}[${i}]`, values[i]);
  return values;
}

/** The items of an iterable of texts, or of values that stand for texts; a single text is refused. */
export function* eachText<Text>(
  place: string,
  texts: unknown,
  check: (place: string, value: unknown) => Text,
): Generator<Text, void> {
  if (typeof texts === "string") throw oneText(place, texts);
  const many = typeof texts === "object" && texts !== null && Symbol.iterator in texts && !(texts instanceof Map);
  if (!many || ArrayBuffer.isView(texts)) throw notText(place, texts, "a list of texts");
  let i = 0;
  for (const text of texts as Iterable<unknown>) yield check(`${place}[${i++}]`, text);
}

/** Returns the value if it is a list of numbers. @param place its name in messages: "decode: ids" */
export function expectIds(place: string, value: unknown): ArrayLike<number> {
  if (!Array.isArray(value) && !(ArrayBuffer.isView(value) && !(value instanceof DataView))) {
    throw notText(place, value, "a list of ids");
  }
  const ids = value as ArrayLike<unknown>;
  for (let i = 0; i < ids.length; i++) {
    if (typeof ids[i] !== "number") throw notText(`${place}[${i}]`, ids[i], "a number");
  }
  return ids as ArrayLike<number>;
}

/** Checks that a value is an object with something under each name. @param place its name in messages: "trainClassifier: data" */
export function expectParts(place: string, value: unknown, names: readonly string[]): void {
  const expected = names.length === 0 ? "an object" : `an object { ${names.join(", ")} }`;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw notText(place, value, expected);
  const parts = value as Readonly<Record<string, unknown>>;
  const missing = names.find((name) => parts[name] === undefined || parts[name] === null);
  if (missing === undefined) return;
  if (!isRecord(value)) throw notText(place, value, expected);
  throw new DataError(`${place} has no ${missing}; expected ${expected}.`);
}

/** The error for a value that is not a text, or not a list of texts. */
export function notText(place: string, value: unknown, expected: string): DataError {
  const advice = typeof value === "string" ? undefined : adviceFor(value);
  const more = advice === undefined ? "" : ` ${advice.charAt(0).toUpperCase()}${advice.slice(1)}.`;
  return new DataError(`${place} is ${kindOf(value)}; expected ${expected}.${more}`);
}

function oneText(place: string, text: string): DataError {
  return new DataError(
    `${place} is ${kindOf(text)}; expected a list of texts, received one string; wrap it in a list: [text].`,
  );
}
