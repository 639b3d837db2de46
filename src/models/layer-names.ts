/** Names of layers: Keras's snake case, counted up within a model. */
import { ConfigError } from "../errors.js";
import { countedName } from "../execution/counted-name.js";
import { type Layer, originalOf, withName } from "../layers/index.js";

/** "SimpleRNN" → "simple_rnn", "GlobalMaxPooling1D" → "global_max_pooling1d". */
export function snakeCase(type: string): string {
  return type
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/**
 * The layer under a name that no layer before it has. Names count within the model: the first SimpleRNN of every model is "simple_rnn". A name
 * that another model has given the layer stays unless it is taken.
 *
 * @throws ConfigError when the user gave a name that is taken
 */
export function nameLayer(layer: Layer, before: readonly Layer[]): Layer {
  const taken = new Set(before.map(({ name }) => name!));
  if (layer.name !== undefined && !taken.has(layer.name)) return layer;
  if (originalOf(layer).name === undefined) return withName(layer, countedName(snakeCase(layer.type), taken));
  throw new ConfigError(`In this model two layers are called "${layer.name}"; give each a different name.`);
}
