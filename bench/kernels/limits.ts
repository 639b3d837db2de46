/**
 * What one core can do at all, measured: multiplications and additions of 128-bit vectors that stay in registers, and copying memory.
 * Wider vectors, which the system's BLAS uses, can do more.
 */
import { subroutine } from "../../src/engines/wasm/assembler.js";
import { enableRelaxedSimd } from "../../src/engines/wasm/features.js";
import { MAXIMUM_PAGES } from "../../src/engines/wasm/heap.js";
import { f32x4, local, v128 } from "../../src/engines/wasm/instructions.js";
import { importedMemory } from "../../src/engines/wasm/kernel-cache.js";
import { moduleBytes } from "../../src/engines/wasm/module-bytes.js";
import { webAssembly } from "../../src/engines/wasm/web-assembly.js";
import { fastest } from "./fastest.js";

/** Enough independent chains to hide the latency of a multiply-add, few enough to stay in 16 registers. */
const CHAINS = 12;
const ITERATIONS = 1_000_000;

/** GFLOP/s of x ← x·a + b in registers, fused or in two steps. */
async function arithmeticLimit(fused: boolean, seconds: number): Promise<number> {
  const chains = subroutine(fused, 1, (asm, [count]) => {
    const [a, b] = [asm.constant(0.999), asm.constant(0.001)];
    const values = Array.from({ length: CHAINS }, (_, i) => asm.vector(asm.constant(i)));
    asm.repeat(count!, () => {
      for (const x of values) {
        local.set(x, fused ? f32x4.relaxed_madd(x, a, b) : f32x4.add(f32x4.mul(x, a), b));
      }
    });
    const sum = asm.vector(asm.constant(0));
    for (const x of values) local.set(sum, f32x4.add(sum, x));
    v128.store({}, asm.integer(0), sum);
  });
  const bytes = moduleBytes({ exports: { chains }, memory: importedMemory(false) });
  const memory = new webAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES, shared: false });
  const { exports } = await webAssembly.instantiate(await webAssembly.compile(bytes), { tavali: { memory } });
  const run = exports.chains as (count: number) => void;
  return (2 * 4 * CHAINS * ITERATIONS) / fastest(seconds, () => run(ITERATIONS)) / 1e6;
}

/** GB/s, read and written, of copying `count` floats. */
export function copyLimit(count: number, seconds: number): number {
  const [from, to] = [new Float32Array(count).fill(1), new Float32Array(count)];
  const times = Math.max(1, Math.round(2e6 / count));
  const milliseconds = fastest(seconds, () => {
    for (let i = 0; i < times; i++) to.set(from);
  });
  return (8 * count * times) / milliseconds / 1e6;
}

export async function arithmeticLimits(seconds: number): Promise<{ plain: number; fused: number | undefined }> {
  const relaxed = await enableRelaxedSimd();
  return {
    plain: await arithmeticLimit(false, seconds),
    fused: relaxed ? await arithmeticLimit(true, seconds) : undefined,
  };
}
