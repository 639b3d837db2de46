/**
 * Passes in the order in which they run. Each can be left out by its name: the values stay equal
 * up to rounding (tests/conformance/passes.test.ts).
 */

import { foldSoftmax } from "./fold-softmax.js";
import { hoist } from "./hoist.js";
import { oneHotProducts } from "./one-hot.js";
import type { Graph, Pass } from "./pass.js";
import { pushSlices } from "./push-slices.js";
import { sink } from "./sink.js";
import { softmaxGradients } from "./softmax-gradients.js";
import { commonSubexpressions } from "./subexpressions.js";
import { tableProducts } from "./table-products.js";

export const passes = [
  // Replaces exp(x − ln Σ exp x) by a softmax, outside loops.
  softmaxGradients,
  // Takes products that do not depend on the state out of a loop, as one product over all steps before it.
  hoist,
  // Cuts an elementwise value that is read only in slices before it is computed.
  pushSlices,
  // Takes products that no later step needs out of a loop, as one product over all steps after it.
  sink,
  // Replaces a product with one-hot vectors by the rows that they name, or by sums by id.
  oneHotProducts,
  // Multiplies a table before its rows are taken, where more rows are taken than it has.
  tableProducts,
  // Computes equal values once.
  commonSubexpressions,
  // Adds a bias and multiplies by the weight of a row within the softmax between them, outside loops.
  foldSoftmax,
] as const satisfies readonly Pass[];

export type PassName = (typeof passes)[number]["name"];

/** The graph after all passes that are not left out. */
export function applyPasses(graph: Graph, isEnabled: (name: PassName) => boolean): Graph {
  return passes.reduce<Graph>((current, pass) => (isEnabled(pass.name) ? pass.apply(current) : current), graph);
}
