/**
 * A softmax over many classes is bound to memory, so what is done to the whole of its input or output is done in the passes that it makes
 * anyway: the bias of a dense layer is added on the way in, and the weight of a row, by which the gradient of a loss multiplies the row's
 * shares, is a factor on the way out. A logit picked from a sum with a bias is then the sum of the two that are picked. Equal softmaxes (a
 * metric's and the gradient's) become one.
 */
import {
  add,
  executionDependencies,
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
  topologicalOrder,
} from "../../equations/index.js";
import { sameShape } from "../../tensor/shape.js";
import { readersOf } from "../readers.js";
import { changeNodes } from "./rewrite.js";
import { foldedSoftmaxOp, softmaxParts } from "./softmax-shares.js";

/** Rebuilds the graph under `roots` where something can be folded; returns what each of its nodes became. */
export function foldSoftmax(roots: readonly Node[]): (node: Node) => Node {
  const dependenciesOf = executionDependencies(scansOf(roots));
  const order = topologicalOrder(roots, undefined, dependenciesOf);
  if (!order.some((node) => isOp(node, softmaxOp))) return (node) => node;
  const graph = new Graph(order, dependenciesOf, new Set(roots));
  const made = new Map<Node, Node>();
  return changeNodes(order, dependenciesOf, (node, rebuilt) => {
    if (isOp(node, gatherOp)) return pickedTerms(graph, node, rebuilt);
    if (node.op.name === "multiply") return withScale(graph, node, rebuilt);
    if (!isOp(node, softmaxOp)) return rebuilt;
    const result = made.get(graph.equals(node)[0]!) ?? withBias(graph, node, rebuilt);
    made.set(node, result);
    return result;
  });
}

/** Who reads what. */
class Graph {
  readonly #readers: ReadonlyMap<Node, readonly Node[]>;

  constructor(
    private readonly order: readonly Node[],
    private readonly dependenciesOf: (node: Node) => readonly Node[],
    private readonly roots: ReadonlySet<Node>,
  ) {
    this.#readers = readersOf(order, dependenciesOf);
  }

  /** Whether nobody wants the node but readers of a kind. */
  only(node: Node, accepts: (reader: Node) => boolean): boolean {
    return !this.roots.has(node) && (this.#readers.get(node) ?? []).every(accepts);
  }

  /** The softmaxes of the same form and of the same numbers, in order; the node itself is one of them. */
  equals(softmax: Node<SoftmaxAttributes>): Node[] {
    const [x] = softmax.inputs;
    const { form } = softmax.attributes;
    return this.order.filter((node) => isOp(node, softmaxOp) && node.attributes.form === form && node.inputs[0] === x);
  }

  /** Whether a node is computed from one that `wanted` names. */
  dependsOn(node: Node, wanted: (node: Node) => boolean): boolean {
    const seen = new Set<Node>();
    const reaches = (current: Node): boolean => {
      if (seen.has(current)) return false;
      seen.add(current);
      return wanted(current) || this.dependenciesOf(current).some(reaches);
    };
    return reaches(node);
  }
}

/** Whether a node is x + bias, and only softmaxes and picks of single numbers read it. */
function isBiased(graph: Graph, sum: Node): boolean {
  const [x, bias] = sum.inputs;
  const columns = sum.shape.at(-1);
  if (sum.op.name !== "add" || !sameShape(x!.shape, sum.shape) || !sameShape(bias!.shape, [columns ?? 0])) return false;
  const isPick = (reader: Node) => isOp<GatherAttributes>(reader, gatherOp) && reader.attributes.perRow === columns;
  const isColumn = (reader: Node) => isOp(reader, reshapeOp) && sameShape(reader.shape.slice(1), [1]);
  const picks = (reader: Node) => isColumn(reader) && graph.only(reader, isPick);
  return graph.only(sum, (reader) => isOp(reader, softmaxOp) || picks(reader));
}

function withBias(graph: Graph, node: Node<SoftmaxAttributes>, rebuilt: Node): Node {
  if (!isBiased(graph, node.inputs[0]!)) return rebuilt;
  const { form } = node.attributes;
  return makeNode(foldedSoftmaxOp, rebuilt.inputs[0]!.inputs, node.shape, { form, bias: true, scale: false });
}

/** Numbers picked from a sum that is not computed any more. */
function pickedTerms(graph: Graph, node: Node<GatherAttributes>, rebuilt: Node): Node {
  const [column, ids] = rebuilt.inputs as [Node, Node];
  if (!isOp(column, reshapeOp) || !isBiased(graph, node.inputs[0]!.inputs[0]!)) return rebuilt;
  const [x, bias] = column.inputs[0]!.inputs as [Node, Node];
  const { perRow } = node.attributes;
  return add(gather(reshape(x, column.shape), ids, perRow), gather(reshape(bias, [perRow, 1]), ids));
}

/**
 * Shares that only this product reads, times one number a row. The number must not come from the logarithm of the sum, or the two could not
 * be computed together.
 */
function withScale(graph: Graph, node: Node, rebuilt: Node): Node {
  const place = node.inputs.findIndex((each) => isOp(each, softmaxOp) && each.attributes.form === "softmax");
  const shares = node.inputs[place] as Node<SoftmaxAttributes> | undefined;
  const scale = node.inputs[1 - place];
  if (!shares || !scale || !sameShape(shares.shape, node.shape) || (scale.shape.at(-1) ?? 1) !== 1) return rebuilt;
  const sharesExponentials = (other: Node) => isOp(other, softmaxOp) && other.inputs[0] === shares.inputs[0];
  const alone = graph.equals(shares).length === 1 && graph.only(shares, (reader) => reader === node);
  if (!alone || graph.dependsOn(scale, sharesExponentials)) return rebuilt;
  const { x, bias } = softmaxParts(rebuilt.inputs[place]!)!;
  const inputs = [x, ...(bias ? [bias] : []), rebuilt.inputs[1 - place]!];
  return makeNode(foldedSoftmaxOp, inputs, node.shape, { form: "softmax", bias: bias !== undefined, scale: true });
}
