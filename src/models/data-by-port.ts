/** Values by input or output of a model: one value, a list in their order, or a record by their names. */
import { ConfigError } from "../errors.js";
import { adviceFor, kindOf, type NumberRole, notData } from "../tensor/kind.js";
import { isTypedArray } from "../tensor/read-nested.js";
import { isRecord, isTensor, type TensorLike } from "../tensor/tensor.js";

/** Data of a model: a tensor; for several inputs or outputs a list of tensors in their order, or a record by their names. */
export type DataLike = TensorLike | readonly TensorLike[] | Readonly<Record<string, TensorLike>>;

/**
 * One value per name; undefined where a record leaves a name out.
 *
 * @param what name of the values in messages: "x", "loss"
 * @param isOne true for one value, false for a list or a record of them
 * @param role what the numbers are, for hints
 * @throws ConfigError when the number or a name is not the model's
 */
export function listByName<Value>(
  given: unknown,
  names: readonly string[],
  what: string,
  isOne: (given: unknown) => boolean,
  role?: NumberRole,
): (Value | undefined)[] {
  if (isOne(given)) {
    if (names.length === 1) return [given as Value];
    const isData = typeof given === "number" || isTypedArray(given) || isTensor(given);
    const advice = adviceFor(given, role);
    throw unequal(what, names, isData ? "one" : advice ? `${kindOf(given)}: ${advice}` : kindOf(given));
  }
  if (Array.isArray(given)) {
    if (given.length === names.length) return given.map((value) => value ?? undefined);
    throw unequal(what, names, `a list of ${given.length}`);
  }
  const record = (given ?? {}) as Record<string, Value>;
  const unknown = Object.keys(record).find((key) => !names.includes(key));
  if (unknown !== undefined) throw unequal(what, names, `something for "${unknown}"`);
  return names.map((name) => record[name] ?? undefined);
}

/**
 * Tensors by name; all are needed. Where there is one name, a list is its data, except a list of one tensor.
 *
 * @param isRow true if the only typed array of a list is a row of the data, and not all of it
 * @param role what the numbers are, for hints
 * @throws ConfigError as above, and for a name that is left out
 */
export function tensorsByName(
  given: DataLike,
  names: readonly string[],
  what: string,
  isRow: (only: ArrayLike<unknown>) => boolean = () => true,
  role?: NumberRole,
): TensorLike[] {
  const isListOfOne = (list: readonly unknown[]) =>
    list.length === 1 && (isTensor(list[0]) || (isTypedArray(list[0]) && !isRow(list[0])));
  const isOne = (value: unknown) =>
    Array.isArray(value) ? names.length === 1 && !isListOfOne(value) : !isRecord(value);
  if (given === undefined) throw notData(what, given, names.length === 1 ? "data" : `data for ${formatNames(names)}`);
  const list = listByName<TensorLike>(given, names, what, isOne, role);
  return list.map((value, i) => {
    if (value !== undefined) return value;
    throw new ConfigError(`${what}: there is nothing for "${names[i]}"; give ${formatNames(names)}.`);
  });
}

/** The name of one of several in messages. */
export function nameOf(what: string, names: readonly string[], i: number): string {
  return names.length === 1 ? what : `${what} "${names[i]}"`;
}

function unequal(what: string, names: readonly string[], received: string): ConfigError {
  const expected =
    names.length === 1 ? `one, for "${names[0]}"` : `a list of ${names.length}, or ${formatNames(names)}`;
  return new ConfigError(`${what}: the model expects ${expected}; received ${received}.`);
}

function formatNames(names: readonly string[]): string {
  return `{ ${names.map((name) => `${/^\w+$/.test(name) ? name : JSON.stringify(name)}: …`).join(", ")} }`;
}
