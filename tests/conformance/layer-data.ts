/** What the layers in the lists of the contract are given: small sequences, ids and masks whose sizes all differ. */
import type { Layer } from "../../src/layers/index.js";
import { type LayerInput, randomNested } from "./trace-layer.js";

export const [B, T, F, U] = [3, 5, 2, 4];
export const sequence = randomNested([B, T, F], 1);
export const ids = [
  [3, 1, 0, 0, 0],
  [2, 5, 6, 0, 0],
  [1, 4, 2, 3, 6],
];
export const mask = [
  [1, 1, 1, 0, 0],
  [0, 1, 0, 1, 1],
  [0, 0, 0, 0, 0],
];

/** A layer and what it is given. */
export type Entry = readonly [title: string, layer: Layer, given: LayerInput];
