/**
 * The language of equations (`tavali/equations`): symbolic tensors, operations, the recurrence in time, differentiation. `index.ts` in
 * this folder also exports the parts of the graph that the compiler and the engines use.
 */

// Derivatives, and equations as text
export { differentiate } from "./differentiate.js";
export type { ReverseScanView, ScanProbe } from "./differentiate-scan.js";
export {
  type Equation,
  type ExplainableCell,
  type ExplainOptions,
  type Explanation,
  explain,
  explainEquations,
} from "./explain/index.js";
export { gradientsThroughTime, type StepGradients, type StepQuestion } from "./gradients-through-time.js";
// Values: inputs, weights, constants
export {
  type DerivativeContext,
  input,
  type LeafAttributes,
  type Node,
  named,
  type Op,
  variable,
} from "./graph.js";
// Arrangement
export {
  type AxisAttributes,
  broadcastTo,
  concat,
  expandDims,
  pad,
  type ReduceAttributes,
  type ReduceOptions,
  reshape,
  reverse,
  slice,
  stopGradient,
  sum,
  transpose,
} from "./ops/arrange.js";
export { type ConstantAttributes, constant, fill, iota, type Operand, ones, zeros } from "./ops/constant.js";
// Operations on each number
export {
  abs,
  add,
  clip,
  div,
  type ElementwiseOp,
  equal,
  erf,
  exp,
  floor,
  greater,
  greaterEqual,
  less,
  lessEqual,
  log,
  log1p,
  maximum,
  minimum,
  mul,
  negate,
  notEqual,
  pow,
  reciprocal,
  relu,
  type ScalarName,
  sigmoid,
  sign,
  softplus,
  sqrt,
  square,
  sub,
  tanh,
  where,
} from "./ops/elementwise.js";
export { gather, pick, scatterAdd } from "./ops/gather.js";
// Products, sums and other reductions
export { matmul, transposeLast } from "./ops/matmul.js";
export { oneHot } from "./ops/one-hot.js";
export { random } from "./ops/random.js";
export {
  argmax,
  logSoftmax,
  logSumExp,
  max,
  mean,
  type SoftmaxAttributes,
  type SoftmaxForm,
  softmax,
  sumSquares,
} from "./ops/reduce.js";
// Recurrence in time
export {
  finalState,
  type Nodes,
  type ScanAttributes,
  type ScanOptions,
  scan,
  stacked,
  stateAfter,
  summed,
  type Truncation,
} from "./scan.js";
