/** Owners of weights: the layer that a parameter belongs to, and the layers around it. */

import type { Layer, ParameterSpec } from "./layer.js";
import { originalOf } from "./layer-identity.js";

/** A weight: the layer it belongs to, and the layer's name for it. */
export interface Weight {
  readonly layer: Layer;
  readonly name: string;
}

/** The weight behind a layer's parameter, which may belong to a wrapped layer. */
export function weightOf(layer: Layer, { name, inside }: ParameterSpec): Weight {
  return inside ? weightOf(inside.layer, inside.spec) : { layer: originalOf(layer), name };
}

/** Every layer around a parameter's weight, the outermost first; training changes the weight if all are trainable. */
export function layersAround(layer: Layer, { inside }: ParameterSpec): readonly Layer[] {
  return [layer, ...(inside ? layersAround(inside.layer, inside.spec) : [])];
}
