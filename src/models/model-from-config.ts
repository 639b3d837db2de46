/** Models of any kind from plain data. */

import { ConfigError } from "../errors.js";
import type { Layer } from "../layers/index.js";
import { anObject, checkOption } from "../options/index.js";
import { formatShape, type PartialShape, type Shape, sizeOf } from "../tensor/shape.js";
import { buildNetwork } from "./build-network.js";
import { chainOf } from "./chain.js";
import type { FunctionalConfig, ModelConfig, SequentialConfig } from "./config.js";
import type { CustomObjects } from "./custom-objects.js";
import { expectModel } from "./expect-model.js";
import { type Functional, functionalFromConfig } from "./functional.js";
import { graphFromConfig, layersFromConfigs } from "./layer-configs.js";
import type { ModelOptions } from "./model-options.js";
import { type Sequential, sequentialFromConfig } from "./sequential.js";

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

/**
 * A new model of the same layers, with weights and a name of its own. It is not compiled.
 *
 * @param custom your cells and layers that the model has
 * @throws ConfigError for a custom layer or cell that is not given
 * @example const other = cloneModel(model, { seed: 2 });
 */
export function cloneModel(
  model: Sequential | Functional,
  options: ModelOptions = {},
  custom: CustomObjects = {},
): Sequential | Functional {
  expectModel("cloneModel", model);
  const { compile: _, ...config } = model.toConfig();
  return modelFromConfig(config as ModelConfig, options, custom);
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
  for (const { layer, inputShapes } of network.nodes.map((node) => ({ ...node, layer: node.layer.layer }))) {
    checkSizes(layer, inputShapes);
  }
  return network.parameters.map(({ id, shape }) => ({ name: id, shape }));
}

function checkSizes(layer: Layer, inputShapes: readonly PartialShape[]): void {
  const shapes = inputShapes as Parameters<Layer["outputShapes"]>;
  for (const { layer: each, inputShapes: read } of layer.inside?.(...shapes) ?? []) checkSizes(each, read);
  for (const shape of layer.outputShapes(...shapes)) {
    const size = sizeOf(shape.slice(1).map((axis) => axis ?? 1));
    if (size <= mostNumbers) continue;
    throw new ConfigError(
      `${layer.type} "${layer.name}" would make ${size} numbers of one example, ${formatShape(shape)}; a model in a file may make ${mostNumbers}.`,
    );
  }
}
