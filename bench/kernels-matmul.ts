/**
 * GFLOP/s of the wasm engine's matrix products on one core, with and without fused multiply-add.
 * Run: npx tsx bench/kernels-matmul.ts
 */
import type { Operand, Program } from "../src/compiler/program.js";
import { createWasmEngine } from "../src/engines/wasm/wasm-engine.js";

interface Case {
  readonly name: string;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly a?: "transposed";
  readonly b?: "transposed";
}

const cases: readonly Case[] = [
  { name: "32³", m: 32, k: 32, n: 32 },
  { name: "128×32×32", m: 128, k: 32, n: 32 },
  { name: "128×32×32, b transposed", m: 128, k: 32, n: 32, b: "transposed" },
  { name: "32×128×512", m: 32, k: 128, n: 512 },
  { name: "256³", m: 256, k: 256, n: 256 },
  { name: "256³, a transposed", m: 256, k: 256, n: 256, a: "transposed" },
  { name: "256³, b transposed", m: 256, k: 256, n: 256, b: "transposed" },
  { name: "250×251×253", m: 250, k: 251, n: 253 },
  { name: "1024³", m: 1024, k: 1024, n: 1024 },
  { name: "1024³, a transposed", m: 1024, k: 1024, n: 1024, a: "transposed" },
  { name: "1024³, b transposed", m: 1024, k: 1024, n: 1024, b: "transposed" },
  { name: "32×64000×32, a transposed", m: 32, k: 64000, n: 32, a: "transposed" },
  { name: "64000×32×32", m: 64000, k: 32, n: 32 },
  { name: "64000×32×1", m: 64000, k: 32, n: 1 },
  { name: "1×32×32", m: 1, k: 32, n: 32 },
  { name: "1×512×2048", m: 1, k: 512, n: 2048 },
  { name: "1×512×2048, b transposed", m: 1, k: 512, n: 2048, b: "transposed" },
  { name: "8×512×2048", m: 8, k: 512, n: 2048 },
];

function matrix(buffer: number, rows: number, columns: number, transposed: boolean): Operand {
  return { buffer, offset: 0, strides: transposed ? [0, 1, rows] : [0, columns, 1], step: 0 };
}

/** The product `length` times over, so that the call from JavaScript does not count. */
function programFor({ name, m, k, n, a, b }: Case, length: number): Program {
  const sizes = [m * k, k * n, m * n];
  let arenaSize = 0;
  const buffers = sizes.map((size) => {
    const offset = arenaSize;
    arenaSize += Math.ceil(size / 16) * 16;
    return { role: "scratch", dtype: "float", size, offset } as const;
  });
  const [left, right] = [matrix(0, m, k, a === "transposed"), matrix(1, k, n, b === "transposed")];
  const product = { kind: "matmul", batch: 1, m, k, n, a: left, b: right, output: matrix(2, m, n, false) } as const;
  return {
    name,
    buffers,
    instructions: [{ kind: "loop", length, reverse: false, body: [{ ...product, accumulate: false }] }],
    inputs: [0, 1].map((buffer) => ({ name: "ab"[buffer]!, shape: [sizes[buffer]!], dtype: "float", buffer })),
    variables: [],
    outputs: [],
    arenaSize,
  };
}

async function measure(relaxedSimd: boolean): Promise<number[]> {
  const device = createWasmEngine({ relaxedSimd }).createDevice();
  const results: number[] = [];
  for (const each of cases) {
    const flops = 2 * each.m * each.k * each.n;
    const length = Math.max(1, Math.round(2e8 / flops));
    const executable = await device.load(programFor(each, length));
    const inputs = { a: new Float32Array(each.m * each.k).fill(0.5), b: new Float32Array(each.k * each.n).fill(0.25) };
    let best = Infinity;
    for (let round = 0; round < 12; round++) {
      const start = performance.now();
      executable.run(inputs);
      best = Math.min(best, performance.now() - start);
    }
    results.push((flops * length) / best / 1e6);
  }
  return results;
}

async function main(): Promise<void> {
  const plain = await measure(false);
  const relaxed = await measure(true);
  console.log("GFLOP/s                       plain   fused");
  cases.forEach(({ name }, i) => {
    console.log(`${name.padEnd(28)} ${plain[i]!.toFixed(1).padStart(6)}  ${relaxed[i]!.toFixed(1).padStart(6)}`);
  });
}

await main();
