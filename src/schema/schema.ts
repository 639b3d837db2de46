/**
 * Schemas of plain data: the content of a file is checked against one before it is used. A schema is a function that finds the first
 * place where a value does not conform; it creates nothing and assumes nothing.
 */
import { FormatError } from "../errors.js";
import { expecting, formatValue, type OptionCheck, wholeNumber } from "../options/index.js";

/** The first place where a value does not conform to a schema. */
export interface Problem {
  /** The path from the checked value: ".layers[3].units"; empty for the value itself. */
  readonly place: string;
  /** "a whole number from 1 to 4096" */
  readonly expected: string;
  readonly received: unknown;
}

/** Finds the first problem of a value; undefined if there is none. */
export type Schema = (value: unknown) => Problem | undefined;

/** The parts of a message about a file, besides the place. */
export interface SchemaMessage {
  /** The file's name. */
  readonly name: string;
  /** The name of the checked value: "metadata". */
  readonly what: string;
  /** Advice: "Save the model again." */
  readonly advice: string;
}

/** @throws FormatError with the file, the place, the expectation and the value found */
export function checkSchema(value: unknown, schema: Schema, message: SchemaMessage): void {
  const problem = schema(value);
  if (!problem) return;
  const { name, what, advice } = message;
  throw new FormatError(`${name}: ${describeProblem(problem, what)}. ${advice}`);
}

/** "metadata.labels[3] must be a text, received null" */
export function describeProblem({ place, expected, received }: Problem, what: string): string {
  const found = received === undefined ? "nothing" : formatValue(received);
  return `${what}${place} must be ${expected}, received ${found}`;
}

/** A value that passes a check of single values. */
/* @__NO_SIDE_EFFECTS__ */ export function is(check: OptionCheck): Schema {
  return (value) => {
    const expected = check(value);
    return expected === undefined ? undefined : { place: "", expected, received: value };
  };
}

/** Any value. */
export const anything: Schema = () => undefined;

/** A text of limited length, in code units. */
/* @__NO_SIDE_EFFECTS__ */ export function text({
  least = 0,
  most = 2 ** 29,
}: {
  readonly least?: number;
  readonly most?: number;
} = {}): Schema {
  const limit = most < 2 ** 29 ? ` of at most ${most} characters` : "";
  const expected = `a text${least > 0 ? " that is not empty" : ""}${limit}`;
  return is(expecting(expected, (value) => typeof value === "string" && value.length >= least && value.length <= most));
}

/** A finite number within a range, bounds included. */
/* @__NO_SIDE_EFFECTS__ */ export function number(minimum: number, maximum: number): Schema {
  const fits = (value: unknown) =>
    Number.isFinite(value) && (value as number) >= minimum && (value as number) <= maximum;
  return is(expecting(`a number from ${minimum} to ${maximum}`, fits));
}

/** Any number, NaN and infinities included. */
export const anyNumber: Schema = is(expecting("a number", (value) => typeof value === "number"));

/** A value that may be absent. */
/* @__NO_SIDE_EFFECTS__ */ export function optional(schema: Schema): Schema {
  return (value) => (value === undefined ? undefined : schema(value));
}

/** A value that may be absent or null. */
/* @__NO_SIDE_EFFECTS__ */ export function nullable(schema: Schema): Schema {
  return (value) => (value === undefined || value === null ? undefined : schema(value));
}

/** A value that conforms to one of several schemas. @param expected description of all of them */
/* @__NO_SIDE_EFFECTS__ */ export function either(expected: string, ...schemas: readonly Schema[]): Schema {
  return (value) => {
    const problems: Problem[] = [];
    for (const schema of schemas) {
      const problem = schema(value);
      if (!problem) return undefined;
      problems.push(problem);
    }
    // A problem deeper inside is more specific than one of the whole value.
    return problems.find(({ place }) => place !== "") ?? { place: "", expected, received: value };
  };
}

/** A list of limited length. */
/* @__NO_SIDE_EFFECTS__ */ export function list(
  item: Schema,
  { least = 0, most = 2 ** 26 }: { readonly least?: number; readonly most?: number } = {},
): Schema {
  return (value) => {
    if (!Array.isArray(value)) return { place: "", expected: "a list", received: value };
    if (value.length < least || value.length > most) {
      const expected = value.length < least ? `at least ${least}` : `at most ${most}`;
      return { place: "", expected: `a list of ${expected}`, received: value };
    }
    for (let i = 0; i < value.length; i++) {
      const problem = item(value[i]);
      if (problem) return { ...problem, place: `[${i}]${problem.place}` };
    }
    return undefined;
  };
}

/** A list of distinct texts. */
/* @__NO_SIDE_EFFECTS__ */ export function distinctTexts(
  limits: { readonly least?: number; readonly most?: number } = {},
  item = text(),
): Schema {
  const items = list(item, limits);
  return (value) => {
    const problem = items(value);
    if (problem) return problem;
    const first = new Map<string, number>();
    for (const [at, each] of (value as readonly string[]).entries()) {
      const before = first.get(each);
      if (before !== undefined) return { place: `[${at}]`, expected: `different from [${before}]`, received: each };
      first.set(each, at);
    }
    return undefined;
  };
}

/** An object with these fields; others are left alone unless `closed`. Only its own fields count. */
/* @__NO_SIDE_EFFECTS__ */ export function fields(
  shape: Readonly<Record<string, Schema>>,
  { closed = false } = {},
): Schema {
  return (value) => {
    if (!isRecord(value)) return { place: "", expected: "an object", received: value };
    for (const [key, schema] of Object.entries(shape)) {
      const problem = schema(Object.hasOwn(value, key) ? value[key] : undefined);
      if (problem) return { ...problem, place: `.${key}${problem.place}` };
    }
    const extra = closed ? Object.keys(value).find((key) => !Object.hasOwn(shape, key)) : undefined;
    if (extra === undefined) return undefined;
    return { place: placeOf(extra), expected: "absent", received: value[extra] };
  };
}

/** An object from names to values of one kind. */
/* @__NO_SIDE_EFFECTS__ */ export function record(item: Schema, { most = 2 ** 24 } = {}): Schema {
  return (value) => {
    if (!isRecord(value)) return { place: "", expected: "an object", received: value };
    const entries = Object.entries(value);
    if (entries.length > most) return { place: "", expected: `an object of at most ${most} fields`, received: value };
    for (const [key, each] of entries) {
      const problem = item(each);
      if (problem) return { ...problem, place: `${placeOf(key)}${problem.place}` };
    }
    return undefined;
  };
}

/** A map from texts to values of one kind. */
/* @__NO_SIDE_EFFECTS__ */ export function mapOf(item: Schema): Schema {
  return (value) => {
    if (!(value instanceof Map)) return { place: "", expected: "a map", received: value };
    for (const [key, each] of value) {
      const place = `[${formatValue(key)}]`;
      if (typeof key !== "string") return { place, expected: "under a text", received: each };
      const problem = item(each);
      if (problem) return { ...problem, place: `${place}${problem.place}` };
    }
    return undefined;
  };
}

/** A typed array of numbers. */
export const numbers: Schema = is(
  expecting(
    "an array of numbers",
    (value) =>
      ArrayBuffer.isView(value) && !(value instanceof DataView) && typeof (value as Uint8Array)[0] !== "bigint",
  ),
);

/** The most axes that a tensor in a file may have. */
export const mostAxes = 32;

/** The shape of a tensor that a file declares. */
export const shape: Schema = list(is(wholeNumber(0)), { most: mostAxes });

/** A typed array and a shape of the same size. */
export const tensor: Schema = (value) => {
  const problem = fields({ data: numbers, shape })(value);
  if (problem) return problem;
  const { data, shape: axes } = value as { readonly data: ArrayLike<number>; readonly shape: readonly number[] };
  const size = axes.reduce((product, axis) => product * axis, 1);
  if (size === data.length) return undefined;
  return { place: ".shape", expected: `a shape of ${data.length} numbers`, received: axes };
};

/** A name that is one part of a path and cannot leave its folder: no separators, no "..", no control characters. */
export const fileName: Schema = is(
  expecting("the name of a file or folder, without a path", (value) => typeof value === "string" && isFileName(value)),
);

const longestName = 200;

/** Whether a name stays within its folder on every system. */
export function isFileName(name: string): boolean {
  if (name.length === 0 || name.length > longestName) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the check looks for them
  if (/[/\\:*?"<>|\u0000-\u001f\u007f-\u009f]/.test(name) || /^\.|[. ]$/.test(name)) return false;
  return !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name);
}

/** Whether a value is an object and not a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function placeOf(key: string): string {
  return /^[A-Za-z_]\w{0,59}$/.test(key) ? `.${key}` : `[${formatValue(key)}]`;
}
