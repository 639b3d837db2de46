/** What decides the bits of a model's steps, in words, for the fingerprint of a training. */
import type { Engine } from "../engines/engine.js";
import type { Fingerprint } from "../training/index.js";
import { compileConfig } from "./config.js";
import type { Network } from "./network.js";
import type { Compiled } from "./step-equations.js";

/** @param threads how many share a batch */
export function describeModel(network: Network, compiled: Compiled, engine: Engine, threads: number): Fingerprint {
  const { optimizer, loss, metrics, weightedMetrics } = compileConfig(compiled);
  return {
    layers: JSON.stringify(network.layers.map(({ layer }) => layer.config)),
    optimizer: JSON.stringify(optimizer),
    loss: JSON.stringify(loss),
    metrics: [...metrics, ...weightedMetrics.map((name) => `weighted ${name}`)].join(", ") || "none",
    engine: `${engine.name}, float${engine.precision}`,
    threads: String(threads),
  };
}
