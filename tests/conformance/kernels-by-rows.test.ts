/** Kernels that take rows from a table and pass over rows: when the compiler makes them, and that they change no result. */
import { describe, expect, it } from "vitest";
import { compile, type Equations, optimizations } from "../../src/compiler/compile.js";
import type { MapInstruction } from "../../src/compiler/program.js";
import { referenceEngine } from "../../src/engines/reference/reference-engine.js";
import { wasmEngine } from "../../src/engines/wasm/wasm-engine.js";
import { add, gather, input, mul, type Node, sub, transpose, variable, where } from "../../src/equations/index.js";
import { ConfigError } from "../../src/errors.js";
import { expectClose, randomValues, runEquations } from "./run-equations.js";

const [R, C, N] = [9, 6, 4];
const table = input("table", [N, C]);
const ids = input("ids", [R], "int");
const mask = input("mask", [R, 1]);
const values = {
  table: randomValues(N * C, 1),
  square: randomValues(R * C, 2),
  ids: [3, 0, 0, 2, 1, 3, 3, 0, 1],
  mask: [0, 1, 0, 0, 2, -1, 0, 1, 0],
};

/** The maps by rows of a program, and whether it has gathers beside them; results are those of the plain program on every engine. */
async function kernelsOf(equations: Omit<Equations, "name">, variables: Record<string, number[]> = {}) {
  const named = { name: "rows", ...equations };
  const inputs = Object.fromEntries(Object.keys(equations.inputs).map((name) => [name, values[name as "ids"]]));
  const plain = await runEquations(named, inputs, {
    variables,
    without: optimizations,
  });
  for (const engine of [referenceEngine, wasmEngine]) {
    const result = await runEquations(named, inputs, { variables, engine });
    for (const [name, wanted] of Object.entries(plain)) expectClose(result[name]!, wanted, 1e-6, name);
  }
  const { instructions } = compile(named);
  const maps = instructions.filter((i): i is MapInstruction => i.kind === "map");
  return {
    gather: maps.filter(({ gather }) => gather).length,
    masked: maps.filter(({ rowMask }) => rowMask).length,
    gathers: instructions.filter(({ kind }) => kind === "gather").length,
    copies: instructions.filter(({ kind }) => kind === "copy").length,
  };
}

describe("rows that one kernel reads", () => {
  const taken = gather(mul(table, 2), ids);
  const inputs = { table, ids };

  it("are taken by the kernel", async () => {
    expect(await kernelsOf({ inputs, outputs: { y: add(mul(taken, taken), 1) } })).toMatchObject({
      gather: 1,
      gathers: 0,
    });
  });

  it("are written down where something else reads the table", async () => {
    const square = input("square", [R, C]);
    const doubled = mul(square, 2);
    const equations = { inputs: { square, ids }, outputs: { y: sub(gather(doubled, ids), doubled) } };
    expect(await kernelsOf(equations)).toMatchObject({ gather: 0, gathers: 1 });
  });

  it("are written down where something else reads them, too, or wants them", async () => {
    const both = { y: add(taken, 1), z: mul(transpose(taken), 2) };
    expect(await kernelsOf({ inputs, outputs: both })).toMatchObject({ gather: 0, gathers: 1 });
    expect(await kernelsOf({ inputs, outputs: { y: add(taken, 1), taken } })).toMatchObject({ gather: 0, gathers: 1 });
  });

  it("are written down beside others that the kernel takes", async () => {
    const second = gather(mul(table, 3), ids);
    expect(await kernelsOf({ inputs, outputs: { y: add(taken, second) } })).toMatchObject({ gather: 1, gathers: 1 });
  });

  it("of a variable are read before it is updated", async () => {
    const w = variable("w", [N, C]);
    const y = add(gather(w, ids), 1);
    const equations = { inputs: { ids }, outputs: { y }, updates: [[w, mul(w, 2)]] as [Node, Node][] };
    const variables = { w: randomValues(N * C, 3) };
    expect(await kernelsOf(equations, variables)).toMatchObject({ gather: 0, gathers: 1 });
  });
});

describe("updates that leave rows alone", () => {
  const [w, m] = [variable("w", [R, C]), variable("m", [R, C])];
  const variables = { w: randomValues(R * C, 3), m: randomValues(R * C, 4) };
  const run = (newW: Node, newM: Node, outputs: Record<string, Node> = {}) =>
    kernelsOf(
      {
        inputs: { table, ids, mask },
        outputs,
        updates: [
          [w, newW],
          [m, newM],
        ],
      },
      variables,
    );
  const nextM = add(mul(m, 0.9), gather(mul(table, 2), ids));
  const nextW = sub(w, nextM);

  it("pass over them", async () => {
    const kernels = await run(where(mask, nextW, w), where(mask, nextM, m));
    expect(kernels).toEqual({ gather: 1, masked: 1, gathers: 0, copies: 0 });
  });

  it("compute all where not every result has the same condition, or keeps what is there", async () => {
    expect(await run(where(mask, nextW, w), nextM)).toMatchObject({ masked: 0 });
    expect(await run(where(mask, nextW, m), where(mask, nextM, m))).toMatchObject({ masked: 0 });
    expect(await run(where(mask, w, nextW), where(mask, nextM, m))).toMatchObject({ masked: 0 });
  });

  it("compute all where the condition differs within a row, or old numbers are wanted", async () => {
    const byColumn = { mask: where(mask, 1, gather(table, ids)) };
    expect(await run(where(byColumn.mask, nextW, w), where(byColumn.mask, nextM, m))).toMatchObject({ masked: 0 });
    expect(await run(where(mask, nextW, w), where(mask, nextM, m), { old: w })).toMatchObject({ masked: 0 });
  });
});

it("a program whose gather rows end outside of their table is refused", async () => {
  const program = compile({ name: "rows", inputs: { table, ids }, outputs: { y: add(gather(mul(table, 2), ids), 1) } });
  const broken = program.instructions.map((instruction) =>
    instruction.kind === "map" && instruction.gather
      ? { ...instruction, gather: { ...instruction.gather, ids: { ...instruction.gather.ids, offset: 1 } } }
      : instruction,
  );
  for (const engine of [referenceEngine, wasmEngine]) {
    const loading = engine.createDevice().load({ ...program, instructions: broken });
    await expect(loading).rejects.toThrow(ConfigError);
  }
});
