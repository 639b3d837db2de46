/**
 * Which layer an object is. A model gives its layers names by copying them (`withName`); a layer and its copies are one layer, with one set of
 * weights.
 */
import type { Layer } from "./layer.js";

const originals = new WeakMap<Layer, Layer>();

/** Says that one object is a copy of another under another name. */
export function addCopy(layer: Layer, copy: Layer): void {
  originals.set(copy, originalOf(layer));
}

/** The layer that a copy is of: the object itself for one that was not copied. */
export function originalOf(layer: Layer): Layer {
  return originals.get(layer) ?? layer;
}
