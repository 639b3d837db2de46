/**
 * Hoist: a product that does not depend on the carried state (x(t)·W) leaves the loop and becomes one product over all T·B rows, computed
 * before the loop begins. What such a product is made of — a dropout mask on x(t), say — goes with it.
 */
import {
  isElementwise,
  isOp,
  makeNode,
  matmulOp,
  type Node,
  placeholder,
  reshape,
  reshapeOp,
  type ScanAttributes,
} from "../../equations/index.js";
import { product } from "./one-hot.js";

/** Products taken out of a body: the sequence each one became, and the placeholder that replaces it inside. */
export interface Hoisted {
  readonly sequences: Node[];
  readonly sources: Node[];
  readonly replaced: Map<Node, Node>;
}

/**
 * @param body the scan's body
 * @param order its inner nodes, in order
 * @param sources the scan's inputs, rewritten
 * @param rewritten what a node outside the body became
 */
export function hoist(
  body: ScanAttributes,
  order: readonly Node[],
  sources: readonly Node[],
  rewritten: (node: Node) => Node,
): Hoisted {
  const inside = new Set(order);
  const result: Hoisted = { sequences: [], sources: [], replaced: new Map() };
  const lifted = new Map<Node, Node | undefined>();
  body.sequences.forEach((sequence, i) => {
    lifted.set(sequence, sources[i]!);
  });

  /** The node at all steps at once, [T, ...]; undefined if it depends on the state or is of a kind that is not lifted. */
  function lift(node: Node): Node | undefined {
    if (!lifted.has(node)) lifted.set(node, liftNode(node));
    return lifted.get(node);
  }

  function liftNode(node: Node): Node | undefined {
    const shape = [body.length, ...node.shape];
    if (isOp(node, matmulOp)) {
      const [a, b] = node.inputs as [Node, Node];
      if (inside.has(b) || b.shape.length > 2) return undefined;
      const rows = lift(a);
      return rows && product(rows, rewritten(b), shape);
    }
    if (isOp(node, reshapeOp)) {
      const source = lift(node.inputs[0]!);
      return source && reshape(source, shape);
    }
    if (!isElementwise(node)) return undefined;
    const inputs = node.inputs.map((input) => (inside.has(input) ? lift(input) : rewritten(input)));
    if (inputs.some((input) => input === undefined)) return undefined;
    // A lifted input of lower rank keeps its time axis in front.
    const aligned = inputs.map((input, i) =>
      inside.has(node.inputs[i]!) && input!.shape.length < shape.length
        ? reshape(input!, [
            body.length,
            ...new Array<number>(shape.length - input!.shape.length).fill(1),
            ...input!.shape.slice(1),
          ])
        : input!,
    );
    return makeNode(node.op, aligned, shape, node.attributes, { name: node.name });
  }

  for (const node of order) {
    if (!isOp(node, matmulOp)) continue;
    const product = lift(node);
    if (!product) continue;
    const bound = placeholder(node.name, node.shape);
    result.sequences.push(bound);
    result.sources.push(product);
    result.replaced.set(node, bound);
  }
  return result;
}
