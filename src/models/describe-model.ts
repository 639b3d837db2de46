/** Description of everything that affects the bits of a model's steps, for the fingerprint of a training. */
import type { Engine } from "../engines/engine.js";
import type { CompiledModel } from "../execution/compiled-model.js";
import type { Network } from "../execution/network.js";
import type { Fingerprint } from "../training/index.js";
import { compileConfig } from "./config.js";

/** @param threads number of threads that share a batch */
export function describeModel(network: Network, compiled: CompiledModel, engine: Engine, threads: number): Fingerprint {
  const { optimizer, ...others } = compileConfig(compiled, network.outputs.length);
  return {
    layers: JSON.stringify(network.layers.map(({ layer }) => layer.config)),
    graph: JSON.stringify(network.nodes.map(({ layer, inputs }) => [layer.layer.name, ...inputs])),
    optimizer: JSON.stringify(optimizer),
    ...Object.fromEntries(Object.entries(others).map(([name, value]) => [name, JSON.stringify(value)])),
    engine: `${engine.name}, float${engine.precision}`,
    threads: String(threads),
  };
}
