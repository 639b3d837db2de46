/** What this machine gives the engine: found out, not guessed. */
import os from "node:os";
import { enableRelaxedSimd, hasSimd } from "../engines/wasm/features.js";
import { wasmEngine } from "../engines/wasm/wasm-engine.js";

/** What `tavali doctor` reports about the engine and the machine. */
export interface EngineFacts {
  engine: string;
  /** Bits of a float. */
  precision: number;
  simd: boolean;
  /** Whether a multiplication and an addition are one instruction. */
  relaxedFma: boolean;
  /** Threads that a training run uses. */
  threads: number;
  cores: number;
  memoryGigabytes: number;
  processor: string;
  system: string;
  node: string;
}

export async function engineFacts(): Promise<EngineFacts> {
  return {
    engine: wasmEngine.name,
    precision: wasmEngine.precision,
    simd: hasSimd(),
    relaxedFma: await enableRelaxedSimd(),
    threads: 1,
    cores: os.availableParallelism(),
    memoryGigabytes: Number((os.totalmem() / 2 ** 30).toFixed(1)),
    processor: os.cpus()[0]?.model.trim() ?? "unknown",
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
  };
}

/** The engine in a few words. */
export async function engineLine(): Promise<string> {
  const { engine, simd, relaxedFma, threads, precision } = await engineFacts();
  const kernels = simd ? `128-bit SIMD${relaxedFma ? " with fused multiply-add" : ""}` : "no SIMD";
  return `${engine}, float${precision}, ${kernels}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}
