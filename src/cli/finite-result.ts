/** Results that are no numbers: damaged weights, or numbers that grew out of range. They are never shown as if they were results. */
import { DataError } from "../errors.js";

/**
 * The result itself.
 *
 * @param what made it, for the message: the name of the model's file
 * @throws DataError naming the first of its numbers that is not finite
 */
export function finiteResult<Result>(what: string, result: Result): Result {
  const found = notFinite(result, "");
  if (found === undefined) return result;
  throw new DataError(
    `${what}: what the model computes is not a number: ${found}. Its weights are damaged or its training diverged; ` +
      "restore the file, or train again, with a lower learning rate or --clip.",
  );
}

/** "predictions[0].probability is NaN", or undefined where all numbers are finite. */
function notFinite(value: unknown, place: string): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `${place} is ${value}`;
  if (value === null || typeof value !== "object") return undefined;
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    const list = value as ArrayLike<unknown>;
    for (let i = 0; i < list.length; i++) {
      const found = notFinite(list[i], `${place}[${i}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  for (const [name, part] of Object.entries(value)) {
    const found = notFinite(part, place === "" ? name : `${place}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
