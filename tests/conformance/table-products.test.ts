/** Products with rows of a small table become products with the table, and give what the products with its rows would. */
import { expect, it } from "vitest";
import { compile } from "../../src/compiler/compile.js";
import type { MatmulInstruction } from "../../src/compiler/program.js";
import { referenceEngine } from "../../src/engines/reference/reference-engine.js";
import {
  add,
  differentiate,
  gather,
  input,
  matmul,
  mul,
  type Node,
  reshape,
  scan,
  scatterAdd,
  sub,
  sum,
  tanh,
  variable,
  zeros,
} from "../../src/equations/index.js";
import { expectClose, randomValues, runEquations } from "./run-equations.js";

const [T, F, U] = [5, 3, 4];

/** A loss of the last state, and what it depends on. */
function recurrence(x: Node, W: Node, R: Node): { h: Node; loss: Node } {
  const { state } = scan({
    sequences: { x },
    initial: { h: zeros([x.shape[1]!, U]) },
    step: ({ x }, { h }) => ({ state: { h: tanh(add(matmul(x, W), matmul(h, R))) }, outputs: {} }),
  });
  return { h: state.h, loss: sum(mul(state.h, state.h)) };
}

function productsOf(equations: Parameters<typeof compile>[0]): MatmulInstruction[] {
  const { instructions } = compile(equations);
  return instructions
    .flatMap((each) => (each.kind === "loop" ? each.body : [each]))
    .filter((each) => each.kind === "matmul");
}

// With 60 rows a step gradients would be added up in the loop. 12 rows for 7 of a table are too few to change anything.
it.each([
  { rows: 6, size: 7, expected: [7, 7, F] },
  { rows: 60, size: 11, expected: [11, 11, F] },
  { rows: 6, size: 40, expected: [T * 6, T * 6, F] },
])("a recurrence over $rows rows a step of a table of $size", async ({ rows, size, expected }) => {
  const ids = Array.from({ length: T * rows }, (_, i) => (i * i + 3) % size);
  const values = { ids, E: randomValues(size * F, 1), W: randomValues(F * U, 2), R: randomValues(U * U, 3) };
  const [id, E, W, R] = [input("ids", [T, rows], "int"), input("E", [size, F]), input("W", [F, U]), input("R", [U, U])];
  const byTable = recurrence(gather(E, id), W, R);
  const [dE, dW, dR] = differentiate(byTable.loss, [E, W, R]) as [Node, Node, Node];
  const equations = { name: "table", inputs: { ids: id, E, W, R }, outputs: { h: byTable.h, dE, dW, dR } };
  const got = await runEquations(equations, values);

  const x = input("x", [T, rows, F]);
  const byRows = recurrence(x, W, R);
  const [dx, dWOfRows, dROfRows] = differentiate(byRows.loss, [x, W, R]) as [Node, Node, Node];
  const rowsOfTable = ids.flatMap((each) => values.E.slice(each * F, (each + 1) * F));
  const plain = await runEquations(
    { name: "rows", inputs: { x, W, R }, outputs: { h: byRows.h, dx, dW: dWOfRows, dR: dROfRows } },
    { ...values, x: rowsOfTable },
  );
  const dTable = new Array<number>(size * F).fill(0);
  ids.forEach((each, i) => {
    for (let f = 0; f < F; f++) dTable[each * F + f]! += plain.dx![i * F + f]!;
  });
  for (const name of ["h", "dW", "dR"]) expectClose(got[name]!, plain[name]!, 1e-12);
  expectClose(got.dE!, dTable, 1e-12);

  // The products with W: E·W, its gradient, and the way back to E.
  const [m, back, kernel] = expected;
  const sizes = productsOf(equations).map(({ m, k, n }) => `${m}×${k}×${n}`);
  expect(sizes).toContain(`${m}×${F}×${U}`);
  expect(sizes).toContain(`${back}×${U}×${F}`);
  expect(sizes.filter((each) => each === `${kernel}×${m}×${U}`)).toHaveLength(1);
});

it("rows are added up by id once for both gradients", () => {
  const [id, E, W, R] = [input("ids", [T, 20], "int"), input("E", [9, F]), input("W", [F, U]), input("R", [U, U])];
  const { loss } = recurrence(gather(E, id), W, R);
  const [dE, dW] = differentiate(loss, [E, W]) as [Node, Node];
  for (const name of ["first", "again"]) {
    const { instructions } = compile({ name, inputs: { ids: id, E, W, R }, outputs: { dE, dW } });
    expect(instructions.filter(({ kind }) => kind === "scatterAdd")).toHaveLength(1);
    expect(instructions.filter(({ kind }) => kind === "loop")).toHaveLength(2);
  }
});

it("the table and the matrix, each of whose gradients reads the other, are updated in place from their old values", async () => {
  const [size, rows] = [7, 6];
  const id = input("ids", [T, rows], "int");
  const [E, W] = [variable("E", [size, F]), variable("W", [F, U])];
  const { loss } = recurrence(gather(E, id), W, zeros([U, U]));
  const [dE, dW] = differentiate(loss, [E, W]) as [Node, Node];
  const updates = (
    [
      [E, dE],
      [W, dW],
    ] as const
  ).map(([weight, d]): [Node, Node] => [weight, sub(weight, mul(d, 0.5))]);
  const program = compile({ name: "step", inputs: { ids: id }, outputs: { dE, dW }, updates });
  const copied = program.instructions.filter(
    (each) => each.kind === "copy" && program.buffers[each.output.buffer]!.role === "variable",
  );
  expect(copied).toEqual([]);

  const device = referenceEngine.createDevice();
  const old = { E: randomValues(size * F, 1), W: randomValues(F * U, 2) };
  for (const port of program.variables) device.createVariable(port);
  for (const [name, values] of Object.entries(old)) device.writeVariable(name, values);
  const executable = await device.load(program);
  executable.run({ ids: Array.from({ length: T * rows }, (_, i) => (i * i + 3) % size) });
  for (const [name, values] of Object.entries(old)) {
    const gradient = executable.output(`d${name}`);
    expectClose(
      device.readVariable(name),
      values.map((value, i) => value - 0.5 * gradient[i]!),
      1e-12,
    );
  }
});

it("a state before a single step and after it are different values to add up", async () => {
  const [rows, size] = [8, 3];
  const [id, h0, W] = [input("ids", [rows], "int"), input("h0", [rows, U]), input("W", [U, F])];
  const x = input("x", [1, rows, U]);
  const { state, outputs } = scan({
    sequences: { x },
    initial: { h: h0 as Node },
    step: ({ x }, { h }) => ({ state: { h: add(mul(h, 2), x) }, outputs: { before: h } }),
  });
  const sums = (h: Node): Node => scatterAdd(id, matmul(h, W), [size, F]);
  const equations = {
    name: "states",
    inputs: { ids: id, x, h0, W },
    outputs: { before: sums(reshape(outputs.before, [rows, U])), after: sums(state.h) },
  };
  const ids = Array.from({ length: rows }, (_, i) => i % size);
  const got = await runEquations(equations, {
    ids,
    x: new Array<number>(rows * U).fill(0),
    h0: randomValues(rows * U, 1),
    W: randomValues(U * F, 2),
  });
  expectClose(
    got.after!,
    Array.from(got.before!, (value) => 2 * value),
    1e-12,
  );
});
