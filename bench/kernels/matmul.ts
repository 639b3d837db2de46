/**
 * GFLOP/s of matrix products on one core: our kernels without and with fused multiply-add, and the engine as users get it, which takes the
 * system's BLAS where there is one. Our kernels are held against what 128-bit vectors can do at all (limits.ts).
 */
import type { Operand, Program } from "../../src/compiler/program.js";
import { createWasmEngine } from "../../src/engines/wasm/wasm-engine.js";
import type { Engine } from "../../src/index.js";
import { fastest } from "./fastest.js";

interface Product {
  readonly name: string;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly a?: "transposed";
  readonly b?: "transposed";
}

const products: readonly Product[] = [
  { name: "32³", m: 32, k: 32, n: 32 },
  { name: "128×32×32", m: 128, k: 32, n: 32 },
  { name: "128×32×32, b transposed", m: 128, k: 32, n: 32, b: "transposed" },
  { name: "128³", m: 128, k: 128, n: 128 },
  { name: "256³", m: 256, k: 256, n: 256 },
  { name: "256³, a transposed", m: 256, k: 256, n: 256, a: "transposed" },
  { name: "256³, b transposed", m: 256, k: 256, n: 256, b: "transposed" },
  { name: "250×251×253", m: 250, k: 251, n: 253 },
  { name: "512³", m: 512, k: 512, n: 512 },
  { name: "1024³", m: 1024, k: 1024, n: 1024 },
  { name: "400×200×10000", m: 400, k: 200, n: 10000 },
  { name: "64000×32×32", m: 64000, k: 32, n: 32 },
  { name: "32×64000×32, a transposed", m: 32, k: 64000, n: 32, a: "transposed" },
  { name: "64000×32×1", m: 64000, k: 32, n: 1 },
  { name: "1×32×32", m: 1, k: 32, n: 32 },
  { name: "1×128×128", m: 1, k: 128, n: 128 },
  { name: "1×512×2048", m: 1, k: 512, n: 2048 },
  { name: "8×512×2048", m: 8, k: 512, n: 2048 },
];

function matrix(buffer: number, rows: number, columns: number, transposed: boolean): Operand {
  return { buffer, offset: 0, strides: transposed ? [0, 1, rows] : [0, columns, 1], step: 0 };
}

/** The product `length` times over, so that the call from JavaScript does not count. */
function programFor({ name, m, k, n, a, b }: Product, length: number): Program {
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

async function speed(engine: Engine, product: Product, seconds: number): Promise<number> {
  const { m, k, n } = product;
  const operations = 2 * m * k * n;
  const length = Math.max(1, Math.round(5e7 / operations));
  const executable = await engine.createDevice().load(programFor(product, length));
  const inputs = { a: new Float32Array(m * k).fill(0.5), b: new Float32Array(k * n).fill(0.25) };
  return (operations * length) / fastest(seconds, () => executable.run(inputs)) / 1e6;
}

export interface MatmulSpeed {
  readonly name: string;
  /** GFLOP/s. */
  readonly plain: number;
  readonly fused: number;
  readonly best: number;
}

/** @param seconds for each product and engine */
export async function matmulSpeeds(seconds: number): Promise<MatmulSpeed[]> {
  const plain = createWasmEngine({ relaxedSimd: false, blas: false });
  const fused = createWasmEngine({ blas: false });
  const best = createWasmEngine();
  const speeds: MatmulSpeed[] = [];
  for (const product of products) {
    speeds.push({
      name: product.name,
      plain: await speed(plain, product, seconds),
      fused: await speed(fused, product, seconds),
      best: await speed(best, product, seconds),
    });
  }
  return speeds;
}
