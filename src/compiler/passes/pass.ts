/** Pass: the contract of everything that rewrites a graph. A graph goes in, and a graph with the same values comes out. */
import type { Node } from "../../equations/index.js";

/** The values that a program computes. Their inputs, and the inputs of those, are the rest of the graph. */
export type Graph = readonly Node[];

export interface Pass<Name extends string = string> {
  /** `compile(equations, { without: [name] })` leaves it out. */
  readonly name: Name;
  /** Returns as many values as it is given, in the same order, with the same shapes, equal up to rounding. */
  readonly apply: (graph: Graph) => Graph;
}
