/** Runs that say what each instruction took compute what other runs compute. */
import { describe, expect, it } from "vitest";
import type { Program } from "../../src/compiler/program.js";
import {
  bidirectional,
  createWasmEngine,
  dense,
  type Engine,
  embedding,
  formatProgram,
  lstm,
  sequential,
  tensor,
} from "../../src/index.js";

const batch = 9;
const time = 7;
const x = tensor(
  Int32Array.from({ length: batch * time }, (_, i) => (i * i) % 11),
  [batch, time],
);
const y = tensor(
  Float32Array.from({ length: batch }, (_, i) => Math.cos(i)),
  [batch, 1],
);

async function weightsAfterSteps(engine: Engine): Promise<number[][]> {
  const model = sequential([embedding(11, 5), bidirectional(lstm(6)), dense(1)], { seed: 3, engine });
  model.compile({ loss: "meanSquaredError", optimizer: "adam" });
  for (let step = 0; step < 3; step++) await model.trainOnBatch(x, y);
  return model.getWeights().map(({ data }) => Array.from(data));
}

describe("createWasmEngine({ onRun })", () => {
  it("tells what every instruction took, and changes no bit", async () => {
    const runs = new Map<Program, ReadonlyMap<object, number>>();
    const timed = createWasmEngine({ threads: 1, onRun: (program, times) => runs.set(program, times) });
    const weights = await weightsAfterSteps(timed);
    expect(weights).toEqual(await weightsAfterSteps(createWasmEngine({ threads: 1 })));

    const [program, times] = [...runs].find(([{ name }]) => name === "training step")!;
    const written = program.instructions.flatMap((each) => (each.kind === "loop" ? each.body : [each]));
    expect(program.instructions.some((each) => each.kind === "loop" && each.reverse)).toBe(true);
    expect(new Set(times.keys())).toEqual(new Set(written));
    for (const milliseconds of times.values()) expect(milliseconds).toBeGreaterThanOrEqual(0);

    const lines = formatProgram(program, { times, ports: false }).split("\n");
    expect(lines.filter((line) => line.includes(" ms"))).toHaveLength(written.length);
    expect(lines.filter((line) => /product.* ms, [\d.]+ GFLOP\/s$/.test(line)).length).toBeGreaterThan(5);
  });

  it("tells of the main thread's programs where there are several", async () => {
    const names: string[] = [];
    const timed = createWasmEngine({ threads: 2, onRun: ({ name }) => names.push(name) });
    const model = sequential([dense(2, { inputShape: [3] })], { seed: 1, engine: timed });
    model.compile({ loss: "meanSquaredError" });
    await model.trainOnBatch(tensor(new Float32Array(48).fill(1), [16, 3]), tensor(new Float32Array(32), [16, 2]));
    expect(names).toEqual(["training step, shard 0", "training step, update 0"]);
  });
});
