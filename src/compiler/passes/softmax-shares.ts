/**
 * The softmax family as the compiler sees it. The gradient of a cross-entropy asks for exp(x − ln Σ exp x), which is the softmax of x; written
 * so, it is computed together with the logarithm of the sum that the loss needs, from the same exponentials: fuse.ts makes one unit of the two.
 */
import {
  isOp,
  makeNode,
  type Node,
  type Op,
  reshapeOp,
  type SoftmaxAttributes,
  softmaxOp,
} from "../../equations/index.js";

export interface FoldedSoftmaxAttributes extends SoftmaxAttributes {
  readonly bias: boolean;
  readonly scale: boolean;
}

/** The softmax of a sum, weighed: see fold-softmax.ts. Inputs: x, then the bias and the scale where there are such. */
export const foldedSoftmaxOp: Op<FoldedSoftmaxAttributes> = { name: "softmax" };

/** What a node of the family is made of. */
export interface SoftmaxParts {
  readonly form: SoftmaxAttributes["form"];
  readonly x: Node;
  /** [columns], added to x. */
  readonly bias?: Node;
  /** Broadcasts to [..., 1]; the shares are multiplied by it. */
  readonly scale?: Node;
}

/** The parts of a node of the family; undefined for other nodes. */
export function softmaxParts(node: Node): SoftmaxParts | undefined {
  const [x, ...rest] = node.inputs as [Node, ...Node[]];
  if (isOp(node, softmaxOp)) return { form: node.attributes.form, x };
  if (!isOp(node, foldedSoftmaxOp)) return undefined;
  const { form, bias, scale } = node.attributes;
  return { form, x, bias: bias ? rest[0] : undefined, scale: scale ? rest.at(-1) : undefined };
}

/** The softmax that a node is; undefined if it is none. */
export function asSoftmax({ op, inputs: [shifted], shape }: Node): Node | undefined {
  if (op.name !== "exp" || shifted?.op.name !== "subtract") return undefined;
  const [x, column] = shifted.inputs as [Node, Node];
  if (!isOp(column, reshapeOp) || x.shape.length !== column.shape.length || column.shape.at(-1) !== 1) return undefined;
  const sum = column.inputs[0]!;
  if (!isOp(sum, softmaxOp) || sum.attributes.form !== "logSumExp" || sum.inputs[0] !== x) return undefined;
  return makeNode(softmaxOp, [x], shape, { form: "softmax" });
}

/** Whether one of two nodes is a softmax, and the other one the logarithm of the sum of the same exponentials. */
export function shareExponentials(a: Node, b: Node): boolean {
  const [one, other] = [softmaxParts(a), softmaxParts(b)];
  if (!one || !other || one.x !== other.x || one.bias !== other.bias) return false;
  const forms = [one.form, other.form];
  return forms.includes("softmax") && forms.includes("logSumExp");
}
