/** Nodes, checked where functions of the user's own are given or give them. */
import { ConfigError } from "../errors.js";
import { formatValue } from "../options/index.js";
import type { Node } from "./graph.js";

/**
 * The value, where it is a node.
 *
 * @param owner what gave it, as the beginning of a message: `Dense "dense"`
 * @throws ConfigError for anything else, such as the NaN that JavaScript's own operators make of two nodes
 */
export function checkNode(owner: string, value: unknown): Node {
  if (isNode(value)) return value;
  throw new ConfigError(
    `${owner} gave ${formatValue(value)}; expected a node. Compute it with operations of tavali/equations, such as sub(a, b) for a − b.`,
  );
}

/**
 * What an operation is applied to, where it is a node.
 *
 * @param expected what the operation takes, in words
 * @throws ConfigError for anything else
 */
export function checkOperand(value: unknown, expected = "a node"): Node {
  if (isNode(value)) return value;
  throw new ConfigError(
    `An operation of tavali/equations was given ${formatValue(value)}; expected ${expected}. JavaScript's own operators do not work on ` +
      "nodes: write sub(a, b) for a − b, mul(a, b) for a · b.",
  );
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "op" in value && "inputs" in value;
}
