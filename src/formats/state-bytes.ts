/**
 * Plain data ⇄ JSON and tensors, number for number: JSON alone would lose NaN, infinities, −0 and the type of arrays. Values that JSON cannot hold
 * become objects with one key that begins with "$".
 */
import { ConfigError, FormatError } from "../errors.js";
import { formatValue } from "../options/index.js";
import { anything, checkSchema, list, parseJson, type Schema, text } from "../schema/index.js";
import type { NumericArray } from "../tensor/tensor.js";
import type { StateValue } from "../training/index.js";
import type { Json } from "./canonical-json.js";
import { isObject, type NamedTensor } from "./sealed-file.js";

/** JSON text of a value, which keeps the order of names, and the arrays that it refers to by their number. */
export function encodeState(value: StateValue): { readonly json: string; readonly tensors: readonly NamedTensor[] } {
  const tensors: NamedTensor[] = [];
  const encode = (item: StateValue): Json => {
    if (typeof item === "number") {
      return Number.isFinite(item) && !Object.is(item, -0) ? item : { $number: Object.is(item, -0) ? "-0" : `${item}` };
    }
    if (item === undefined) return { $undefined: true };
    if (item === null || typeof item === "string" || typeof item === "boolean") return item;
    if (typeof item !== "object" || item instanceof DataView || item instanceof BigInt64Array) {
      throw new ConfigError(`saveCheckpoint: the state holds ${formatValue(item)}, which a file cannot keep.`);
    }
    if (ArrayBuffer.isView(item)) {
      const data = item as NumericArray;
      tensors.push({ name: String(tensors.length), data, shape: [data.length] });
      return { $array: tensors.length - 1 };
    }
    if (Array.isArray(item)) return item.map(encode);
    if (item instanceof Map) return { $map: [...item].map(([key, entry]) => [key as string, encode(entry)]) };
    const entries = Object.entries(item).map(([key, entry]): [string, Json] => [key, encode(entry)]);
    return entries.some(([key]) => key.startsWith("$")) ? { $object: entries } : Object.fromEntries(entries);
  };
  const json = JSON.stringify(encode(value));
  return { json, tensors };
}

/** The value that `encodeState` was given. @throws FormatError for text that is not JSON, or an array that does not exist */
export function decodeState(json: string, tensors: readonly NamedTensor[], name: string): StateValue {
  const entriesOf = (given: unknown, key: string) => {
    checkSchema(given, entries, { name, what: `a ${key} in the state`, advice });
    return (given as [string, Json][]).map(([key, entry]) => [key, decode(entry)] as const);
  };
  const decode = (item: Json): StateValue => {
    if (Array.isArray(item)) return item.map(decode);
    if (!isObject(item)) return item as StateValue;
    const [key = ""] = Object.keys(item);
    const value = item[key];
    switch (Object.keys(item).length === 1 ? key : "") {
      case "$undefined":
        return undefined;
      case "$number":
        return Number(value);
      case "$array": {
        const tensor = typeof value === "number" ? tensors[value] : undefined;
        if (tensor) return tensor.data.slice();
        throw new FormatError(`${name}: names array ${formatValue(value)} of ${tensors.length}. ${advice}`);
      }
      case "$map":
        return new Map(entriesOf(value, key));
      case "$object":
        return Object.fromEntries(entriesOf(value, key));
      default:
        return Object.fromEntries(entriesOf(Object.entries(item), "object"));
    }
  };
  return decode(parseJson(json, { name, what: "the state", advice }) as Json);
}

const advice = "Use an older checkpoint.";
const named: Schema = (pair) => list(anything, { least: 2, most: 2 })(pair) ?? text()((pair as unknown[])[0]);
const entries = list(named);
