/** Checks of nodes at the boundary to user functions. */
import { ConfigError } from "../errors.js";
import { formatValue } from "../options/index.js";
import type { Node } from "./graph.js";

/**
 * Returns the value if it is a node.
 *
 * @param owner the function that returned it, as the message begins: `Dense "dense"`
 * @throws ConfigError for anything else, such as the NaN that JavaScript's own operators make of two nodes
 */
export function checkNode(owner: string, value: unknown): Node {
  if (isNode(value)) return value;
  throw new ConfigError(
    `${owner} returned ${formatValue(value)}; expected a node. Compute it with operations of tavali/equations, such as sub(a, b) for a − b.`,
  );
}

/**
 * Returns the operand of an operation if it is a node.
 *
 * @param expected the kind of operand for the message
 * @throws ConfigError for anything else
 */
export function checkOperand(value: unknown, expected = "a node"): Node {
  if (isNode(value)) return value;
  throw new ConfigError(
    `An operation of tavali/equations was given ${formatValue(value)}; expected ${expected}. JavaScript's own operators do not work on ` +
      "nodes: write sub(a, b) for a − b, mul(a, b) for a · b.",
  );
}

/**
 * Returns the nodes of a list.
 *
 * @param owner the function that was given it, for the message
 * @throws ConfigError for anything but a list of nodes
 */
export function checkOperands(owner: string, values: unknown): readonly Node[] {
  if (Array.isArray(values)) return values.map((value) => checkOperand(value));
  throw new ConfigError(`${owner}: expected a list of nodes, received ${formatValue(values)}.`);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "op" in value && "inputs" in value;
}
