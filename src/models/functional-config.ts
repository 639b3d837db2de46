/** Functional models as plain data: layers once each, and then their uses in the order of computing. */
import { ConfigError } from "../errors.js";
import type { CompiledModel } from "../execution/compiled-model.js";
import { type CustomLayers, input, type Layer, originalOf, type SymbolicTensor } from "../layers/index.js";
import { compileConfig, type FunctionalConfig, type ValueConfig } from "./config.js";
import { graphOf, type ModelGraph } from "./graph.js";
import { layerConfigs, layersFromConfigs } from "./layer-configs.js";

/** The graph as plain data. */
export function functionalConfig(
  name: string,
  graph: ModelGraph,
  compiled: CompiledModel | undefined,
): FunctionalConfig {
  const { inputs, outputs, parts, calls, names } = graph;
  const valueAt = (tensor: SymbolicTensor): ValueConfig => {
    const given = inputs.find((port) => port.tensor === tensor);
    if (given) return [given.name];
    const call = tensor.call!;
    const use = calls.filter(({ layer }) => originalOf(layer) === originalOf(call.layer)).indexOf(call);
    return [names.get(originalOf(call.layer))!.name!, use, tensor.index];
  };
  return {
    type: "Functional",
    name,
    inputs: inputs.map(({ name, tensor }) => ({ name, shape: tensor.shape.slice(1) })),
    outputs: outputs.map(({ name, tensor }) => ({ name, value: valueAt(tensor) })),
    layers: layerConfigs(parts.flatMap((part) => names.get(part as Layer) ?? [])),
    calls: calls.map(({ layer, inputs }) => ({
      layer: names.get(originalOf(layer))!.name!,
      inputs: inputs.map(valueAt),
    })),
    ...(compiled ? { compile: compileConfig(compiled, outputs.length) } : {}),
  };
}

/** The graph that a config describes. @throws ConfigError when it names an unknown value */
export function graphFromConfig(
  { inputs, outputs, layers, calls }: FunctionalConfig,
  custom: CustomLayers,
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
