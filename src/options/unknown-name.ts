/** Messages about names that nothing has. */
import { nearestOption } from "./nearest-option.js";

/**
 * What a message says of a name that is not known, without a full stop: the nearest name, if one is near, and all there are.
 *
 * @param kind what has such names: "activation"
 * @example unknownName("activation", "Softmax", ["softmax", "tanh"]) // 'Unknown activation "Softmax". Did you mean softmax? Known are softmax, tanh'
 */
export function unknownName(kind: string, given: unknown, known: readonly string[]): string {
  const name = String(given);
  const nearest = name.length < 4 ? undefined : nearestOption(name, known);
  const question = nearest === undefined ? "" : ` Did you mean ${nearest}?`;
  return `Unknown ${kind} ${JSON.stringify(name)}.${question} Known are ${known.join(", ")}`;
}
