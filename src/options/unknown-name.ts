/** Messages about unknown names. */
import { nearestOption } from "./nearest-option.js";

/**
 * The message for an unknown name, without a full stop: the nearest name, if there is one, and all known names.
 *
 * @param kind the kind of thing named: "activation"
 * @example unknownName("activation", "Softmax", ["softmax", "tanh"]) // 'Unknown activation "Softmax". Did you mean softmax? Known are softmax, tanh'
 */
export function unknownName(kind: string, given: unknown, known: readonly string[]): string {
  const name = String(given);
  const nearest = name.length < 4 ? undefined : nearestOption(name, known);
  const question = nearest === undefined ? "" : ` Did you mean ${nearest}?`;
  return `Unknown ${kind} ${JSON.stringify(name)}.${question} Known are ${known.join(", ")}`;
}
