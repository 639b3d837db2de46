/**
 * Workloads as files that any language reads: `workload.json` with the description and the shapes, and raw little-endian numbers in
 * `x.bin`, `y.bin`, `weight-0.bin`, … Weights are in Keras's order and layout; floats are float32, ids int32.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { WorkloadManifest } from "./read-workload.js";
import { tavaliModel } from "./tavali-model.js";
import { dataOf, type Numbers, type Workload } from "./workloads.js";

/** Writes a workload with its data and one set of initial weights. */
export function writeWorkload(folder: string, workload: Workload): void {
  mkdirSync(folder, { recursive: true });
  const { x, y } = dataOf(workload);
  const weights = tavaliModel(workload.model)
    .getWeights()
    .map(({ data, shape }): Numbers => ({ data: Float32Array.from(data), shape }));
  const write = (name: string, { data }: Numbers) =>
    writeFileSync(path.join(folder, `${name}.bin`), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  write("x", x);
  write("y", y);
  weights.forEach((weight, i) => {
    write(`weight-${i}`, weight);
  });
  const described = ({ data, shape }: Numbers) => ({
    shape,
    type: data instanceof Int32Array ? ("int" as const) : ("float" as const),
  });
  const manifest: WorkloadManifest = {
    workload,
    x: described(x),
    y: described(y),
    weights: weights.map(({ shape }) => shape),
  };
  writeFileSync(path.join(folder, "workload.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
}
