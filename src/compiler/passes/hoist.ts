/**
 * Hoist: a product that does not depend on the carried state (x(t)·W) leaves the loop and becomes one product over all T·B rows, computed
 * before the loop. Elementwise operations that the product needs, such as a dropout mask on x(t), go with it.
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
  scanOp,
} from "../../equations/index.js";
import { Analysis, type Loop } from "./analysis.js";
import type { Graph, Pass } from "./pass.js";
import { substitute } from "./rewrite.js";

export const hoist = {
  name: "hoist",
  apply(graph: Graph): Graph {
    const analysis = new Analysis(graph);
    const replacements = new Map<Node, Node>();
    for (const loop of analysis.loops()) hoistProducts(loop, analysis.inside, replacements);
    return substitute(graph, replacements);
  },
} as const satisfies Pass;

/** Replaces products of a body by placeholders, and the scan by one that binds them to the products at all steps. */
function hoistProducts({ scan, body }: Loop, inside: ReadonlySet<Node>, replacements: Map<Node, Node>): void {
  const lift = lifting(scan, inside);
  const products = body.flatMap((node) => {
    const product = isOp(node, matmulOp) ? lift(node) : undefined;
    return product ? [{ product, node, bound: placeholder(node.name, node.shape) }] : [];
  });
  if (products.length === 0) return;
  for (const { node, bound } of products) replacements.set(node, bound);
  const { attributes, inputs } = scan;
  const count = attributes.sequences.length;
  const sources = products.map(({ product }) => product);
  replacements.set(
    scan,
    makeNode(scanOp, [...inputs.slice(0, count), ...sources, ...inputs.slice(count)], scan.shape, {
      ...attributes,
      sequences: [...attributes.sequences, ...products.map(({ bound }) => bound)],
    }),
  );
}

/** From a node of the body to its value at all steps, [T, ...]; undefined if it depends on the state, or is an operation that stays. */
function lifting({ attributes, inputs }: Loop["scan"], inside: ReadonlySet<Node>): (node: Node) => Node | undefined {
  const { length, sequences } = attributes;
  const lifted = new Map<Node, Node | undefined>(sequences.map((sequence, i) => [sequence, inputs[i]!]));

  function lift(node: Node): Node | undefined {
    if (!lifted.has(node)) lifted.set(node, liftNode(node));
    return lifted.get(node);
  }

  function liftNode(node: Node): Node | undefined {
    const shape = [length, ...node.shape];
    if (isOp(node, matmulOp)) {
      const [a, b] = node.inputs as [Node, Node];
      if (inside.has(b) || b.shape.length > 2) return undefined;
      const rows = lift(a);
      return rows && makeNode(matmulOp, [rows, b], shape, undefined);
    }
    if (isOp(node, reshapeOp)) {
      const source = lift(node.inputs[0]!);
      return source && reshape(source, shape);
    }
    return isElementwise(node) ? liftElementwise(node, shape) : undefined;
  }

  function liftElementwise(node: Node, shape: readonly number[]): Node | undefined {
    const aligned: Node[] = [];
    for (const input of node.inputs) {
      const source = inside.has(input) ? lift(input) : input;
      if (!source) return undefined;
      // A lifted input of lower rank keeps its time axis in front.
      const missing = inside.has(input) ? shape.length - source.shape.length : 0;
      const padding = new Array<number>(missing).fill(1);
      aligned.push(missing > 0 ? reshape(source, [length, ...padding, ...source.shape.slice(1)]) : source);
    }
    return makeNode(node.op, aligned, shape, node.attributes, { name: node.name });
  }

  return lift;
}
