/** Reads a workload that write-workload.ts wrote. Stands alone, so that it can be copied beside the JavaScript peers. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Numbers, Workload } from "./workloads.js";

/** What `workload.json` holds. */
export interface WorkloadManifest {
  readonly workload: Workload;
  readonly x: { readonly shape: readonly number[]; readonly type: "int" | "float" };
  readonly y: { readonly shape: readonly number[]; readonly type: "int" | "float" };
  readonly weights: readonly (readonly number[])[];
}

/** A workload with its numbers. */
export interface LoadedWorkload {
  readonly workload: Workload;
  readonly x: Numbers;
  readonly y: Numbers;
  readonly weights: readonly Numbers[];
}

/** What `writeWorkload` wrote. */
export function readWorkload(folder: string): LoadedWorkload {
  const manifest: WorkloadManifest = JSON.parse(readFileSync(path.join(folder, "workload.json"), "utf8"));
  const read = (name: string, shape: readonly number[], type: "int" | "float"): Numbers => {
    const { buffer, byteOffset, byteLength } = readFileSync(path.join(folder, `${name}.bin`));
    const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
    return { shape, data: type === "int" ? new Int32Array(bytes) : new Float32Array(bytes) };
  };
  return {
    workload: manifest.workload,
    x: read("x", manifest.x.shape, manifest.x.type),
    y: read("y", manifest.y.shape, manifest.y.type),
    weights: manifest.weights.map((shape, i) => read(`weight-${i}`, shape, "float")),
  };
}
