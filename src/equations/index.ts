/**
 * The language of equations (`tavali/equations`): symbolic tensors, primitive operations, the recurrence in time, and differentiation.
 */
export { differentiate, gradientsOf } from "./differentiate.js";
export {
  type Equation,
  type ExplainableCell,
  type ExplainOptions,
  type Explanation,
  explain,
  explainEquations,
} from "./explain/index.js";
export * from "./graph.js";
export * from "./ops/index.js";
export * from "./scan.js";
