/**
 * Softmax family of the compiler: softmax, its logarithm, the logarithm of the sum of exponentials, and a softmax with a bias on
 * the way in or a factor on the way out.
 */
import { isOp, type Node, type Op, type SoftmaxAttributes, softmaxOp } from "../equations/index.js";

export interface FoldedSoftmaxAttributes extends SoftmaxAttributes {
  readonly bias: boolean;
  readonly scale: boolean;
}

/** scale ⊙ softmax(x + bias), see passes/fold-softmax.ts. Inputs: x, then the bias and the scale where there are such. */
export const foldedSoftmaxOp: Op<FoldedSoftmaxAttributes> = { name: "foldedSoftmax" };

/** The parts of a node of the family. */
export interface SoftmaxParts {
  readonly form: SoftmaxAttributes["form"];
  readonly x: Node;
  /** [columns], added to x. */
  readonly bias?: Node;
  /** Broadcasts to [..., 1]; the probabilities are multiplied by it. */
  readonly scale?: Node;
}

/** The parts of a node of the family; undefined for other nodes. */
export function asSoftmax(node: Node): SoftmaxParts | undefined {
  const [x, ...rest] = node.inputs as [Node, ...Node[]];
  if (isOp(node, softmaxOp)) return { form: node.attributes.form, x };
  if (!isOp(node, foldedSoftmaxOp)) return undefined;
  const { form, bias, scale } = node.attributes;
  return { form, x, bias: bias ? rest[0] : undefined, scale: scale ? rest.at(-1) : undefined };
}

/** Whether one of two nodes is a softmax, and the other one the logarithm of the sum of the same exponentials. */
export function shareExponentials(a: Node, b: Node): boolean {
  const [one, other] = [asSoftmax(a), asSoftmax(b)];
  if (!one || !other || one.x !== other.x || one.bias !== other.bias) return false;
  const forms = [one.form, other.form];
  return forms.includes("softmax") && forms.includes("logSumExp");
}
