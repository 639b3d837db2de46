/** Rows of a summary for the layers of a model that is a layer. */
import type { Network } from "../execution/network.js";
import type { Layer } from "../layers/index.js";
import { type PartialShape, sizeOf } from "../tensor/shape.js";
import type { SummaryRow } from "./summary.js";

/** The rows of a layer's inner layers, for the shapes of its last use; undefined for a layer that is not a model. */
export function rowsInside(layer: Layer, network: Network | undefined): { readonly inside?: readonly SummaryRow[] } {
  const use = network?.nodes.findLast((node) => node.layer.layer === layer);
  if (!layer.inside || !use) return {};
  return { inside: rowsOf(layer, use.inputShapes) };
}

function rowsOf(layer: Layer, shapes: readonly PartialShape[]): SummaryRow[] {
  return layer.inside!(...shapes).map(({ layer: each, outputShapes, inputShapes, parameters }) => ({
    name: each.name!,
    type: each.type,
    shapes: outputShapes,
    parameters: parameters.reduce((count, { shape }) => count + sizeOf(shape), 0),
    trainable: each.trainable,
    waits: false,
    ...(each.inside && { inside: rowsOf(each, inputShapes) }),
  }));
}
