/**
 * Common subexpressions: nodes with the same operation, the same inputs and equal attributes have the same value. Derivatives and optimizers
 * write many values again: a softmax that a metric reads, too, a loop's value at every step, sums of rows by id, the bias correction of Adam.
 */
import { isOp, isScan, leafOp, type Node } from "../../equations/index.js";
import type { Graph, Pass } from "./pass.js";
import { rewrite } from "./rewrite.js";

/** Longer lists are compared by identity, since comparing their numbers would take longer than it saves. */
const LONGEST_LIST = 64;

export const commonSubexpressions = {
  name: "commonSubexpressions",
  apply(graph: Graph): Graph {
    const known = new Map<string, Node>();
    const keys = new Keys();
    return rewrite(graph, (node) => {
      // Each leaf and each scan has a value that no other node has.
      if (isOp(node, leafOp) || isScan(node)) return node;
      const key = keys.of(node);
      const same = known.get(key);
      if (!same) known.set(key, node);
      return same ?? node;
    });
  },
} as const satisfies Pass;

/** Keys of nodes, equal for equal values. */
class Keys {
  readonly #numbers = new Map<unknown, number>();

  of({ op, inputs, shape, dtype, attributes }: Node): string {
    const sources = inputs.map((input) => this.#identity(input));
    return `${this.#identity(op)}(${sources})[${shape}]${dtype}${this.#attribute(attributes)}`;
  }

  #attribute(value: unknown): string {
    if (value === undefined) return "";
    if (typeof value === "number") return Object.is(value, -0) ? "-0" : `${value}`;
    if (Array.isArray(value) && value.length <= LONGEST_LIST) return `[${value.map((each) => this.#attribute(each))}]`;
    if (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype && !("op" in value!)) {
      return `{${Object.entries(value!).map(([name, each]) => `${name}:${this.#attribute(each)}`)}}`;
    }
    return typeof value === "object" ? this.#identity(value) : JSON.stringify(value);
  }

  #identity(thing: unknown): string {
    const known = this.#numbers.get(thing) ?? this.#numbers.size;
    this.#numbers.set(thing, known);
    return `#${known}`;
  }
}
