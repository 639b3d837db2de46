/** The contract of a pass: a graph in, a graph of the same values out. A graph is the values wanted of it, each with all it is made of. */
import type { Node } from "../../equations/index.js";

/** The values that a program computes. */
export type Graph = readonly Node[];

export interface Pass<Name extends string = string> {
  /** By which `compile` turns it off. */
  readonly name: Name;
  /** What it does, in one sentence. */
  readonly does: string;
  /** Gives as many values as it is given, in the same order and of the same shapes, equal but for rounding. */
  readonly apply: (graph: Graph) => Graph;
}
