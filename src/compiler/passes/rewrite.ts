/**
 * The two passes that move work out of a scan's loop, so that it becomes one large product over all T·B rows instead of T small ones:
 * hoist.ts takes out what comes before the recurrence, sink.ts what comes after it; push-slices.ts cuts sums of gates where they are read.
 * This file rebuilds the graph around them.
 */
import {
  bodyOrder,
  executionOrder,
  finalState,
  isOp,
  isScan,
  makeNode,
  matmulOp,
  type Node,
  type ScanAttributes,
  type ScanOutputAttributes,
  scanOp,
  scanOutputOp,
  scansOf,
  sliceOp,
  stacked,
  summed,
} from "../../equations/index.js";
import { hoist } from "./hoist.js";
import { rowsOf } from "./one-hot.js";
import { partOf, type Sliced, slicedOnly } from "./push-slices.js";
import { sinkStacked, sinkSummed } from "./sink.js";
import { asSoftmax } from "./softmax-shares.js";
import { productOfSums } from "./table-products.js";

export interface ScanPasses {
  readonly hoist: boolean;
  readonly sink: boolean;
  readonly fuse: boolean;
}

/** Rebuilds the graph under `roots`; returns what each of its nodes became. */
export function rewriteScans(roots: readonly Node[], passes: ScanPasses): (node: Node) => Node {
  const rebuild = (node: Node, inputs: readonly Node[]): Node => {
    const rebuilt = withInputs(node, inputs);
    return (passes.fuse && asSoftmax(rebuilt)) || rebuilt;
  };
  const scans = scansOf(roots);
  return rewriteGraph(executionOrder(roots), rebuild, (scan, rewritten) =>
    rewriteScan(scan, scans.get(scan)!, rewritten, passes),
  );
}

/**
 * Changes nodes outside of scans, and rebuilds what depends on them; returns what each node became.
 *
 * @param order as of `executionOrder`
 * @param dependenciesOf as of `executionDependencies`
 * @param change what a node becomes, given the node and the same over what its inputs became
 */
export function changeNodes(
  order: readonly Node[],
  dependenciesOf: (node: Node) => readonly Node[],
  change: (node: Node, rebuilt: Node) => Node,
): (node: Node) => Node {
  const rebuild = (node: Node, inputs: readonly Node[]): Node =>
    change(node, inputs.every((input, i) => input === node.inputs[i]) ? node : withInputs(node, inputs));
  return rewriteGraph(order, rebuild, (scan, rewritten) => {
    if (dependenciesOf(scan).every((dependency) => rewritten(dependency) === dependency)) return [];
    const outputs = order.filter((node) => isOp(node, scanOutputOp) && node.inputs[0] === scan);
    return rewriteScan(scan, outputs as Node<ScanOutputAttributes>[], rewritten, {
      hoist: false,
      sink: false,
      fuse: false,
    });
  });
}

function rewriteGraph(
  order: readonly Node[],
  rebuild: (node: Node, inputs: readonly Node[]) => Node,
  rebuildScan: (
    scan: Node<ScanAttributes>,
    rewritten: (node: Node) => Node,
  ) => readonly (readonly [from: Node, to: Node])[],
): (node: Node) => Node {
  const result = new Map<Node, Node>();
  const rewritten = (node: Node): Node => result.get(node) ?? node;
  for (const node of order) {
    if (isScan(node)) {
      for (const [from, to] of rebuildScan(node, rewritten)) result.set(from, to);
    } else if (!result.has(node)) result.set(node, rebuild(node, node.inputs.map(rewritten)));
  }
  return rewritten;
}

/** The node over other inputs; the node itself if they are the same. */
export function withInputs(node: Node, inputs: readonly Node[]): Node {
  const chosen = isOp(node, matmulOp) ? rowsOf(inputs[0]!, inputs[1]!, node.shape) : productOfSums(node, inputs);
  if (chosen) return chosen;
  if (inputs.every((input, i) => input === node.inputs[i])) return node;
  return makeNode(node.op, inputs, node.shape, node.attributes, { dtype: node.dtype, name: node.name });
}

function rewriteScan(
  scan: Node<ScanAttributes>,
  outputs: readonly Node<ScanOutputAttributes>[],
  rewritten: (node: Node) => Node,
  passes: ScanPasses,
): [Node, Node][] {
  const body = scan.attributes;
  const values = outputs.filter(({ attributes }) => attributes.kind !== "final").map(({ attributes }) => attributes.of);
  const order = bodyOrder(body, [...body.next, ...values]);
  const sources = scan.inputs.map(rewritten);
  const lifted = passes.hoist
    ? hoist(body, order, sources, rewritten)
    : { sequences: [], sources: [], replaced: new Map<Node, Node>() };

  const inner = new Map<Node, Node>(lifted.replaced);
  const within = (node: Node): Node => inner.get(node) ?? rewritten(node);
  const sliced: Sliced = passes.fuse ? slicedOnly(order, new Set([...body.next, ...values])) : new Map();
  for (const node of order) {
    if (inner.has(node) || sliced.has(node)) continue;
    const [source] = node.inputs;
    if (source === undefined) inner.set(node, node);
    else if (isOp(node, sliceOp) && sliced.has(source)) {
      const { axis, start } = node.attributes;
      inner.set(node, partOf(source, sliced, start, node.shape[axis]!, within));
    } else inner.set(node, withInputs(node, node.inputs.map(within)));
  }
  const count = body.sequences.length;
  const next = makeNode(scanOp, [...sources.slice(0, count), ...lifted.sources, ...sources.slice(count)], [], {
    ...body,
    sequences: [...body.sequences, ...lifted.sequences],
    next: body.next.map(within),
  });
  return [
    [scan, next],
    ...outputs.map((output): [Node, Node] => {
      const { kind, of } = output.attributes;
      if (kind === "final") return [output, finalState(next, of)];
      const value = within(of);
      if (kind === "stacked") return [output, passes.sink ? sinkStacked(next, value) : stacked(next, value)];
      return [output, passes.sink ? sinkSummed(next, value) : summed(next, value)];
    }),
  ];
}
