/**
 * Passes in the order in which they run. Each has a sentence that says what it does, and can be left out by its name: the values stay equal
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
  softmaxGradients,
  hoist,
  pushSlices,
  sink,
  oneHotProducts,
  tableProducts,
  commonSubexpressions,
  foldSoftmax,
] as const satisfies readonly Pass[];

export type PassName = (typeof passes)[number]["name"];

/** The graph after all passes that are not left out. */
export function applyPasses(graph: Graph, isEnabled: (name: PassName) => boolean): Graph {
  return passes.reduce<Graph>((current, pass) => (isEnabled(pass.name) ? pass.apply(current) : current), graph);
}
