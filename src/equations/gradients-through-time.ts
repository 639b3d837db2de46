/**
 * Gradients step by step: intermediate values of back-propagation through time (Werbos 1990). A weight that is the same at every step
 * has the gradient ∂J/∂W = Σ_t ∂J/∂W(t), with W(t) its copy at step t. Here are the terms of that sum, and ∂J/∂value(t) for any value of
 * the step. They are further outputs of the same reverse scans that training uses.
 */

import { ConfigError } from "../errors.js";
import { formatValue } from "../options/index.js";
import { checkOperand, checkOperands } from "./check-operand.js";
import { checkScalar, gradientsOf } from "./differentiate.js";
import type { ReverseScanView } from "./differentiate-scan.js";
import { descendants, type Node } from "./graph.js";
import { add, zeros } from "./ops/index.js";
import { isScan, type ScanAttributes } from "./scan.js";

/** A question about the gradients of one scan. */
export interface StepQuestion {
  readonly scan: Node<ScanAttributes>;
  /** Values of its body. */
  readonly values: readonly Node[];
  /** Nodes outside the scan that its steps use. */
  readonly weights: readonly Node[];
}

/** The answer to a question: one node [T, …] for each value and each weight, indexed by time. */
export interface StepGradients {
  readonly values: readonly Node[];
  readonly weights: readonly Node[];
}

/**
 * ∂J/∂w for every w, and the gradients at every step that the questions ask for.
 *
 * @param loss J, a scalar
 * @param wrt nodes to differentiate by, among them the weights asked about
 * @returns gradients in the order of `wrt`, answers in the order of the questions; zeros where J does not depend on the node
 * @throws ShapeError when the loss is not a scalar
 */
export function gradientsThroughTime(
  loss: Node,
  wrt: readonly Node[],
  questions: readonly StepQuestion[],
): { readonly gradients: readonly Node[]; readonly answers: readonly StepGradients[] } {
  checkScalar("gradientsThroughTime", loss);
  checkOperands("gradientsThroughTime: wrt", wrt);
  checkQuestions(questions);
  const found = questions.map(() => new Map<Node, Node>());
  const collect = (question: number, about: Node, part: Node): void => {
    // Truncation computes a gradient in parts.
    const before = found[question]!.get(about);
    found[question]!.set(about, before ? add(before, part) : part);
  };
  const gradients = gradientsOf([loss], [], wrt, (view) => {
    questions.forEach(({ scan, values, weights }, i) => {
      if (scan !== view.forward) return;
      for (const value of new Set(values)) {
        const gradient = view.adjoint(value);
        if (gradient) collect(i, value, view.everyStep(gradient));
      }
      for (const weight of new Set(weights)) {
        const contribution = contributionOf(weight, view);
        if (contribution) collect(i, weight, view.everyStep(contribution));
      }
    });
  });
  return {
    gradients: wrt.map((node) => gradients.get(node) ?? zeros(node.shape)),
    answers: questions.map(({ scan, values, weights }, i) => {
      const answer = (node: Node) => found[i]!.get(node) ?? zeros([scan.attributes.length, ...node.shape]);
      return { values: values.map(answer), weights: weights.map(answer) };
    }),
  };
}

function checkQuestions(questions: unknown): void {
  const fits = (given: unknown) =>
    typeof given === "object" && given !== null && "scan" in given && isScan(checkOperand(given.scan));
  if (!Array.isArray(questions) || !questions.every(fits)) {
    throw new ConfigError(
      `gradientsThroughTime: questions must be a list of { scan, values, weights }, received ${formatValue(questions)}.`,
    );
  }
  for (const { values, weights } of questions) {
    checkOperands("gradientsThroughTime: values", values);
    checkOperands("gradientsThroughTime: weights", weights);
  }
}

/** This step's part of a weight's gradient, also if the body captures a value computed from the weight instead of the weight itself. */
function contributionOf(weight: Node, { captured, adjoint }: ReverseScanView): Node | undefined {
  const parts = captured.flatMap((node): Node[] => {
    const gradient = adjoint(node);
    if (!gradient || (node !== weight && !isComputedFrom(node, weight))) return [];
    return node === weight ? [gradient] : [gradientsOf([node], [gradient], [weight]).get(weight)!];
  });
  return parts.length > 0 ? add(...parts) : undefined;
}

/** Whether a node depends on another without a recurrence between them, which would have separate steps. */
function isComputedFrom(node: Node, source: Node): boolean {
  const between = descendants([source], [node]);
  return between.has(node) && ![...between].some(isScan);
}
