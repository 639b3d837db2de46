/** Description of what the wasm engine uses on this machine, to be shown to people. */
import { enableRelaxedSimd, hasSimd, searchBlas } from "./features.js";
import { MATMUL_TILE } from "./kernels/matmul-panel.js";

export interface WasmDescription {
  /** 128-bit vectors; the engine does not work without. */
  readonly simd: boolean;
  /** Fused multiply-add. */
  readonly relaxedSimd: boolean;
  /** Whether memory can be shared between threads; browsers require a cross-origin isolated page. */
  readonly threads: boolean;
  /** Rows × columns that a matrix product keeps in registers. */
  readonly matmulTile: string;
  /** The system's BLAS in use, or why there is none. */
  readonly blas: { readonly name: string; readonly library: string } | { readonly missing: string };
}

/** The features and libraries that the wasm engine uses on this machine: SIMD, threads, BLAS. */
export async function describeWasm(): Promise<WasmDescription> {
  const blas = await searchBlas();
  return {
    blas: "missing" in blas ? blas : { name: blas.name, library: blas.library },
    simd: hasSimd(),
    relaxedSimd: await enableRelaxedSimd(),
    threads: "SharedArrayBuffer" in globalThis,
    matmulTile: MATMUL_TILE,
  };
}
