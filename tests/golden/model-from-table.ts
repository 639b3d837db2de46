/** Models from the tables in golden files: `{ type: "simpleRNN", units: 4 }` is `simpleRNN(4)`. */
import type { Engine } from "../../src/engines/engine.js";
import { type Layer, layerFromConfig } from "../../src/layers/index.js";
import { type Sequential, sequential } from "../../src/models/index.js";

/** A layer as golden files write it. */
export interface LayerRow {
  readonly type: string;
  readonly layer?: LayerRow;
  readonly [option: string]: unknown;
}

const acronyms: Readonly<Record<string, string>> = { lstm: "LSTM", gru: "GRU" };

/** "simpleRNN" → "SimpleRNN", as configs write types. */
function configOf({ type, layer, ...options }: LayerRow): { type: string; [option: string]: unknown } {
  const capital = acronyms[type] ?? type[0]!.toUpperCase() + type.slice(1);
  return { type: capital, ...options, ...(layer ? { layer: configOf(layer) } : {}) };
}

/** @param inputShape without the batch axis; null leaves the model unbuilt */
export function modelFromTable(
  rows: readonly LayerRow[],
  inputShape: readonly (number | null)[] | null,
  options: { engine?: Engine; name?: string } = {},
): Sequential {
  const layers = rows.map((row, i): Layer => {
    const config = configOf(row);
    return layerFromConfig(i === 0 && inputShape ? { ...config, inputShape } : config);
  });
  return sequential(layers, { seed: 1, ...options });
}
