/**
 * Graphs of equations for the rest of the package: symbolic tensors, primitive operations, the recurrence in time, differentiation.
 * The entry point `tavali/equations` is language.ts.
 */
export { checkNode } from "./check-operand.js";
export { differentiate, gradientsOf } from "./differentiate.js";
export type { ReverseScanView, ScanProbe } from "./differentiate-scan.js";
export {
  consumersOf,
  type Equation,
  type ExplainableCell,
  type ExplainOptions,
  type Explanation,
  explain,
  explainEquations,
  nearestNames,
} from "./explain/index.js";
export type { Consumers } from "./explain/labels.js";
export { gradientsThroughTime, type StepGradients, type StepQuestion } from "./gradients-through-time.js";
export * from "./graph.js";
export * from "./ops/index.js";
export * from "./scan.js";
