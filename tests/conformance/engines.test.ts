/** What every engine must do: results computed by hand for each instruction, variables, errors, memory that programs share. */
import { describe, expect, it } from "vitest";
import type { Buffer, Instruction, Operand, Port, Program } from "../../src/compiler/program.js";
import type { Engine } from "../../src/engines/engine.js";
import { referenceEngine } from "../../src/engines/reference/reference-engine.js";
import { createWasmEngine, wasmEngine } from "../../src/engines/wasm/wasm-engine.js";
import { ConfigError, ShapeError, StateError } from "../../src/errors.js";
import { sizeOf } from "../../src/tensor/shape.js";

const engines: [string, Engine][] = [
  ["reference", referenceEngine],
  ["wasm", wasmEngine],
  ["wasm without fused multiply-add and BLAS", createWasmEngine({ relaxedSimd: false, blas: false })],
];

type Tensors = Record<string, { shape: readonly number[]; dtype?: "float" | "int" }>;

/** A program over named scratch tensors; those named in `variables` are variables. All others are inputs, all are outputs. */
function programOf(
  tensors: Tensors,
  variables: readonly string[],
  instructions: readonly Instruction[],
  spare = 0,
): Program {
  let arenaSize = spare;
  const ports = Object.entries(tensors).map(
    ([name, { shape, dtype = "float" }], buffer): Port => ({ name, shape, dtype, buffer }),
  );
  const buffers = ports.map(({ name, shape, dtype }): Buffer => {
    const size = sizeOf(shape);
    if (variables.includes(name)) return { role: "variable", dtype, size, name };
    const offset = arenaSize;
    arenaSize += Math.ceil(size / 16) * 16;
    return { role: "scratch", dtype, size, offset };
  });
  const inputs = ports.filter(({ name }) => !variables.includes(name));
  const variablePorts = ports.filter(({ name }) => variables.includes(name));
  return { name: "test", buffers, instructions, inputs, variables: variablePorts, outputs: ports, arenaSize };
}

const at = (buffer: number, strides: readonly number[], offset = 0, step = 0): Operand => ({
  buffer,
  strides,
  offset,
  step,
});

describe.each(engines)("the %s engine", (_, engine) => {
  const run = async (tensors: Tensors, instruction: Instruction, inputs: Record<string, number[]>, name: string) => {
    const executable = await engine.createDevice().load(programOf(tensors, [], [instruction]));
    executable.run(inputs);
    return Array.from(executable.output(name), (x) => Math.round(x * 1e6) / 1e6);
  };

  it("maps fused steps over broadcast, reversed and transposed views", async () => {
    const tensors: Tensors = {
      x: { shape: [2, 3] },
      bias: { shape: [2] },
      ids: { shape: [6], dtype: "int" },
      y: { shape: [6] },
    };
    const map: Instruction = {
      kind: "map",
      shape: [2, 3],
      inputs: [at(0, [3, 1]), at(1, [-1, 0], 1), at(2, [1, 2])],
      inputTypes: ["float", "float", "int"],
      steps: [
        { op: "multiply", arguments: [0, 1] },
        { op: "constant", arguments: [], value: 0.5 },
        { op: "add", arguments: [3, 4] },
        { op: "add", arguments: [5, 2] },
      ],
      results: [6],
      outputs: [at(3, [1, 2])],
    };
    const inputs = { x: [1, 2, 3, 4, 5, 6], bias: [10, 100], ids: [0, 1, 2, 3, 4, 5], y: [0, 0, 0, 0, 0, 0] };
    // y[j][i] = x[i][j] · bias[1 − i] + ½ + ids[j][i]
    expect(await run(tensors, map, inputs, "y")).toEqual([100.5, 41.5, 202.5, 53.5, 304.5, 65.5]);
  });

  it("multiplies matrices and adds to what is there", async () => {
    const tensors: Tensors = { a: { shape: [2, 3] }, b: { shape: [3, 2] }, c: { shape: [2, 2] } };
    const product = { kind: "matmul", batch: 1, m: 2, k: 3, n: 2, output: at(2, [4, 2, 1]) } as const;
    const inputs = { a: [1, 2, 3, 4, 5, 6], b: [7, 8, 9, 10, 11, 12], c: [1000, 0, 0, 0] };
    const plain = { ...product, a: at(0, [0, 3, 1]), b: at(1, [0, 2, 1]), accumulate: true };
    expect(await run(tensors, plain, inputs, "c")).toEqual([1058, 64, 139, 154]);
    // aᵀ as stored by columns, bᵀ as stored by columns.
    const other = { ...product, a: at(0, [0, 1, 2]), b: at(1, [0, 1, 3]), accumulate: false };
    expect(await run(tensors, other, inputs, "c")).toEqual([76, 103, 100, 136]);
  });

  it("reduces along any axis", async () => {
    const tensors: Tensors = { x: { shape: [2, 3] }, y: { shape: [3] }, i: { shape: [2], dtype: "int" } };
    const inputs = { x: [1, 9, 3, 4, 5, 9], y: [0, 0, 0], i: [0, 0] };
    const columns = { kind: "reduce", shape: [1, 2, 3], input: at(0, [0, 3, 1]), output: at(1, [3, 1]) } as const;
    expect(await run(tensors, { ...columns, op: "sum" }, inputs, "y")).toEqual([5, 14, 12]);
    expect(await run(tensors, { ...columns, op: "max" }, inputs, "y")).toEqual([4, 9, 9]);
    const rows = { kind: "reduce", shape: [2, 3, 1], input: at(0, [3, 1, 0]), output: at(2, [1, 1]) } as const;
    expect(await run(tensors, { ...rows, op: "argmax" }, inputs, "i")).toEqual([1, 2]);
    expect(await run(tensors, { ...rows, op: "argmax" }, { ...inputs, x: [2, 2, NaN, 1, 7, 7] }, "i")).toEqual([0, 1]);
  });

  it("computes softmax and its logarithm without overflow", async () => {
    const tensors: Tensors = { x: { shape: [2, 2] }, y: { shape: [2, 2] } };
    const softmax = { kind: "softmax", rows: 2, columns: 2, input: at(0, [2, 1]), output: at(1, [2, 1]) } as const;
    const inputs = { x: [1000, 1000 + Math.log(3), -5, -5], y: [0, 0, 0, 0] };
    const rounded = (await run(tensors, { ...softmax, form: "softmax" }, inputs, "y")).map(
      (x) => Math.round(x * 1000) / 1000,
    );
    expect(rounded).toEqual([0.25, 0.75, 0.5, 0.5]);
    const logs = await run(tensors, { ...softmax, form: "logSoftmax" }, inputs, "y");
    expect(logs[2]).toBeCloseTo(-Math.log(2), 6);
    const sums = await run(tensors, { ...softmax, form: "logSumExp", output: at(1, [1, 1]) }, inputs, "y");
    expect(sums[0]).toBeCloseTo(1000 + Math.log(4), 3);
    expect(sums[1]).toBeCloseTo(-5 + Math.log(2), 6);
  });

  it("gathers rows, and scatters them back with repeated ids added up", async () => {
    const tensors: Tensors = {
      table: { shape: [3, 2] },
      ids: { shape: [4], dtype: "int" },
      rows: { shape: [4, 2] },
    };
    const ids = at(1, [1]);
    const gather: Instruction = {
      kind: "gather",
      count: 4,
      width: 2,
      perRow: 0,
      table: at(0, [2, 1]),
      ids,
      output: at(2, [2, 1]),
    };
    const inputs = { table: [1, 2, 3, 4, 5, 6], ids: [2, 0, 2, 1], rows: [1, 1, 2, 2, 3, 3, 4, 4] };
    expect(await run(tensors, gather, inputs, "rows")).toEqual([5, 6, 1, 2, 5, 6, 3, 4]);
    const scatter: Instruction = {
      kind: "scatterAdd",
      count: 4,
      width: 2,
      perRow: 0,
      source: at(2, [2, 1]),
      ids,
      output: at(0, [2, 1]),
    };
    expect(await run(tensors, scatter, inputs, "table")).toEqual([3, 4, 7, 8, 9, 10]);
    // One element of each row: element ids[i] of row i.
    const pick: Instruction = { ...gather, count: 3, width: 1, perRow: 2, table: at(0, [1, 1]), output: at(2, [1, 1]) };
    expect((await run(tensors, pick, { ...inputs, ids: [1, 0, 1, 0] }, "rows")).slice(0, 3)).toEqual([2, 3, 6]);
  });

  it("fills and copies", async () => {
    const tensors: Tensors = { x: { shape: [2, 3] }, y: { shape: [6] } };
    const inputs = { x: [1, 2, 3, 4, 5, 6], y: [9, 9, 9, 9, 9, 9] };
    const copy: Instruction = { kind: "copy", shape: [2, 3], input: at(0, [3, 1]), output: at(1, [1, 2]) };
    expect(await run(tensors, copy, inputs, "y")).toEqual([1, 4, 2, 5, 3, 6]);
    const fill = { kind: "fill", size: 3, output: at(1, [1], 2) } as const;
    expect(await run(tensors, { ...fill, value: 0 }, inputs, "y")).toEqual([9, 9, 0, 0, 0, 9]);
    expect(await run(tensors, { ...fill, value: -2.5 }, inputs, "y")).toEqual([9, 9, -2.5, -2.5, -2.5, 9]);
  });

  it("runs loops forward and in reverse, each iteration seeing the one before", async () => {
    const tensors: Tensors = { x: { shape: [4] }, h: { shape: [5] } };
    const body: Instruction = {
      kind: "map",
      shape: [1],
      inputs: [at(0, [1], 0, 1), at(1, [1], 0, 1)],
      inputTypes: ["float", "float"],
      steps: [
        { op: "add", arguments: [1, 1] },
        { op: "add", arguments: [2, 0] },
      ],
      results: [3],
      outputs: [at(1, [1], 1, 1)],
    };
    const inputs = { x: [1, 2, 3, 4], h: [0, 0, 0, 0, 0] };
    const forward: Instruction = { kind: "loop", length: 4, reverse: false, body: [body] };
    expect(await run(tensors, forward, inputs, "h")).toEqual([0, 1, 4, 11, 26]);
    const backward: Instruction = { ...forward, reverse: true };
    expect(await run(tensors, backward, inputs, "h")).toEqual([0, 1, 2, 3, 4]);
  });

  it("draws random numbers that depend on seed, stream and position only", async () => {
    const tensors: Tensors = { seed: { shape: [1], dtype: "int" }, r: { shape: [37] } };
    const draw = { kind: "random", size: 37, stream: 5, seed: at(0, []), output: at(1, [1]) } as const;
    const inputs = { seed: [1234], r: new Array(37).fill(0) };
    const bits = async (instruction: Instruction, seed = 1234) => {
      const executable = await engine.createDevice().load(programOf(tensors, [], [instruction]));
      executable.run({ ...inputs, seed: [seed] });
      return Array.from(executable.output("r"));
    };
    const numbers = await bits(draw);
    expect(numbers).toEqual(await bits(draw));
    expect(numbers).not.toEqual(await bits({ ...draw, stream: 6 }));
    expect(numbers).not.toEqual(await bits(draw, 1235));
    expect(numbers.slice(0, 3)).toEqual([0, 1, 2].map((i) => uniformAt(1234, 5, i)));
  });

  it("shares variables between the programs of a device", async () => {
    const device = engine.createDevice();
    device.createVariable({ name: "w", shape: [3], dtype: "float" });
    device.createVariable({ name: "count", shape: [1], dtype: "int" });
    expect(Array.from(device.readVariable("w"))).toEqual([0, 0, 0]);
    device.writeVariable("w", [1, 2, 3]);
    device.writeVariable("count", [7]);
    expect(device.readVariable("count")).toEqual(Int32Array.of(7));
    const add: Instruction = {
      kind: "map",
      shape: [3],
      inputs: [at(0, [1]), at(1, [1])],
      inputTypes: ["float", "float"],
      steps: [{ op: "add", arguments: [0, 1] }],
      results: [2],
      outputs: [at(0, [1])],
    };
    const tensors: Tensors = { w: { shape: [3] }, x: { shape: [3] } };
    const first = await device.load(programOf(tensors, ["w"], [add]));
    const second = await device.load(programOf(tensors, ["w"], [add]));
    first.run({ x: [10, 10, 10] });
    second.run({ x: [100, 0, 0] });
    first.run({ x: [1, 1, 1] });
    expect(Array.from(device.readVariable("w"))).toEqual([112, 13, 14]);
    expect(Array.from(first.output("w"))).toEqual([112, 13, 14]);
  });

  it("keeps programs right when a larger one is loaded after them", async () => {
    const device = engine.createDevice();
    const tensors: Tensors = { x: { shape: [5] }, y: { shape: [5] } };
    const square: Instruction = {
      kind: "map",
      shape: [5],
      inputs: [at(0, [1])],
      inputTypes: ["float"],
      steps: [{ op: "square", arguments: [0] }],
      results: [1],
      outputs: [at(1, [1])],
    };
    const inputs = { x: [1, 2, 3, 4, 5], y: [0, 0, 0, 0, 0] };
    const small = await device.load(programOf(tensors, [], [square]));
    small.run(inputs);
    expect(Array.from(small.output("y"))).toEqual([1, 4, 9, 16, 25]);
    device.createVariable({ name: "between", shape: [50000], dtype: "float" });
    const large = await device.load(programOf(tensors, [], [square], 300000));
    large.run(inputs);
    expect(Array.from(large.output("y"))).toEqual([1, 4, 9, 16, 25]);
    expect(() => small.output("y")).toThrow(StateError);
    small.run({ ...inputs, x: [6, 6, 6, 6, 7] });
    expect(Array.from(small.output("y"))).toEqual([36, 36, 36, 36, 49]);
    expect(Array.from(device.readVariable("between")).every((value) => value === 0)).toBe(true);
  });

  it("says what is wrong with variables, inputs and programs", async () => {
    const device = engine.createDevice();
    const tensors: Tensors = { w: { shape: [3] }, x: { shape: [2] } };
    const program = programOf(tensors, ["w"], []);
    await expect(device.load(program)).rejects.toThrow(StateError);
    device.createVariable({ name: "w", shape: [3], dtype: "float" });
    expect(() => device.createVariable({ name: "w", shape: [3], dtype: "float" })).toThrow(StateError);
    expect(() => device.writeVariable("w", [1])).toThrow(ShapeError);
    expect(() => device.readVariable("v")).toThrow(StateError);
    expect(device.hasVariable("v")).toBe(false);
    await expect(device.load(programOf({ w: { shape: [4] } }, ["w"], []))).rejects.toThrow(ShapeError);
    const executable = await device.load(program);
    expect(() => executable.output("w")).toThrow(StateError);
    expect(() => executable.run({})).toThrow(ConfigError);
    expect(() => executable.run({ x: [1, 2, 3] })).toThrow(ShapeError);
    executable.run({ x: [1, 2] });
    expect(() => executable.output("z")).toThrow(ConfigError);
    const outside: Instruction = { kind: "fill", size: 3, value: 1, output: at(1, [1]) };
    await expect(device.load(programOf(tensors, ["w"], [outside]))).rejects.toThrow(
      /reaches elements 0 to 2 of buffer 1/,
    );
  });
});

it("the wasm engine says how much memory was wanted, and for what", () => {
  const device = wasmEngine.createDevice();
  expect(() => device.createVariable({ name: "huge", shape: [2 ** 30], dtype: "float" })).toThrow(
    /The variable "huge" needs 4096\.0 MiB/,
  );
});

/** The formula of the contract, in BigInt arithmetic. */
function uniformAt(seed: number, stream: number, position: number): number {
  const mask = 0xffffffffn;
  const mix = (value: bigint): bigint => {
    let x = value & mask;
    x ^= x >> 16n;
    x = (x * 0x7feb352dn) & mask;
    x ^= x >> 15n;
    x = (x * 0x846ca68bn) & mask;
    return x ^ (x >> 16n);
  };
  return Number(mix(mix(BigInt(position)) + mix(BigInt(seed) + mix(BigInt(stream)))) >> 8n) / 2 ** 24;
}
