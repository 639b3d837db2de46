/** Random programs for what works on rows or blocks: reduce, softmax, gather, scatterAdd, firstPositions, maps by rows, random, fill, copy. */
import { describe, expect, it } from "vitest";
import type { StraightInstruction } from "../../src/compiler/program.js";
import type { Engine } from "../../src/engines/engine.js";
import { referenceEngine } from "../../src/engines/reference/reference-engine.js";
import { createWasmEngine } from "../../src/engines/wasm/wasm-engine.js";
import type { Random } from "../../src/tensor/random.js";
import { difference, RandomProgram, runOn } from "./random-program.js";

const engines = [
  ["plain SIMD", createWasmEngine({ relaxedSimd: false })],
  ["the best SIMD there is", createWasmEngine()],
] as const;

type Maker = (p: RandomProgram, length: number) => StraightInstruction;

const reduce: Maker = (p, length) => {
  const shape = p.shape(3) as [number, number, number];
  if (p.chance(0.3)) shape[1] = p.integer(250, 700);
  if (p.chance(0.1)) [shape[0], shape[1], shape[2]] = [p.integer(1, 2), p.integer(128, 140), p.integer(2040, 2100)];
  const op = p.pick(["sum", "sumSquares", "max", "argmax"] as const);
  const input = p.view(shape, { length, repeat: true });
  const dtype = op === "argmax" ? "int" : "float";
  const options = { order: [0, 1], contiguous: true, negative: false, length, dtype } as const;
  const target = p.view([1, shape[0] * shape[2]], options);
  return { kind: "reduce", op, shape, input, output: { ...target, strides: [shape[2], 1] } };
};

const softmax: Maker = (p, length) => {
  const [rows, columns] = p.shape(2) as [number, number];
  if (p.chance(0.1)) return wideSoftmax(p, 2, p.integer(500, 700), length);
  return wideSoftmax(p, rows, columns, length);
};

function wideSoftmax(p: RandomProgram, rows: number, columns: number, length: number): StraightInstruction {
  const values = (r: Random) => r.uniform() * 30 - 15;
  const view = () => p.view([rows, columns], { order: [0, 1], contiguous: true, length, values });
  const input = view();
  const form = (["softmax", "logSoftmax", "logSumExp"] as const)[p.random.integer(3)]!;
  const made = {
    kind: "softmax",
    form,
    rows,
    columns,
    input,
    ...(p.chance(0.5) && { bias: { ...p.view([columns], { contiguous: true, length }), strides: [0, 1] } }),
    output: p.chance(0.2) ? input : view(),
  } as const;
  if (form !== "softmax") return made;
  return {
    ...made,
    ...(p.chance(0.5) && { scale: p.view([rows, 1], { order: [0, 1], repeat: true, length }) }),
    ...(p.chance(0.5) && {
      logSum: p.view([rows, 1], { order: [0, 1], contiguous: true, negative: false, length }),
    }),
  };
}

const rowsById: Maker = (p, length) => {
  const [count, width] = p.shape(2) as [number, number];
  const entries = p.integer(1, 9);
  const perRow = p.pick([0, 0, entries]);
  const adds = p.chance(0.5);
  const dtype = adds ? "float" : p.pick(["float", "int"] as const);
  const table = p.view([entries + perRow * (count - 1), width], {
    order: [0, 1],
    contiguous: true,
    negative: false,
    length,
    dtype,
  });
  const ids = p.view([count], { dtype: "int", length, repeat: true, values: (r) => r.integer(entries) });
  const rows = p.view([count, width], { order: [0, 1], contiguous: true, length, dtype });
  return adds
    ? { kind: "scatterAdd", count, width, perRow, source: rows, ids, output: table }
    : { kind: "gather", count, width, perRow, table, ids, output: rows };
};

const firstPositions: Maker = (p, length) => {
  const [count, rows] = [p.integer(0, 40), p.integer(1, 40)];
  const ids = p.view([count], { dtype: "int", length, repeat: true, values: (r) => r.integer(rows) });
  const output = p.view([rows], { dtype: "int", contiguous: true, negative: false, length });
  return { kind: "firstPositions", count, rows, ids, output };
};

/** A map with a row mask, or with an input whose rows are gathered, or both. */
const mapByRows: Maker = (p, length) => {
  const shape = p.shape(2) as [number, number];
  const [rows, columns] = shape;
  const entries = p.integer(1, 9);
  const table = p.view([entries, columns], { order: [0, 1], contiguous: p.chance(0.7), negative: false, length });
  const ids = p.view([rows], { dtype: "int", length, repeat: true, values: (r) => r.integer(entries) });
  const marks = p.view([rows], { length, repeat: true, values: (r) => Math.max(0, r.integer(4) - 1) });
  const outputs = [p.view(shape, { length }), p.view(shape, { length })];
  const gather = p.chance(0.7) ? { gather: { input: 1, ids } } : {};
  // The table may be read as it lies, too.
  const plain = entries >= rows && p.chance(0.5) ? table : p.view(shape, { length, repeat: true });
  const masked = p.chance(0.7) ? { rowMask: { ...marks, strides: [marks.strides[0]!, 0] } } : {};
  return {
    kind: "map",
    shape,
    inputs: [plain, "gather" in gather ? table : p.view(shape, { length }), outputs[0]!],
    inputTypes: ["float", "float", "float"],
    steps: [
      { op: "multiply", arguments: [0, 1] },
      { op: "add", arguments: [3, 2] },
    ],
    results: [4, 1],
    outputs,
    ...masked,
    ...gather,
  };
};

const random: Maker = (p, length) => {
  const size = p.integer(1, 70);
  const seed = { buffer: p.buffer(1, "int", (r) => r.integer(2 ** 24) - 2 ** 23), offset: 0, strides: [], step: 0 };
  const output = p.view([size], { contiguous: true, negative: false, length });
  return { kind: "random", size, stream: p.random.bits(), seed, output };
};

const fill: Maker = (p, length) => {
  const size = p.integer(1, 70);
  const output = p.view([size], { contiguous: true, negative: false, length });
  return { kind: "fill", size, value: p.pick([0, -0, 1, 2.75, -3, Infinity]), output };
};

const copy: Maker = (p, length) => {
  const shape = p.shape(p.integer(1, 4)).map((size) => Math.min(size, 9));
  const dtype = p.pick(["float", "int"] as const);
  return {
    kind: "copy",
    shape,
    input: p.view(shape, { length, repeat: true, dtype }),
    output: p.view(shape, { length, dtype }),
  };
};

/** Every kind of instruction; products are in engines-matmul.test.ts, other maps in engines-map.test.ts. */
const kinds: Readonly<Record<Exclude<StraightInstruction["kind"], "matmul">, readonly [Maker, number]>> = {
  reduce: [reduce, 1e-5],
  softmax: [softmax, 1e-6],
  gather: [rowsById, 1e-6],
  scatterAdd: [rowsById, 1e-6],
  firstPositions: [firstPositions, 0],
  map: [mapByRows, 1e-6],
  random: [random, 0],
  fill: [fill, 0],
  copy: [copy, 0],
};
const makers = [...new Map(Object.values(kinds))].map(([make, tolerance]) => [make.name, make, tolerance] as const);

function randomProgram(seed: number, make: Maker): RandomProgram {
  const p = new RandomProgram(seed);
  const length = p.pick([1, 1, 3]);
  const instruction = make(p, length);
  p.instructions.push(
    length === 1 ? instruction : { kind: "loop", length, reverse: p.chance(0.5), body: [instruction] },
  );
  return p;
}

async function columnSums(engine: Engine, rows: number, columns: number, order: readonly number[]): Promise<number> {
  const p = new RandomProgram(3);
  const shape = [1, rows, columns] as const;
  const input = p.view(shape, { order, contiguous: true, negative: false, values: (r) => r.uniform() });
  const output = p.view([1, columns], { order: [0, 1], contiguous: true, negative: false });
  p.instructions.push({ kind: "reduce", op: "sum", shape, input, output });
  const exact = await runOn(referenceEngine, p.build(), p.inputs);
  const got = await runOn(engine, p.build(), p.inputs);
  const errors = exact[`b${output.buffer}`]!.map((want, i) => Math.abs(got[`b${output.buffer}`]![i]! / want - 1));
  return Math.max(...errors);
}

describe.each(engines)("with %s", (_, engine) => {
  it.each(makers)("%s agrees with the reference for random sizes and views", async (_name, make, tolerance) => {
    for (let seed = 0; seed < 80; seed++) {
      const p = randomProgram(seed, make);
      const program = p.build();
      const expected = await runOn(referenceEngine, program, p.inputs);
      const got = await runOn(engine, program, p.inputs);
      expect(difference(got, expected, p.inputs), `seed ${seed}`).toBeLessThanOrEqual(tolerance);
    }
  });

  it("sums of many numbers stay within 1e-6 of the exact sum", async () => {
    expect(await columnSums(engine, 64000, 5, [0, 1, 2])).toBeLessThan(1e-6);
    expect(await columnSums(engine, 64000, 2, [0, 2, 1])).toBeLessThan(1e-6);
    // In strips of columns: the last ones are fewer than a vector.
    for (const columns of [44, 45, 46, 47])
      expect(await columnSums(engine, 700, columns, [0, 1, 2])).toBeLessThan(1e-6);
  });

  it("sums of columns have equal bits, however many columns there are", async () => {
    const [rows, columns] = [700, 45];
    const sums = async (count: number) => {
      const p = new RandomProgram(6);
      const input = p.view([1, rows, columns], { order: [0, 1, 2], contiguous: true, negative: false });
      const output = p.view([1, count], { order: [0, 1], contiguous: true, negative: false });
      p.instructions.push({ kind: "reduce", op: "sum", shape: [1, rows, count], input, output });
      return (await runOn(engine, p.build(), p.inputs))[`b${output.buffer}`]!.slice(output.offset);
    };
    const wide = await sums(columns);
    expect((await sums(15)).slice(0, 15)).toEqual(wide.slice(0, 15));
  });

  it("softmax has relatively exact shares of logits down to −70 below the greatest, and 0 from −87 on", async () => {
    const p = new RandomProgram(5);
    const columns = 20000;
    const view = () => p.view([1, columns], { order: [0, 1], contiguous: true, negative: false });
    const [input, output] = [view(), view()];
    p.instructions.push({ kind: "softmax", form: "softmax", rows: 1, columns, input, output });
    const logits = Array.from({ length: columns }, (_, i) => Math.fround((-90 * i) / columns));
    logits[columns - 1] = -Infinity;
    p.inputs[`b${input.buffer}`]!.splice(input.offset, columns, ...logits);
    const of = async (by: Engine) => (await runOn(by, p.build(), p.inputs))[`b${output.buffer}`]!.slice(output.offset);
    const [exact, got] = [await of(referenceEngine), await of(engine)];
    logits.forEach((x, i) => {
      const limit = (4e-7 - 8e-8 * x) * exact[i]! + 1.7e-38;
      if (x <= -87) expect(got[i], `share of ${x}`).toBe(0);
      else expect(Math.abs(got[i]! - exact[i]!), `share of ${x}`).toBeLessThan(limit);
    });
  });

  it("softmax over 50000 columns adds up to 1", async () => {
    const p = new RandomProgram(4);
    const columns = 50000;
    const view = () => p.view([1, columns], { order: [0, 1], contiguous: true, negative: false });
    const [input, output] = [view(), view()];
    p.instructions.push({ kind: "softmax", form: "softmax", rows: 1, columns, input, output });
    const got = (await runOn(engine, p.build(), p.inputs))[`b${output.buffer}`]!;
    const sum = got.slice(output.offset, output.offset + columns).reduce((a, b) => a + b, 0);
    expect(Math.abs(sum - 1)).toBeLessThan(1e-6);
  });
});
