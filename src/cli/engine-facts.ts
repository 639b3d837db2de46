/** Properties of this machine that matter to the engine, measured. */
import os from "node:os";
import { defaultEngine, describeWasm } from "../engines/index.js";
import { hostProgram, ifPermitted } from "../host/host.js";

/** Report of `tavali doctor` about the engine and the machine. */
export interface EngineFacts {
  engine: string;
  /** Bits of a float. */
  precision: number;
  simd: boolean;
  /** Whether a multiplication and an addition are one instruction. */
  relaxedFma: boolean;
  /** The system's library for matrix products, or undefined where there is none. */
  blas: string | undefined;
  /** Why there is no such library. */
  blasMissing: string | undefined;
  /** Threads that a training run uses. */
  threads: number;
  cores: number;
  /** Undefined where the program must not know. */
  memoryGigabytes: number | undefined;
  processor: string;
  system: string;
  /** The program that runs this one: "Node", "Bun" or "Deno". */
  runtime: string;
  /** Its version. */
  runtimeVersion: string;
  /** The version of Node, or of the Node whose modules Bun and Deno offer. */
  node: string;
}

export async function engineFacts(): Promise<EngineFacts> {
  const { simd, relaxedSimd, blas } = await describeWasm();
  const host = hostProgram();
  return {
    engine: defaultEngine.name,
    precision: defaultEngine.precision,
    simd,
    relaxedFma: relaxedSimd,
    blas: "missing" in blas ? undefined : blas.name,
    blasMissing: "missing" in blas ? blas.missing : undefined,
    threads: await defaultEngine.createDevice().threads(),
    cores: os.availableParallelism(),
    memoryGigabytes: ifPermitted(() => Number((os.totalmem() / 2 ** 30).toFixed(1))),
    processor: ifPermitted(() => os.cpus()[0]?.model.trim()) ?? "unknown",
    system: `${process.platform} ${process.arch}`,
    runtime: host.name,
    runtimeVersion: host.version,
    node: process.versions.node,
  };
}

/** The engine in a few words. */
export async function engineLine(): Promise<string> {
  const { engine, simd, relaxedFma, blas, threads, precision } = await engineFacts();
  const kernels = simd ? `128-bit SIMD${relaxedFma ? " with fused multiply-add" : ""}` : "no SIMD";
  const products = blas === undefined ? "" : `, matrix products by ${blas}`;
  return `${engine}, float${precision}, ${kernels}${products}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}
