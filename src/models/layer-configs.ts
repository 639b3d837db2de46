/** Layers of a model as plain data, and back: a layer that is used at several places comes back as one layer, with one set of weights. */
import { ConfigError } from "../errors.js";
import {
  input,
  type Layer,
  type LayerConfig,
  type LayerSources,
  layerFromConfig,
  layersInside,
  originalOf,
  type SymbolicTensor,
  withName,
} from "../layers/index.js";
import type { FunctionalConfig, SequentialConfig, ValueConfig } from "./config.js";
import { graphOf, type ModelGraph } from "./graph.js";
import { functionalLayer, sequentialLayer } from "./model-layer.js";

/** A config for each layer. Those of one layer that is used at several places, also inside others, have the same number as `sharedId`. */
export function layerConfigs(layers: readonly Layer[]): LayerConfig[] {
  const places = new Map<Layer, number>();
  const count = (layer: Layer): void => {
    const original = originalOf(layer);
    places.set(original, (places.get(original) ?? 0) + 1);
    layersInside(layer).forEach(count);
  };
  layers.forEach(count);
  const shared = [...places.keys()].filter((layer) => places.get(layer)! > 1);
  const configOf = (layer: Layer): LayerConfig => {
    const wrapped = Object.entries(layer.wrapped ?? {});
    const sharedId = shared.indexOf(originalOf(layer));
    return {
      ...layer.config,
      ...Object.fromEntries(
        wrapped.map(([option, inside]) => [option, "call" in inside ? configOf(inside) : inside.map(configOf)]),
      ),
      ...(sharedId === -1 ? {} : { sharedId }),
    };
  };
  return layers.map(configOf);
}

/** The layers of such configs, under the names that the configs give them. */
export function layersFromConfigs(configs: readonly LayerConfig[], custom: LayerSources): Layer[] {
  const { shared = new Map<number, Layer>() } = custom;
  return configs.map((config) => {
    const { name, ...unnamed } = config as LayerConfig & { readonly name?: string };
    const layer = layerFromConfig(unnamed, { ...custom, shared, models: modelFromLayerConfig });
    return name === undefined ? layer : withName(layer, name);
  });
}

/** The model that a layer's config describes, as a layer; undefined for a config of another type. */
function modelFromLayerConfig(config: LayerConfig, sources: LayerSources): Layer | undefined {
  // A layer that wraps the model keeps its name in the config.
  const { name } = config as { readonly name?: string };
  if (config.type === "Functional") {
    const graph = graphFromConfig(config as unknown as FunctionalConfig, sources);
    return functionalLayer(name, graph);
  }
  if (config.type !== "Sequential") return undefined;
  const { layers, inputShape } = config as unknown as SequentialConfig;
  return sequentialLayer(name, layersFromConfigs(layers, sources), inputShape && [null, ...inputShape]);
}

/** The graph that a config describes. @throws ConfigError when it names an unknown value */
export function graphFromConfig(
  { inputs, outputs, layers, calls }: FunctionalConfig,
  custom: LayerSources,
): ModelGraph {
  const made = new Map(layersFromConfigs(layers, custom).map((layer) => [layer.name!, layer]));
  const given = new Map(inputs.map(({ name, shape }) => [name, input({ name, shape })]));
  const uses = new Map<string, SymbolicTensor[][]>();
  const valueAt = (place: ValueConfig): SymbolicTensor => {
    const [name, use = 0, index = 0] = place;
    const value = place.length === 1 ? given.get(name) : uses.get(name)?.[use]?.[index];
    if (value) return value;
    throw new ConfigError(
      `The model's config names the value ${JSON.stringify(place)}, which nothing before it makes.`,
    );
  };
  for (const { layer: name, inputs: read } of calls) {
    const layer = made.get(name);
    if (!layer) throw new ConfigError(`The model's config uses a layer "${name}" that it does not describe.`);
    const results = [...layer.apply(read.map(valueAt))];
    uses.set(name, [...(uses.get(name) ?? []), results]);
  }
  return graphOf({
    inputs: [...given.values()],
    outputs: Object.fromEntries(outputs.map(({ name, value }) => [name, valueAt(value)])),
  });
}
