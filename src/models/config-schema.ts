/** Schema of a model's config in a file: its graph, and its compile options. */
import { graphSchema, layerConfigSchema, mostLayers, partialShape } from "../layers/index.js";
import { flag, oneOf } from "../options/index.js";
import { anyNumber, either, fields, is, isRecord, list, number, optional, type Schema, text } from "../schema/index.js";
import type { CustomObjects } from "./custom-objects.js";

/** Largest length of a schedule, and of other lists of numbers. */
const mostNumbers = 1000;

const name = text({ least: 1, most: 1000 });
const numberList = list(anyNumber, { most: mostNumbers });

/** A thing by its type, with the options that make others of it. */
const typed: Schema = (given) => typedFields(given);
const typedFields = fields({
  type: name,
  name: optional(name),
  learningRate: optional(either("a number or a schedule", number(0, Number.MAX_VALUE), typed)),
  boundaries: optional(numberList),
  values: optional(numberList),
});
const metric = either("a name or an object with a type", name, typed);
const metrics = list(either("a metric or a list of them", metric, list(metric, { most: mostNumbers })), {
  most: mostNumbers,
});
const missing = is(oneOf(null));

const compile = fields({
  optimizer: typed,
  loss: either(
    "a loss or a list of them",
    typed,
    list(either("a loss or null", typed, missing), { most: mostNumbers }),
  ),
  lossWeights: optional(numberList),
  metrics,
  weightedMetrics: metrics,
});

/**
 * A model's config.
 *
 * @param custom custom objects that configs may name; the options of custom layers are not checked here
 */
export function modelConfigSchema({ layers: customLayers = {} }: CustomObjects): Schema {
  const layers = list(layerConfigSchema(new Set(Object.keys(customLayers))), { least: 1, most: mostLayers });
  const shared = { name, trainable: optional(is(flag)), layers, compile: optional(compile) };
  const sequential = fields({ ...shared, inputShape: partialShape });
  const functional = fields({
    ...shared,
    ...graphSchema,
  });
  const known = fields({ type: is(oneOf("Sequential", "Functional")) });
  return (config) =>
    known(config) ?? (isRecord(config) && config.type === "Functional" ? functional(config) : sequential(config));
}
