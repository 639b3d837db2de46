/**
 * Fold softmax: the time of a softmax over many classes is spent on memory. So the bias of a dense layer is added while the softmax reads its
 * input, and the weight of each row, by which the gradient of a loss multiplies the probabilities, is applied while it writes them. A logit
 * picked from logits with a bias becomes the sum of a picked logit and a picked bias.
 */
import {
  add,
  add2,
  type GatherAttributes,
  gather,
  gatherOp,
  isOp,
  makeNode,
  mul,
  type Node,
  opOf,
  reshape,
  reshapeOp,
  type SoftmaxAttributes,
  softmaxOp,
  topologicalOrder,
} from "../../equations/index.js";
import { sameShape } from "../../tensor/shape.js";
import { foldedSoftmaxOp } from "../softmax-family.js";
import { Analysis, computedFrom } from "./analysis.js";
import type { Graph, Pass } from "./pass.js";
import { substitute } from "./rewrite.js";

export const foldSoftmax = {
  name: "foldSoftmax",
  apply(graph: Graph): Graph {
    const analysis = new Analysis(graph);
    const replacements = new Map<Node, Node>();
    for (const node of analysis.order) {
      if (analysis.inside.has(node)) continue;
      const folded = withBias(analysis, node) ?? pickedTerms(analysis, node) ?? withScale(analysis, node);
      if (folded) replacements.set(node, folded);
    }
    return substitute(graph, replacements);
  },
} as const satisfies Pass;

/** The terms of x + bias, where only softmaxes and picks of single numbers read the sum. */
function asBiased(analysis: Analysis, sum: Node): readonly [x: Node, bias: Node] | undefined {
  if (!isOp(sum, opOf(add2))) return undefined;
  const [x, bias] = sum.inputs as [Node, Node];
  const columns = sum.shape.at(-1);
  if (!sameShape(x.shape, sum.shape) || !sameShape(bias.shape, [columns ?? 0])) return undefined;
  const isPick = (reader: Node) => isOp<GatherAttributes>(reader, gatherOp) && reader.attributes.perRow === columns;
  const isColumn = (reader: Node) => isOp(reader, reshapeOp) && sameShape(reader.shape.slice(1), [1]);
  const isPicked = (reader: Node) => isColumn(reader) && analysis.isReadOnlyBy(reader, isPick);
  const folds = analysis.isReadOnlyBy(sum, (reader) => isOp(reader, softmaxOp) || isPicked(reader));
  return folds ? [x, bias] : undefined;
}

function withBias(analysis: Analysis, node: Node): Node | undefined {
  if (!isOp(node, softmaxOp)) return undefined;
  const terms = asBiased(analysis, node.inputs[0]!);
  const { form } = node.attributes;
  return terms && makeNode(foldedSoftmaxOp, terms, node.shape, { form, bias: true, scale: false });
}

/** Numbers picked from a sum that is then no longer computed. */
function pickedTerms(analysis: Analysis, node: Node): Node | undefined {
  if (!isOp(node, gatherOp)) return undefined;
  const [column, ids] = node.inputs as [Node, Node];
  const terms = isOp(column, reshapeOp) ? asBiased(analysis, column.inputs[0]!) : undefined;
  if (!terms) return undefined;
  const [x, bias] = terms;
  const { perRow } = node.attributes;
  return add(gather(reshape(x, column.shape), ids, perRow), gather(reshape(bias, [perRow, 1]), ids));
}

/**
 * Probabilities that only this product reads, times one number per row. The number must not depend on the logarithm of the sum, which one
 * kernel computes together with the probabilities.
 */
function withScale(analysis: Analysis, node: Node): Node | undefined {
  if (!isOp(node, opOf(mul))) return undefined;
  const position = node.inputs.findIndex((each) => isOp(each, softmaxOp) && each.attributes.form === "softmax");
  const softmax = node.inputs[position] as Node<SoftmaxAttributes> | undefined;
  const scale = node.inputs[1 - position];
  if (!softmax || !scale || !sameShape(softmax.shape, node.shape) || (scale.shape.at(-1) ?? 1) !== 1) return undefined;
  const [source] = softmax.inputs as [Node];
  const sharesExponentials = (other: Node) => isOp(other, softmaxOp) && other.inputs[0] === source;
  if (!analysis.isReadOnlyBy(softmax, (reader) => reader === node) || dependsOn(scale, sharesExponentials))
    return undefined;
  const terms = asBiased(analysis, source);
  const inputs = [...(terms ?? [source]), scale];
  return makeNode(foldedSoftmaxOp, inputs, node.shape, { form: "softmax", bias: terms !== undefined, scale: true });
}

/** Whether a node is computed from an accepted one. */
function dependsOn(node: Node, accepts: (node: Node) => boolean): boolean {
  return topologicalOrder([node], undefined, computedFrom).some(accepts);
}
