/** Models of any kind from plain data. */

import { ConfigError } from "../errors.js";
import { anObject, checkOption } from "../options/index.js";
import { formatShape, type Shape, sizeOf } from "../tensor/shape.js";
import { buildNetwork } from "./build-network.js";
import type { FunctionalConfig, ModelConfig, SequentialConfig } from "./config.js";
import type { CustomObjects } from "./custom-objects.js";
import { type Functional, functionalFromConfig } from "./functional.js";
import { graphFromConfig } from "./functional-config.js";
import { layersFromConfigs } from "./layer-configs.js";
import type { ModelOptions } from "./model-options.js";
import { chainOf, type Sequential, sequentialFromConfig } from "./sequential.js";

/**
 * The model that a config describes, built and compiled if the config says so; its weights are new.
 *
 * @param custom your cells, layers, losses and metrics that the config names
 * @throws ConfigError when the type, or another name in the config, is unknown
 * @example modelFromConfig(trained.toConfig())
 */
export function modelFromConfig(
  config: ModelConfig,
  options: ModelOptions = {},
  custom: CustomObjects = {},
): Sequential | Functional {
  checkOption("modelFromConfig", "config", config, anObject);
  if (config.type === "Functional") return functionalFromConfig(config as FunctionalConfig, options, custom);
  if (config.type === "Sequential") return sequentialFromConfig(config as SequentialConfig, options, custom);
  throw new ConfigError(`modelFromConfig: unknown type "${config.type}". Known are Sequential and Functional.`);
}

/** Largest size of a layer's output for one example, in a model from a file: 256 MB of float32. */
const mostNumbers = 2 ** 26;

/**
 * Names and shapes of the weights of the model that a config describes, in the order of `getWeights`. Nothing is allocated.
 *
 * @throws ConfigError where a layer's output for one example is larger than a file may ask for
 */
export function weightsOfConfig(
  config: ModelConfig,
  custom: CustomObjects = {},
): { readonly name: string; readonly shape: Shape }[] {
  const graph =
    config.type === "Functional"
      ? graphFromConfig(config as FunctionalConfig, custom)
      : chainOf(
          layersFromConfigs((config as SequentialConfig).layers, custom),
          (config as SequentialConfig).inputShape ?? [],
        );
  const network = buildNetwork(graph);
  for (const { layer, outputShapes } of network.layers) {
    for (const shape of outputShapes) {
      const size = sizeOf(shape.slice(1).map((axis) => axis ?? 1));
      if (size <= mostNumbers) continue;
      throw new ConfigError(
        `${layer.type} "${layer.name}" would make ${size} numbers of one example, ${formatShape(shape)}; a model in a file may make ${mostNumbers}.`,
      );
    }
  }
  return network.parameters.map(({ id, shape }) => ({ name: id, shape }));
}
