/**
 * A softmax over many classes is bound to memory, so what is done to the whole of its input or output is done in the passes that it makes
 * anyway: the bias of a dense layer is added on the way in, and the weight of a row, by which the gradient of a loss multiplies the row's
 * shares, is a factor on the way out. A logit picked from a sum with a bias is then the sum of the two that are picked.
 */
import {
  add,
  executionDependencies,
  executionOrder,
  type GatherAttributes,
  gather,
  gatherOp,
  isOp,
  makeNode,
  type Node,
  reshape,
  reshapeOp,
  type SoftmaxAttributes,
  scansOf,
  softmaxOp,
} from "../equations/index.js";
import { sizeOf } from "../tensor/shape.js";
import { rewriteScans } from "./rewrite.js";
import { foldedSoftmaxOp, softmaxParts } from "./softmax-shares.js";

/** Rebuilds the graph under `roots` where something can be folded; returns what each of its nodes became. */
export function foldSoftmax(roots: readonly Node[]): (node: Node) => Node {
  const order = executionOrder(roots);
  if (!order.some((node) => isOp(node, softmaxOp))) return (node) => node;
  const graph = new Readers(order, roots);
  return rewriteScans(roots, { hoist: false, sink: false, fuse: false }, (node, rebuilt) => {
    if (isOp(node, softmaxOp)) return withBias(graph, node, rebuilt as Node<SoftmaxAttributes>);
    if (isOp(node, gatherOp)) return pickedTerms(graph, node, rebuilt);
    return node.op.name === "multiply" ? withScale(graph, node, rebuilt) : rebuilt;
  });
}

/** Who reads which node. */
class Readers {
  readonly #readers = new Map<Node, Node[]>();
  readonly #dependenciesOf: (node: Node) => readonly Node[];
  readonly #roots: ReadonlySet<Node>;

  constructor(
    readonly order: readonly Node[],
    roots: readonly Node[],
  ) {
    this.#roots = new Set(roots);
    this.#dependenciesOf = executionDependencies(scansOf(roots));
    for (const node of order) {
      for (const source of new Set(this.#dependenciesOf(node))) {
        this.#readers.set(source, [...(this.#readers.get(source) ?? []), node]);
      }
    }
  }

  /** Whether nobody wants the node but readers of a kind. */
  only(node: Node, accepts: (reader: Node) => boolean): boolean {
    return !this.#roots.has(node) && (this.#readers.get(node) ?? []).every(accepts);
  }

  /** Whether a node is computed from one that `wanted` names. */
  dependsOn(node: Node, wanted: (node: Node) => boolean): boolean {
    const seen = new Set<Node>();
    const reaches = (current: Node): boolean => {
      if (seen.has(current)) return false;
      seen.add(current);
      return wanted(current) || this.#dependenciesOf(current).some(reaches);
    };
    return reaches(node);
  }
}

/** The terms of x + bias, if only softmaxes and picks of single numbers read the sum. */
function biased(graph: Readers, sum: Node): [x: Node, bias: Node] | undefined {
  const [x, bias] = sum.inputs;
  if (sum.op.name !== "add" || x?.shape.length !== sum.shape.length || sizeOf(x.shape) !== sizeOf(sum.shape))
    return undefined;
  if (bias?.shape.length !== 1 || bias.shape[0] !== sum.shape.at(-1)) return undefined;
  const isPick = (reader: Node) =>
    isOp<GatherAttributes>(reader, gatherOp) && reader.attributes.perRow === bias.shape[0];
  const isColumn = (reader: Node) => isOp(reader, reshapeOp) && reader.shape.length === 2 && reader.shape[1] === 1;
  const picks = (reader: Node) => isColumn(reader) && graph.only(reader, isPick);
  return graph.only(sum, (reader) => isOp(reader, softmaxOp) || picks(reader)) ? [x, bias] : undefined;
}

function withBias(graph: Readers, node: Node<SoftmaxAttributes>, rebuilt: Node<SoftmaxAttributes>): Node {
  const [sum] = rebuilt.inputs as [Node];
  if (!biased(graph, node.inputs[0]!)) return rebuilt;
  return makeNode(foldedSoftmaxOp, sum.inputs, node.shape, { ...node.attributes, bias: true, scale: false });
}

/** Numbers picked from a sum that is not computed any more. */
function pickedTerms(graph: Readers, node: Node<GatherAttributes>, rebuilt: Node): Node {
  const [column, ids] = rebuilt.inputs as [Node, Node];
  if (!isOp(column, reshapeOp) || !biased(graph, node.inputs[0]!.inputs[0]!)) return rebuilt;
  const [x, bias] = column.inputs[0]!.inputs as [Node, Node];
  return add(
    gather(reshape(x, column.shape), ids, node.attributes.perRow),
    gather(reshape(bias, [bias.shape[0]!, 1]), ids),
  );
}

/**
 * A softmax that only this product reads, times one number a row. The number must not come from the logarithm of the sum, or the two could
 * not be computed together.
 */
function withScale(graph: Readers, node: Node, rebuilt: Node): Node {
  for (const [shares, scale] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const before = node.inputs[shares]!;
    if (!isOp(before, softmaxOp) || before.attributes.form !== "softmax") continue;
    const perRow = node.inputs[scale]!;
    const fits = before.shape.length === node.shape.length && (perRow.shape.at(-1) ?? 1) === 1;
    const fromSum = (other: Node) => isOp(other, softmaxOp) && other.inputs[0] === before.inputs[0];
    if (!fits || sizeOf(before.shape) !== sizeOf(node.shape)) continue;
    if (!graph.only(before, (reader) => reader === node) || graph.dependsOn(perRow, fromSum)) continue;
    const parts = softmaxParts(rebuilt.inputs[shares]!)!;
    const inputs = [parts.x, ...(parts.bias ? [parts.bias] : []), rebuilt.inputs[scale]!];
    return makeNode(foldedSoftmaxOp, inputs, node.shape, {
      form: "softmax",
      bias: parts.bias !== undefined,
      scale: true,
    });
  }
  return rebuilt;
}
