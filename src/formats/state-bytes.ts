/**
 * Plain data ⇄ JSON and tensors, number for number: JSON alone would lose NaN, infinities, −0 and the type of arrays. What JSON cannot hold
 * becomes an object with one key that begins with "$".
 */
import { FormatError } from "../errors.js";
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
    if (item === null || typeof item !== "object") return item;
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

/** The value that `encodeState` was given. @throws FormatError for text that is no JSON, or an array that is not there */
export function decodeState(json: string, tensors: readonly NamedTensor[], name: string): StateValue {
  const entriesOf = (list: unknown) => (list as [string, Json][]).map(([key, entry]) => [key, decode(entry)] as const);
  const decode = (item: Json): StateValue => {
    if (Array.isArray(item)) return item.map(decode);
    if (!isObject(item)) return item as StateValue;
    const { $number, $array, $map, $object } = item;
    if (item.$undefined === true) return undefined;
    if (typeof $number === "string") return Number($number);
    if (typeof $array === "number") {
      const tensor = tensors[$array];
      if (!tensor)
        throw new FormatError(`${name}: names array ${$array} of ${tensors.length}. Use an older checkpoint.`);
      return tensor.data;
    }
    if (Array.isArray($map)) return new Map(entriesOf($map));
    return Object.fromEntries(entriesOf($object ?? Object.entries(item)));
  };
  try {
    return decode(JSON.parse(json));
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError(`${name}: the state in it is not what was written. Use an older checkpoint.`, { cause });
  }
}
