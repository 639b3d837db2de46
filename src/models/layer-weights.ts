/**
 * Weights of layers, made when the first model with the layer is built. They belong to the layer: every model with it has these weights,
 * and they last as long as the layer or one of its models.
 */
import { ConfigError, ShapeError } from "../errors.js";
import { checkMemory } from "../execution/memory-need.js";
import type { Network } from "../execution/network.js";
import type { Parameter } from "../execution/network-weights.js";
import type { FirstValues, StoredVariable } from "../execution/number-store.js";
import type { Variables } from "../execution/variables.js";
import type { Initializer } from "../initializers/index.js";
import type { Layer, Weight } from "../layers/index.js";
import { counted, formatValue } from "../options/index.js";
import type { Random } from "../tensor/random.js";
import { isTypedArray } from "../tensor/read-nested.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../tensor/shape.js";

const weightsByLayer = new WeakMap<Layer, Map<string, StoredVariable>>();

const known = ({ layer, name }: Weight) => weightsByLayer.get(layer)?.get(name);

/**
 * Adds a network's weights to a model: those that its layers already have, and new ones for the others.
 *
 * @param random the source of new weights' first values
 * @throws ShapeError when existing weights would need another shape, StateError when another engine has them; nothing is
 *   changed then. ConfigError when an initializer returns other values than numbers for the shape
 */
export function takeWeights({ parameters, inputs }: Network, variables: Variables, random: Random): void {
  const shared = new Map<string, StoredVariable>();
  for (const parameter of parameters) {
    const { id, shape, weight } = parameter;
    const variable = known(weight) ?? (variables.has(id) ? variables.at(id) : undefined);
    if (!variable) continue;
    if (!sameShape(variable.shape, shape)) throw otherShape(parameter, variable, inputs);
    shared.set(id, variable);
  }
  const fresh = parameters.filter(({ id }) => !shared.has(id)).map(({ id, shape }) => ({ name: id, shape }));
  checkMemory("build: the new weights", fresh, variables, "Use fewer ids (inputDim), units or layers.");
  variables.share(shared);
  for (const { id, shape, initializer, weight } of parameters) {
    const variable = shared.get(id) ?? variables.create(id, shape, firstValues(id, initializer, shape, random));
    const weights = weightsByLayer.get(weight.layer) ?? new Map<string, StoredVariable>();
    weightsByLayer.set(weight.layer, weights.set(weight.name, variable));
  }
}

function firstValues(id: string, initializer: Initializer, shape: Shape, random: Random): FirstValues {
  if (initializer.fill) return (into) => initializer.fill!(into, shape, random);
  const values = initializer.values(shape, random);
  if (isNumbers(values) && values.length === sizeOf(shape)) return values;
  throw new ConfigError(
    `build: the initializer of ${id} returned ${isNumbers(values) ? counted(values.length, "number") : formatValue(values)}; expected a list or ` +
      `typed array of ${counted(sizeOf(shape), "number")}, row by row, for the shape ${formatShape(shape)}.`,
  );
}

function isNumbers(values: unknown): values is ArrayLike<number> {
  return isTypedArray(values) || (Array.isArray(values) && values.every((value) => typeof value === "number"));
}

function otherShape({ id, shape }: Parameter, variable: StoredVariable, inputs: Network["inputs"]): ShapeError {
  const shapes = inputs.map((input) => formatShape(input.shape)).join(", ");
  return new ShapeError(
    `build: the weight ${id} is ${formatShape(variable.shape)} and would have to be ${formatShape(shape)} for inputs of ${shapes}. ` +
      "A layer has one set of weights, made when it is first built, in every model: give it inputs as it had then, or make a new layer.",
  );
}
