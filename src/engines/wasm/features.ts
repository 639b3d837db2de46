/** Features of WebAssembly on this machine, found by validating tiny modules. */
import { hasNode } from "../../host/host.js";
import type { Blas } from "./blas.js";
import { type Local, writeFunction } from "./function-code.js";
import { f32x4 } from "./instructions.js";
import { moduleBytes } from "./module-bytes.js";
import type { Platform } from "./threads.js";
import { webAssembly } from "./web-assembly.js";
import { webWorkers } from "./web-workers.js";

/** Relaxed SIMD is a standard since Wasm 3.0, but a flag in older engines: whether code with a fused multiply-add is accepted now. */
export function hasRelaxedSimd(): boolean {
  return accepts(3, ([a, b, c]) => f32x4.relaxed_madd(a!, b!, c!));
}

export function hasSimd(): boolean {
  return accepts(2, ([a, b]) => f32x4.add(a!, b!));
}

/** Whether a function of `vectors` vectors is valid that returns what `write` leaves on the stack. */
function accepts(vectors: number, write: (parameters: Local<"v128">[]) => void): boolean {
  const type = { parameters: new Array<"v128">(vectors).fill("v128"), results: ["v128"] } as const;
  const test = writeFunction(type, (parameters) => write(parameters as Local<"v128">[]));
  return webAssembly.validate(moduleBytes({ exports: { test } }));
}

/** Turns relaxed SIMD on where that takes a flag. @returns whether it is there */
export async function enableRelaxedSimd(): Promise<boolean> {
  if (hasRelaxedSimd()) return true;
  if (!hasNode()) return false;
  const { setRelaxedSimdFlag } = await import("./relaxed-simd-node.js");
  setRelaxedSimdFlag();
  return hasRelaxedSimd();
}

let search: Promise<Blas | { readonly missing: string }> | undefined;

/** The system's BLAS, looked for once; or the reason why there is none. */
export function searchBlas(): Promise<Blas | { readonly missing: string }> {
  search ??= (async () => {
    if (!hasNode()) return { missing: "only Node can use the system's BLAS" };
    const { findBlas } = await import("./blas-node.js");
    return findBlas();
  })();
  return search;
}

/** The system's BLAS where there is one. */
export async function systemBlas(): Promise<Blas | undefined> {
  const found = await searchBlas();
  return "missing" in found ? undefined : found;
}

/** Whether threads can share memory: always in Node, in browsers on cross-origin isolated pages. */
export function canShareMemory(): boolean {
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  return "SharedArrayBuffer" in globalThis && crossOriginIsolated !== false;
}

/** Source of threads; undefined if there are none. */
export async function threadPlatform(): Promise<Platform | undefined> {
  if (!hasNode()) return webWorkers();
  const node = await import("./threads-node.js");
  return node.mayStartThreads() ? node : undefined;
}
