/** Reading golden files, and what it takes to agree with them. */
import { readFileSync } from "node:fs";
import type { Engine } from "../../src/engines/engine.js";
import { referenceEngine } from "../../src/engines/reference/reference-engine.js";
import { wasmEngine } from "../../src/engines/wasm/wasm-engine.js";
import { type NestedArray, toTensor } from "../../src/tensor/tensor.js";

/** The cases of a file of tests/golden/keras. */
export function goldenCases<Case extends { readonly name: string }>(file: string): Case[] {
  return JSON.parse(readFileSync(new URL(`./keras/${file}`, import.meta.url), "utf8")).cases;
}

/** Every engine, with the agreement its precision owes. */
export const engines: readonly [string, Engine, number][] = [
  ["float64", referenceEngine, 1e-10],
  ["float32", wasmEngine, 1e-5],
];

/** The numbers of a nested array, row-major. */
export function flat(value: NestedArray): number[] {
  return [...toTensor(value).data];
}
