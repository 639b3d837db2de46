/** `explain`: a cell's equations and their derivative in ordinary notation. */
export { type Equation, type ExplainOptions, type Explanation, explain, explainEquations } from "./explain.js";
export { consumersOf, nearestNames } from "./labels.js";
export type { ExplainableCell } from "./trace-cell.js";
