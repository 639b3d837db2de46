/** Rewriting of graphs, in two ways: `substitute` replaces given nodes, `rewrite` applies a rule to every node after its inputs. */
import {
  finalState,
  isOp,
  isScan,
  makeNode,
  type Node,
  type ScanAttributes,
  scanOp,
  scanOutputOp,
  stacked,
  summed,
  topologicalOrder,
} from "../../equations/index.js";
import { computedFrom } from "./analysis.js";
import type { Graph } from "./pass.js";

/** Replaces nodes. A replacement may be computed from nodes that are replaced, too, but not from the node that it replaces. */
export function substitute(graph: Graph, replacements: ReadonlyMap<Node, Node>): Graph {
  return replacements.size === 0 ? graph : rebuild(graph, replacements, (node) => node);
}

/**
 * Applies a rule to every node, in loop bodies too, each after its inputs.
 *
 * @param rule from a node with rewritten inputs to its replacement: the node itself, or another one of the same shape
 */
export function rewrite(graph: Graph, rule: (node: Node) => Node): Graph {
  return rebuild(graph, new Map(), rule);
}

function rebuild(graph: Graph, replacements: ReadonlyMap<Node, Node>, rule: (node: Node) => Node): Graph {
  const replaced = (node: Node): Node => replacements.get(node) ?? node;
  const became = new Map<Node, Node>();
  const mapped = (node: Node): Node => became.get(node)!;
  for (const node of topologicalOrder(graph, undefined, (each) => computedFrom(replaced(each)))) {
    became.set(node, rule(overNewInputs(replaced(node), mapped)));
  }
  return graph.map(mapped);
}

/** The node with its rewritten inputs; the node itself if they did not change. */
function overNewInputs(node: Node, mapped: (node: Node) => Node): Node {
  const before = computedFrom(node);
  if (before.every((source) => mapped(source) === source)) return node;
  const inputs = node.inputs.map(mapped);
  if (isScan(node)) {
    const next = node.attributes.next.map(mapped);
    return makeNode(scanOp, inputs, node.shape, { ...node.attributes, next });
  }
  if (isOp(node, scanOutputOp)) {
    const scan = inputs[0] as Node<ScanAttributes>;
    const { kind, of } = node.attributes;
    if (kind === "final") return finalState(scan, of);
    return kind === "stacked" ? stacked(scan, mapped(of)) : summed(scan, mapped(of));
  }
  return makeNode(node.op, inputs, node.shape, node.attributes, { dtype: node.dtype, name: node.name });
}
