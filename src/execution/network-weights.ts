/** Weights of a network: each once, even where several layers have it, named after the first of them. */
import { type Node, variable } from "../equations/index.js";
import { ShapeError } from "../errors.js";
import { type Layer, layersAround, type ParameterSpec, type Weight, weightOf } from "../layers/index.js";
import { formatShape, sameShape } from "../tensor/shape.js";

/** A weight of the network. */
export interface Parameter extends ParameterSpec {
  /** Unique in the model: "simple_rnn/kernel". */
  readonly id: string;
  /** True if training changes it: by the last `compile`, or before the first as the layer is now. */
  readonly trainable: boolean;
  /** True if training would change it if the model was compiled now. */
  readonly trainableNow: boolean;
  /** Its name in the layer. */
  readonly name: string;
  /** The weight, which the layer has wherever else it stands. */
  readonly weight: Weight;
  readonly node: Node;
}

/** Choice of the layers that are trained. */
export interface Training {
  /** By the last `compile`; before the first, as it is now. */
  asCompiled(layer: Layer): boolean;
  now(layer: Layer): boolean;
}

/** The choice by each layer's `trainable`. */
export const asLayersSay: Training = {
  asCompiled: ({ trainable }) => trainable,
  now: ({ trainable }) => trainable,
};

/** One weight, and every place that has it: the enclosing layers, the outermost first. */
interface Entry {
  readonly parameter: Parameter;
  readonly places: (readonly Layer[])[];
}

export class NetworkWeights {
  readonly #training: Training;
  readonly #entries: Entry[] = [];

  constructor(training: Training) {
    this.#training = training;
  }

  /** Every weight once, in the order in which layers came. */
  get all(): readonly Parameter[] {
    return this.#entries.map(({ parameter }) => parameter);
  }

  /** A layer's parameters. @throws ShapeError where another layer has the same weight in another shape */
  of(layer: Layer, specs: readonly ParameterSpec[]): readonly Parameter[] {
    return specs.map((spec) => {
      const { parameter, places } = this.#entryOf(layer, spec);
      checkSameWeight(layer, spec, parameter);
      places.push(layersAround(layer, spec));
      return spec.name === parameter.name ? parameter : withNameOf(parameter, spec.name);
    });
  }

  #entryOf(layer: Layer, spec: ParameterSpec): Entry {
    const weight = weightOf(layer, spec);
    const known = this.#entries.find(
      ({ parameter }) => parameter.weight.layer === weight.layer && parameter.weight.name === weight.name,
    );
    if (known) return known;
    const id = `${layer.name}/${spec.name}`;
    const places: (readonly Layer[])[] = [];
    const training = this.#training;
    const parameter: Parameter = {
      ...spec,
      id,
      weight,
      node: variable(id, spec.shape),
      get trainable() {
        return places.some((around) => around.every((each) => training.asCompiled(each)));
      },
      get trainableNow() {
        return places.some((around) => around.every((each) => training.now(each)));
      },
    };
    const entry = { parameter, places };
    this.#entries.push(entry);
    return entry;
  }
}

/** The same weight under its name in another layer. */
function withNameOf(parameter: Parameter, name: string): Parameter {
  return Object.defineProperties({} as Parameter, {
    ...Object.getOwnPropertyDescriptors(parameter),
    name: { value: name, enumerable: true },
  });
}

/** Throws unless the weight fits the layer. @param first as it is at another place */
export function checkSameWeight(
  layer: Layer,
  { name, shape }: ParameterSpec,
  first: Pick<ParameterSpec, "shape"> | undefined,
): void {
  if (first && sameShape(first.shape, shape)) return;
  throw new ShapeError(
    `${layer.type} "${layer.name}" is applied to inputs that need different weights: ${name} was ${formatShape(first?.shape ?? [])} and would have ` +
      `to be ${formatShape(shape)}. Shared layers need inputs with equal features; make a layer for each otherwise.`,
  );
}
