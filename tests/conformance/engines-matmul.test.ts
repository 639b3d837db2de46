/** Random matrix products of every layout, on the wasm engine with and without fused multiply-add, against the reference. */
import { describe, expect, it } from "vitest";
import type { StraightInstruction } from "../../src/compiler/program.js";
import type { Engine } from "../../src/engines/engine.js";
import { referenceEngine } from "../../src/engines/reference/reference-engine.js";
import { describeWasm } from "../../src/engines/wasm/describe-wasm.js";
import { createWasmEngine } from "../../src/engines/wasm/wasm-engine.js";
import { difference, RandomProgram, runOn } from "./random-program.js";

const { blas } = await describeWasm();

const engines: (readonly [string, Engine])[] = [
  ["plain SIMD", createWasmEngine({ relaxedSimd: false, blas: false })],
  ["the best SIMD there is", createWasmEngine({ blas: false })],
  // Without a BLAS on the machine there is nothing to compare.
  ...("missing" in blas ? [] : [[`the system's BLAS (${blas.name})`, createWasmEngine()] as const]),
];

interface Sizes {
  batch: number;
  m: number;
  k: number;
  n: number;
}

/** A loop over products of one factor b, packed once where that pays; where b is written at every step it must not be. */
function productsInLoop(seed: number, { m, k, n }: Omit<Sizes, "batch">, written: boolean): RandomProgram {
  const p = new RandomProgram(seed);
  const length = 3;
  const moving = { contiguous: true, negative: false, length };
  const body = p.pick([1, 2]) === 1 ? [0] : [0, 1];
  const products = body.map((): StraightInstruction => {
    const a = p.view([1, m, k], { ...moving, order: p.pick(eitherWay) });
    const b = p.view([1, k, n], { contiguous: true, negative: false, order: p.pick(eitherWay) });
    const output = p.view([1, m, n], { ...moving, order: [0, 1, 2] });
    return { kind: "matmul", batch: 1, m, k, n, a, b, output, accumulate: p.chance(0.5) };
  });
  const changes = products.flatMap((product): StraightInstruction[] => {
    if (product.kind !== "matmul") return [];
    const { b } = product;
    const steps = [{ op: "square", arguments: [0] }] as const;
    return [{ kind: "map", shape: [1, k, n], inputs: [b], inputTypes: ["float"], steps, results: [1], outputs: [b] }];
  });
  p.instructions.push({
    kind: "loop",
    length,
    reverse: p.chance(0.5),
    body: written ? [...products, ...changes] : products,
  });
  return p;
}

const eitherWay = [
  [0, 1, 2],
  [0, 2, 1],
] as const;

function randomProduct(seed: number, fixed: Partial<Sizes> = {}): RandomProgram {
  const p = new RandomProgram(seed);
  const axis = (): number => (p.chance(0.2) ? p.integer(1, 70) : p.pick([1, 2, 3, 4, 5, 8, 12, 15, 16, 17, 32, 36]));
  const { batch = p.pick([1, 1, 1, 2, 3]), m = axis(), k = axis(), n = axis() } = fixed;
  const length = p.pick([1, 1, 3]);
  const factor = (shape: number[]) =>
    p.view(shape, {
      order: p.pick(eitherWay),
      contiguous: true,
      negative: p.chance(0.3),
      length,
    });
  const a = factor([batch, m, k]);
  const b = factor([batch, k, n]);
  const output = p.view([batch, m, n], { order: [0, 1, 2], contiguous: true, negative: false, length });
  const instruction = { kind: "matmul", batch, m, k, n, a, b, output, accumulate: p.chance(0.5) } as const;
  p.instructions.push(
    length === 1 ? instruction : { kind: "loop", length, reverse: p.chance(0.5), body: [instruction] },
  );
  return p;
}

async function errorOf(p: RandomProgram, engine: (typeof engines)[number][1]): Promise<number> {
  const program = p.build();
  const expected = await runOn(referenceEngine, program, p.inputs);
  return difference(await runOn(engine, program, p.inputs), expected, p.inputs);
}

describe.each(engines)("matmul with %s", (_, engine) => {
  it("agrees with the reference for random sizes, layouts, steps and accumulation", async () => {
    for (let seed = 0; seed < 150; seed++) {
      expect(await errorOf(randomProduct(seed), engine), `seed ${seed}`).toBeLessThan(1e-5);
    }
  });

  it.each([
    ["one row", { m: 1 }],
    ["few rows", { m: 3, k: 130, n: 140 }],
    ["one column", { n: 1 }],
    ["a short sum", { k: 1 }],
    ["a sum over several blocks", { k: 600 }],
    ["rows over several blocks", { m: 530 }],
    ["packed panels", { batch: 1, m: 40, k: 150, n: 133 }],
    ["columns far apart", { batch: 1, m: 515, k: 20, n: 20 }],
  ] as const)("agrees with the reference for %s", async (_name, sizes) => {
    for (let seed = 1000; seed < 1012; seed++) {
      expect(await errorOf(randomProduct(seed, sizes), engine), `seed ${seed}`).toBeLessThan(1e-5);
    }
  });

  it.each([
    ["panels of every width", { m: 7, k: 60, n: 331 }],
    ["one narrow panel", { m: 5, k: 90, n: 7 }],
    ["several blocks of depth", { m: 10, k: 600, n: 50 }],
    ["several blocks of rows", { m: 300, k: 270, n: 18 }],
    ["whole panels", { m: 12, k: 300, n: 64 }],
    ["many rows", { m: 30, k: 120, n: 90 }],
  ] as const)("agrees with the reference for a factor that stays the same in a loop: %s", async (_name, sizes) => {
    for (let seed = 2000; seed < 2008; seed++) {
      expect(await errorOf(productsInLoop(seed, sizes, false), engine), `seed ${seed}`).toBeLessThan(1e-5);
    }
  });

  it("agrees with the reference for one row by strips of every width", async () => {
    for (let n = 30; n <= 110; n++) {
      expect(await errorOf(randomProduct(4000 + n, { batch: 1, m: 1, k: 60, n }), engine), `${n} columns`).toBeLessThan(
        1e-5,
      );
    }
  });

  it("sees a factor change that is written in the loop", async () => {
    for (let seed = 3000; seed < 3008; seed++) {
      const p = productsInLoop(seed, { m: 6, k: 50, n: 36 }, true);
      expect(await errorOf(p, engine), `seed ${seed}`).toBeLessThan(1e-5);
    }
  });

  it("gives the same bits twice", async () => {
    const p = randomProduct(7, { m: 33, k: 70, n: 35 });
    const first = await runOn(engine, p.build(), p.inputs);
    expect(await runOn(engine, p.build(), p.inputs)).toEqual(first);
  });
});
