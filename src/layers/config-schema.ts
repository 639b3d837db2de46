/**
 * Schema of layer configs in files: the type of every option by its name, and the largest sizes. Which options a layer has and which values
 * they may have, the layer checks itself.
 */
import { finite, flag, integer, wholeNumber } from "../options/index.js";
import {
  anything,
  either,
  fields,
  is,
  list,
  mostAxes,
  nullable,
  optional,
  type Schema,
  text,
} from "../schema/index.js";

/** The largest number of units, ids or steps that a layer in a file may name. */
const mostSize = 2 ** 31 - 1;
/** The largest window of a convolution or a pooling, its strides and its dilation. */
const mostWindow = 4096;
/** The most layers of a model in a file. */
export const mostLayers = 1000;

const size = is(wholeNumber(1, mostSize));
const side = is(wholeNumber(1, mostWindow));
const sides = nullable(
  either(`a whole number from 1 to ${mostWindow} or a list of them`, side, list(side, { least: 1, most: 3 })),
);
const name = text({ least: 1, most: 1000 });
const axes = list(is(integer), { most: mostAxes });
const byName = nullable(either("a name or an object with a type", name, fields({ type: name })));
const switches = nullable(is(flag));
const amount = nullable(is(finite));

/** A shape with null for an axis of any size. */
export const partialShape: Schema = list(nullable(is(wholeNumber(0, mostSize))), { most: mostAxes });

/** Largest number of uses of layers in a model file. */
const mostCalls = 2048;
const place = is(wholeNumber(0, mostCalls));

/** A value: the name of an input; or a layer's name, the index of its use, and the index of its output. */
const value: Schema = (given) => {
  const problem = list(anything, { least: 1, most: 3 })(given);
  if (problem) return problem;
  const [first, ...rest] = given as readonly unknown[];
  return list(name)([first]) ?? (rest.length === 0 ? undefined : list(place, { least: 2 })(rest));
};

/** The graph of a functional model. */
export const graphSchema = {
  inputs: list(fields({ name, shape: partialShape }), { least: 1, most: mostLayers }),
  outputs: list(fields({ name, value }), { least: 1, most: mostLayers }),
  calls: list(fields({ layer: name, inputs: list(value, { least: 1, most: mostLayers }) }), { most: mostCalls }),
};

/** The same description for several names. */
/* @__NO_SIDE_EFFECTS__ */ function each(schema: Schema, ...names: readonly string[]): Record<string, Schema> {
  return Object.fromEntries(names.map((option) => [option, schema]));
}

const nested: Schema = (config) => layerConfig(config);

const options: Readonly<Record<string, Schema>> = /* @__PURE__ */ (() => ({
  ...each(optional(size), "filters", "inputDim", "outputDim", "classes", "tags", "n"),
  units: nullable(
    either(`a whole number from 1 to ${mostSize} or a list of them`, size, list(size, { least: 1, most: 64 })),
  ),
  ...each(sides, "kernelSize", "poolSize", "strides", "dilationRate"),
  ...each(switches, "returnSequences", "returnState", "goBackwards", "zeroOutputForMask", "stateful", "useBias"),
  ...each(switches, "maskZero", "useScale", "returnAttentionScores", "useCausalMask", "center", "scale", "trainable"),
  ...each(switches, "resetAfter", "unitForgetBias"),
  ...each(amount, "dropout", "recurrentDropout", "rate", "epsilon", "maskValue"),
  ...each(nullable(name), "name", "activation", "recurrentActivation", "padding", "mergeMode", "scoreMode"),
  axis: nullable(either("a whole number or a list of them", is(integer), axes)),
  ...each(optional(axes), "targetShape", "dims"),
  noiseShape: nullable(partialShape),
  inputShape: nullable(partialShape),
  sharedId: optional(is(wholeNumber(0, mostLayers))),
  truncation: nullable(fields({ window: size, stride: nullable(size) })),
  initialState: anything,
  cell: optional(either("a name or a list of them", name, list(name, { least: 1, most: 64 }))),
  layer: optional(nested),
  backwardLayer: nullable(nested),
}))();

const rules = /(Initializer|Regularizer|Constraint)$/;

/** Models that are layers. */
const models: Readonly<Record<string, Schema>> = /* @__PURE__ */ (() => {
  const layers = list(nested, { least: 1, most: mostLayers });
  return { Functional: fields({ layers, ...graphSchema }), Sequential: fields({ layers }) };
})();

/**
 * A layer's config.
 *
 * @param custom types of the user's layers, which may have any options
 */
/* @__NO_SIDE_EFFECTS__ */ export function layerConfigSchema(custom: ReadonlySet<string> = new Set()): Schema {
  return (config) => {
    const problem = fields({ type: name, name: optional(name) })(config);
    const { type } = (config ?? {}) as { type: string };
    if (problem || custom.has(type)) return problem;
    const given = Object.keys(config as object);
    const schemas = given.map((option) => [
      option,
      Object.hasOwn(options, option) ? options[option]! : rules.test(option) ? byName : anything,
    ]);
    return (
      fields(Object.fromEntries(schemas))(config) ?? (Object.hasOwn(models, type) ? models[type]!(config) : undefined)
    );
  };
}

const layerConfig = layerConfigSchema();
