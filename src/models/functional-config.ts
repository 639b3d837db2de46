/** Functional models as plain data: layers once each, and then their uses in the order of computing. */
import type { CompiledModel } from "../execution/compiled-model.js";
import { compileConfig, type FunctionalConfig } from "./config.js";
import type { ModelGraph } from "./graph.js";
import { describeGraph } from "./graph-config.js";
import { layerConfigs } from "./layer-configs.js";

/** The graph as plain data. */
export function functionalConfig(
  name: string,
  graph: ModelGraph,
  compiled: CompiledModel | undefined,
): FunctionalConfig {
  const { parts, names, outputs } = graph;
  const { inputs, outputs: values, calls } = describeGraph(graph);
  return {
    type: "Functional",
    name,
    inputs,
    outputs: values,
    layers: layerConfigs(parts.flatMap((part) => names.get(part as never) ?? [])),
    calls,
    ...(compiled ? { compile: compileConfig(compiled, outputs.length) } : {}),
  };
}
