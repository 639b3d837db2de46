/** Checks of bytes: a value that is not a Uint8Array is refused with its kind and place. */
import { DataError } from "../errors.js";
import { adviceFor, kindOf } from "./kind.js";

/** Returns the value if it is bytes. @param place its name in messages: "parseReviews: train.bytes" */
export function expectBytes(place: string, value: unknown): Uint8Array {
  // Not instanceof: bytes of another realm, such as a test runner's, are bytes.
  if (Object.prototype.toString.call(value) === "[object Uint8Array]" && ArrayBuffer.isView(value)) {
    return value as Uint8Array;
  }
  throw new DataError(`${place} is ${kindOf(value)}; expected bytes, a Uint8Array.${hintFor(value)}`);
}

function hintFor(value: unknown): string {
  if (typeof value === "string") return " Give the content of the file, not its path or its text.";
  if (value instanceof ArrayBuffer) return " Wrap it: new Uint8Array(buffer).";
  if (ArrayBuffer.isView(value)) return " Wrap it: new Uint8Array(view.buffer, view.byteOffset, view.byteLength).";
  const advice = adviceFor(value);
  return advice === undefined ? "" : ` ${advice.charAt(0).toUpperCase()}${advice.slice(1)}.`;
}
