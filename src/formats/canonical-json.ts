/**
 * JSON with one spelling for equal content: keys sorted, no white space. Values that JSON would change silently (NaN, functions,
 * dates, cycles) are refused, so that reading gives exactly what was written.
 */
import { ConfigError } from "../errors.js";

/** Anything JSON can hold. `undefined` stands for a key that is absent. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

const deepest = 100;

/**
 * @param value anything JSON can hold
 * @param name the value's name in messages
 * @throws ConfigError for a value that JSON cannot hold, naming the place
 */
export function canonicalJson(value: unknown, name: string): string {
  return JSON.stringify(sorted(value, name, 0));
}

function sorted(value: unknown, place: string, depth: number): Json {
  if (depth > deepest) {
    throw new ConfigError(`${place}: is nested more than ${deepest} levels deep; does it contain itself?`);
  }
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item, i) => sorted(item, `${place}[${i}]`, depth + 1));
  if (isPlainObject(value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item, `${place}.${key}`, depth + 1)]));
  }
  const found = typeof value === "object" ? (value.constructor?.name ?? "object") : `${typeof value} ${String(value)}`;
  throw new ConfigError(
    `${place}: JSON cannot hold this ${found}; use strings, finite numbers, lists and plain objects.`,
  );
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
