/** Analysis of a graph before a pass changes it: the order of its nodes, which of them are in loops, and what reads each. */
import {
  isOp,
  isScan,
  type LeafAttributes,
  leafOp,
  type Node,
  type ScanAttributes,
  type ScanOutputAttributes,
  scanOutputOp,
  topologicalOrder,
} from "../../equations/index.js";
import { readersOf } from "../readers.js";
import type { Graph } from "./pass.js";

/** A scan and the values that leave it. */
export interface Loop {
  readonly scan: Node<ScanAttributes>;
  readonly outputs: readonly Node<ScanOutputAttributes>[];
  /** The values that are needed at every step: the next states, and the values that are stacked or summed. */
  readonly wanted: ReadonlySet<Node>;
  /** The nodes of the body, each after its inputs. */
  readonly body: readonly Node[];
}

export class Analysis {
  /** All nodes, those of loop bodies too, each after what it is computed from. */
  readonly order: readonly Node[];
  /** Nodes of loop bodies: those that depend on a placeholder, which a scan binds at each step. */
  readonly inside: ReadonlySet<Node>;
  readonly #roots: ReadonlySet<Node>;
  #readers: ReadonlyMap<Node, readonly Node[]> | undefined;

  constructor(graph: Graph) {
    this.order = topologicalOrder(graph, undefined, computedFrom);
    this.inside = insideLoops(this.order);
    this.#roots = new Set(graph);
  }

  /** The nodes that read a node. A reader may be in the list more than once. */
  readers(node: Node): readonly Node[] {
    this.#readers ??= readersOf(this.order, computedFrom);
    return this.#readers.get(node) ?? [];
  }

  /** Whether every use of a node is by a reader of some kind. */
  isReadOnlyBy(node: Node, accepts: (reader: Node) => boolean): boolean {
    return !this.#roots.has(node) && this.readers(node).every(accepts);
  }

  /** The scans of the graph, each after those that it reads. */
  loops(): Loop[] {
    return this.order.filter(isScan).map((scan) => {
      const outputs = this.readers(scan).filter((node): node is Node<ScanOutputAttributes> => isOp(node, scanOutputOp));
      const values = outputs.flatMap(({ attributes: { kind, of } }) => (kind === "final" ? [] : [of]));
      const wanted = new Set([...scan.attributes.next, ...values]);
      return { scan, outputs, wanted, body: this.bodyOf(wanted) };
    });
  }

  /** The nodes of a body that some of its values are computed from, each after its inputs. */
  bodyOf(values: Iterable<Node>): Node[] {
    return topologicalOrder(values, (node) => this.inside.has(node));
  }
}

/** The nodes that a node is computed from. A scan is also computed from its body's next states, its outputs from values in the body. */
export function computedFrom(node: Node): readonly Node[] {
  if (isScan(node)) return [...node.inputs, ...node.attributes.next];
  return isOp(node, scanOutputOp) ? [...node.inputs, node.attributes.of] : node.inputs;
}

function insideLoops(order: readonly Node[]): Set<Node> {
  const inside = new Set<Node>();
  for (const node of order) {
    const isBound = isOp<LeafAttributes>(node, leafOp) && node.attributes.role === "placeholder";
    const leaves = isScan(node) || isOp(node, scanOutputOp);
    if (isBound || (!leaves && node.inputs.some((input) => inside.has(input)))) inside.add(node);
  }
  return inside;
}
