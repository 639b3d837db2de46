/** The two ways to change a graph: `substitute` puts other nodes in the place of some, `rewrite` looks at each node over its new inputs. */
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

/** Puts other nodes in the place of some. What takes a node's place may be made of nodes that are replaced, too, but not of the node itself. */
export function substitute(graph: Graph, replacements: ReadonlyMap<Node, Node>): Graph {
  return replacements.size === 0 ? graph : rebuild(graph, replacements, (node) => node);
}

/**
 * Gives every node, those of loop bodies too, to a rule: inputs first.
 *
 * @param rule from a node whose inputs went through the rule to what takes its place: the node itself, or one of the same shape
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

/** The node over what its inputs became; the node itself if they are the same. */
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
