/**
 * Kinds of values in words, for messages about data: "a string "abc"", "a Promise: await it". All readers of data use these words, so that
 * equal mistakes have equal messages. No method of the value is called.
 */
import { DataError } from "../errors.js";

const LONGEST = 40;

/** The kind of a value with an article, and of a short value the value itself. @example kindOf("a") // 'a string "a"' */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  switch (typeof value) {
    case "string":
      return `a string ${JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value)}`;
    case "number":
      return `the number ${value}`;
    case "bigint":
      return `the BigInt ${value}n`;
    case "boolean":
      return `${value}`;
    case "symbol":
      return "a symbol";
    case "function":
      return isGeneratorFunction(value) ? "a generator function" : "a function";
    default:
      return kindOfObject(value);
  }
}

/** Hints for a text in the place of numbers, by what the numbers are. */
const adviceForText = {
  data: "turn texts into ids first, for example with a Tokenizer",
  labels: "turn labels into whole numbers first, for example names.indexOf(label) with names, the list of all classes",
  weights: "give weights as numbers, such as 0.5 or 2",
  masks: "give 1 or true for a step that is valid, and 0 or false for padding",
} as const;

/** Role of numbers, for hints. */
export type NumberRole = keyof typeof adviceForText;

/** A hint that turns a value of another kind into data; undefined without one. */
export function adviceFor(value: unknown, role: NumberRole = "data"): string | undefined {
  if (typeof value === "string") {
    return Number.isFinite(Number(value)) && value.trim() !== ""
      ? `write it without quotes, or convert it with Number(…)`
      : adviceForText[role];
  }
  if (typeof value === "function") return "call it, and give what it returns";
  if (typeof value !== "object" || value === null) return undefined;
  return adviceForObject(value);
}

/** The error for a value that is not data. @param place its name in messages: "x", "x[3][1]" @param expected "a number" */
export function notData(place: string, value: unknown, expected: string, role?: NumberRole): DataError {
  const advice = adviceFor(value, role);
  return new DataError(`${place} is ${kindOf(value)}; expected ${expected}.${advice ? ` ${capital(advice)}.` : ""}`);
}

function kindOfObject(value: object): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (has(value, "then")) return "a Promise";
  if (Object.hasOwn(value, "data") && Object.hasOwn(value, "shape")) return "a tensor";
  if (has(value, "predict") && has(value, "fit")) return "a model";
  if (has(value, "call") && has(value, "apply")) return "a layer";
  if ("call" in value && "shape" in value) return "a symbolic tensor, which has no numbers";
  if (has(value, "next")) return Symbol.asyncIterator in value ? "an async generator" : "a generator";
  const name = classOf(value);
  return name === undefined ? "an object" : `${/^[AEIOU]/.test(name) ? "an" : "a"} ${name}`;
}

function adviceForObject(value: object): string | undefined {
  if (has(value, "then")) return "await it";
  if (has(value, "predict") && has(value, "fit")) return "give data, such as what its predict returns";
  if ("call" in value && "shape" in value) return undefined;
  if (has(value, "next")) {
    return Symbol.asyncIterator in value
      ? "collect what it yields into a list first, with for await"
      : "collect what it yields into a list first: [...values]";
  }
  if (value instanceof Map) return "give its values as a list: [...map.values()]";
  if (value instanceof Set) return "give its items as a list: [...set]";
  if (value instanceof ArrayBuffer || value instanceof DataView) {
    return "give a typed array over it, such as new Float32Array(buffer)";
  }
  if (Symbol.asyncIterator in value) return "collect what it yields into a list first, with for await";
  return Symbol.iterator in value && !Array.isArray(value) ? "give a list: [...values]" : undefined;
}

function classOf(value: object): string | undefined {
  const made = Object.getPrototypeOf(value) === null ? undefined : value.constructor;
  const name = typeof made === "function" ? made.name : undefined;
  return name && name !== "Object" ? name.slice(0, LONGEST) : undefined;
}

function has(value: object, method: string): boolean {
  return method in value && typeof (value as Record<string, unknown>)[method] === "function";
}

function isGeneratorFunction(value: object): boolean {
  return /Generator/.test(classOf(value) ?? "");
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
