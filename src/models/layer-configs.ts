/** Layers of a model as plain data, and back: a layer that is used at several places comes back as one layer, with one set of weights. */
import {
  type CustomLayers,
  type Layer,
  type LayerConfig,
  layerFromConfig,
  originalOf,
  withName,
} from "../layers/index.js";

/** A config for each layer. Those of one layer that is used at several places, also inside others, have the same number as `sharedId`. */
export function layerConfigs(layers: readonly Layer[]): LayerConfig[] {
  const places = new Map<Layer, number>();
  const count = (layer: Layer): void => {
    const original = originalOf(layer);
    places.set(original, (places.get(original) ?? 0) + 1);
    Object.values(layer.wrapped ?? {}).forEach(count);
  };
  layers.forEach(count);
  const shared = [...places.keys()].filter((layer) => places.get(layer)! > 1);
  const configOf = (layer: Layer): LayerConfig => {
    const wrapped = Object.entries(layer.wrapped ?? {});
    const sharedId = shared.indexOf(originalOf(layer));
    return {
      ...layer.config,
      ...Object.fromEntries(wrapped.map(([option, inside]) => [option, configOf(inside)])),
      ...(sharedId === -1 ? {} : { sharedId }),
    };
  };
  return layers.map(configOf);
}

/** The layers of such configs, under the names that the configs give them. */
export function layersFromConfigs(configs: readonly LayerConfig[], custom: CustomLayers): Layer[] {
  const shared = new Map<number, Layer>();
  return configs.map((config) => {
    const { name, ...unnamed } = config as LayerConfig & { readonly name?: string };
    const layer = layerFromConfig(unnamed, { ...custom, shared });
    return name === undefined ? layer : withName(layer, name);
  });
}
