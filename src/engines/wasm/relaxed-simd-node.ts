/** Node only: before version 22 V8 has relaxed SIMD (a fused multiply-add) behind a flag, to be set before modules compile. */
import { nodeModule } from "../../host/host.js";

const v8 = nodeModule("node:v8");

/** Harmless where the flag is unknown: V8 ignores it. */
export function setRelaxedSimdFlag(): void {
  v8.setFlagsFromString("--experimental-wasm-relaxed-simd");
}
