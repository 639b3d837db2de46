/** Untrusted JSON, read with a limit on the depth of nesting, so that recursive functions may process it. */
import { FormatError } from "../errors.js";
import type { SchemaMessage } from "./schema.js";

/** The maximum depth of lists and objects. Files of this package have less. */
export const deepest = 200;

/**
 * The value of a JSON text.
 *
 * @throws FormatError for a text that is not JSON, or is nested too deep
 */
export function parseJson(source: string, message: SchemaMessage): unknown {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (cause) {
    throw new FormatError(`${message.name}: ${message.what} is not JSON. ${message.advice}`, { cause });
  }
  checkDepth(value, message);
  return value;
}

/** @throws FormatError for a value that is nested more than {@link deepest} levels deep, or contains itself */
export function checkDepth(value: unknown, { name, what, advice }: SchemaMessage): void {
  let level = objectsAmong([value]);
  for (let depth = 0; level.size > 0; depth++) {
    if (depth >= deepest) {
      throw new FormatError(`${name}: ${what} is nested more than ${deepest} levels deep. ${advice}`);
    }
    level = objectsAmong([...level].flatMap((each) => Object.values(each)));
  }
}

/** Each once. */
function objectsAmong(values: readonly unknown[]): Set<object> {
  return new Set(values.filter((value): value is object => typeof value === "object" && value !== null));
}
