/** Node only: before version 22 V8 has relaxed SIMD (a fused multiply-add) behind a flag, to be set before modules compile. */
import { setFlagsFromString } from "node:v8";

/** Harmless where the flag is unknown: V8 ignores it. */
export function setRelaxedSimdFlag(): void {
  setFlagsFromString("--experimental-wasm-relaxed-simd");
}
