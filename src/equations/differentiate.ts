/**
 * Reverse-mode differentiation: from the graph of a loss to the graph of its gradient. No backward pass is written by hand.
 * The derivative of a scan is a scan in reverse (differentiate-scan.ts): back-propagation through time.
 */
import { ShapeError } from "../errors.js";
import { formatShape } from "../tensor/shape.js";
import { Adjoints, derivatives } from "./adjoints.js";
import { checkOperand, checkOperands } from "./check-operand.js";
import { differentiateScan, type ScanProbe } from "./differentiate-scan.js";
import { descendants, isOp, type Node } from "./graph.js";
import { add, zeros } from "./ops/index.js";
import { executionOrder, isScan, type ScanAttributes, scanOutputOp } from "./scan.js";

/**
 * ∂J/∂w for every w.
 *
 * @param loss J, a scalar
 * @param wrt nodes to differentiate by
 * @returns one node per w, of w's shape; zeros if J does not depend on w
 * @throws ShapeError when the loss is not a scalar
 */
export function differentiate(loss: Node, wrt: readonly Node[]): Node[] {
  checkOperands("differentiate: wrt", wrt);
  checkScalar("differentiate", loss);
  const gradients = gradientsOf([loss], [], wrt);
  return wrt.map((node) => gradients.get(node) ?? zeros(node.shape));
}

/** @throws ShapeError for a loss that is not a scalar */
export function checkScalar(owner: string, loss: Node): void {
  if (checkOperand(loss).shape.length === 0) return;
  throw new ShapeError(
    `${owner}: the loss must be a scalar, received shape ${formatShape(loss.shape)}; take its sum or mean.`,
  );
}

/**
 * Gradients of Σ output · outputGradient by `wrt`. An output without a gradient has the gradient 1 (a scalar loss).
 * Absent entries are zero. The probe receives every reverse scan.
 */
export function gradientsOf(
  outputs: readonly Node[],
  seeds: readonly Node[],
  wrt: readonly Node[],
  probe?: ScanProbe,
): Map<Node, Node> {
  const needed = descendants(wrt, outputs);
  const adjoints = new Adjoints();
  outputs.forEach((output, i) => {
    adjoints.add(output, seeds[i] ?? onesLike(output));
  });
  const order = executionOrder(outputs).filter((node) => needed.has(node));
  const scanGradients = new Map<Node, Map<Node, Node>>();
  for (const node of order.reverse()) {
    if (isScan(node)) {
      const outputGradients = scanGradients.get(node);
      if (!outputGradients) continue;
      for (const [source, gradient] of differentiateScan(
        node,
        outputGradients,
        (candidate) => needed.has(candidate),
        probe,
      )) {
        adjoints.add(source, gradient);
      }
      continue;
    }
    const dy = adjoints.total(node);
    if (!dy) continue;
    if (isOp(node, scanOutputOp)) {
      const scanNode = node.inputs[0] as Node<ScanAttributes>;
      if (!scanGradients.has(scanNode)) scanGradients.set(scanNode, new Map());
      scanGradients.get(scanNode)!.set(node, dy);
      continue;
    }
    for (const [i, gradient] of derivatives(node, dy, needed, (value) => value))
      adjoints.add(node.inputs[i]!, gradient);
  }
  return new Map(wrt.flatMap((node) => (adjoints.total(node) ? [[node, adjoints.total(node)!]] : [])));
}

function onesLike(node: Node): Node {
  return add(zeros(node.shape), 1);
}
