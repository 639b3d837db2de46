/** Graph of a sequential model. */
import { ConfigError } from "../errors.js";
import { type Layer, type SymbolicTensor, symbolicInput } from "../layers/index.js";
import type { PartialShape } from "../tensor/shape.js";
import { graphOf, type ModelGraph } from "./graph.js";

/** Each layer applied to the output of the one before. @throws ConfigError without layers, and for several outputs in the middle */
export function chainOf(layers: readonly Layer[], inputShape: PartialShape): ModelGraph {
  if (layers.length === 0) throw new ConfigError("sequential: the model has no layers; add one first.");
  const start = symbolicInput(inputShape);
  let outputs: readonly SymbolicTensor[] = [start];
  for (const layer of layers) {
    const [value] = outputs as [SymbolicTensor];
    if (outputs.length > 1) {
      throw new ConfigError(
        `sequential: ${layer.type} "${layer.name}" would receive ${outputs.length} outputs of "${value.call!.layer.name}"; ` +
          "a layer that returns its state can only be the last of a sequential model.",
      );
    }
    outputs = [...layer.apply(value)];
  }
  return graphOf({ inputs: start, outputs });
}
