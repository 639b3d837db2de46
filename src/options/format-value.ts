/** Formatting of values for messages. */

const LONGEST = 60;

/**
 * A value in a few characters: numbers unchanged, texts in quotes, and the kind of other values. It never throws, whatever
 * the methods of the value do.
 *
 * @example formatValue(Number.NaN) // "NaN"
 * @example formatValue(new Map()) // "a Map"
 */
export function formatValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return shortened(JSON.stringify(value));
    case "bigint":
      return `${value}n`;
    case "function":
      return value.name ? `the function ${shortened(value.name)}` : "a function";
    case "object":
      return value === null ? "null" : formatObject(value);
    default:
      return String(value);
  }
}

function formatObject(value: object): string {
  if (isSymbolic(value)) return "a symbolic tensor";
  if (isNode(value)) return "a node";
  const kind = kindOf(value);
  if (kind !== "Object" && kind !== "Array") return /^[AEIOU]/.test(kind) ? `an ${kind}` : `a ${kind}`;
  const parts = Array.isArray(value) ? value.slice(0, LONGEST) : Object.entries(value).slice(0, LONGEST);
  if (!Array.isArray(value)) {
    return parts.length === 0
      ? "{}"
      : shortened(
          `{ ${(parts as [string, unknown][]).map(([name, each]) => `${name}: ${formatPart(each)}`).join(", ")} }`,
        );
  }
  return shortened(`[${parts.map(formatPart).join(", ")}]`);
}

/** Inner values, one level deep. */
function formatPart(value: unknown): string {
  if (typeof value !== "object" || value === null) return formatValue(value);
  return Array.isArray(value) ? "[…]" : "{…}";
}

function kindOf(value: object): string {
  if (Array.isArray(value)) return "Array";
  const name = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name === "string" && name !== "" ? shortened(name) : "Object";
}

/** Whether a value is the output of a layer; bundlers rename its class. */
function isSymbolic(value: object): boolean {
  return ["id", "shape", "call", "index"].every((name) => Object.hasOwn(value, name));
}

/** Whether a value is a node of `tavali/equations`. */
function isNode(value: object): boolean {
  return ["id", "op", "inputs", "shape"].every((name) => Object.hasOwn(value, name));
}

const shortened = (words: string) => (words.length <= LONGEST ? words : `${words.slice(0, LONGEST - 1)}…`);
