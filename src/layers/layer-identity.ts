/**
 * Identity of layers. A model names its layers by copying them (`withName`); a layer and its copies are one layer, with one set of weights.
 */
import type { Layer } from "./layer.js";

const originals = new WeakMap<Layer, Layer>();

/** Records that one object is a copy of another under another name. */
export function addCopy(layer: Layer, copy: Layer): void {
  originals.set(copy, originalOf(layer));
}

/** The original of a copy; the object itself if it is not a copy. */
export function originalOf(layer: Layer): Layer {
  return originals.get(layer) ?? layer;
}
