/** One-hot input costs rows, not products, and gives what the products would. */
import { expect, it } from "vitest";
import { compile } from "../../src/compiler/compile.js";
import type { LoopInstruction, Program } from "../../src/compiler/program.js";
import {
  add,
  differentiate,
  input,
  matmul,
  mul,
  type Node,
  oneHot,
  scan,
  sum,
  tanh,
  zeros,
} from "../../src/equations/index.js";
import { dense, oneHot as oneHotLayer, sequential, simpleRNN } from "../../src/index.js";
import { expectClose, randomValues, runEquations } from "./run-equations.js";

const [T, B, C, U] = [5, 3, 6, 4];
const ids = Array.from({ length: T * B }, (_, i) => (i * i + 2) % C);

function gradients(x: Node, W: Node, R: Node): Record<string, Node> {
  const { state } = scan({
    sequences: { x },
    initial: { h: zeros([x.shape[1]!, U]) },
    step: ({ x }, { h }) => ({ state: { h: tanh(add(matmul(x, W), matmul(h, R))) }, outputs: {} }),
  });
  const [dW, dR] = differentiate(sum(mul(state.h, state.h)), [W, R]);
  return { h: state.h, dW: dW!, dR: dR! };
}

it.each([3, 60])("a recurrence over one-hot ids of %i rows makes no vector and no product of them", async (rows) => {
  const [id, W, R] = [input("ids", [T, rows], "int"), input("W", [C, U]), input("R", [U, U])];
  const values = {
    ids: Array.from({ length: T * rows }, (_, i) => ids[i % ids.length]!),
    W: randomValues(C * U, 1),
    R: randomValues(U * U, 2),
  };
  const byRows = { name: "rows", inputs: { ids: id, W, R }, outputs: gradients(oneHot(id, C), W, R) };
  const x = input("x", [T, rows, C]);
  const byVectors = { name: "vectors", inputs: { x, W, R }, outputs: gradients(x, W, R) };
  const vectors = Array.from({ length: T * rows * C }, (_, i) => Number(values.ids[Math.floor(i / C)] === i % C));
  const [got, expected] = [
    await runEquations(byRows, values),
    await runEquations(byVectors, { ...values, x: vectors }),
  ];
  for (const name of ["h", "dW", "dR"]) expectClose(got[name]!, expected[name]!, 1e-12);
  const program = compile(byRows);
  expect(productsOf(program).some(({ m, k }) => m === C || k === C)).toBe(false);
  expect(program.buffers.some(({ size }) => size === T * rows * C)).toBe(false);
});

it("one-hot vectors that something else reads are made", async () => {
  const id = input("ids", [4], "int");
  const { y } = await runEquations(
    { name: "vectors", inputs: { ids: id }, outputs: { y: mul(oneHot(id, 3), 2) } },
    { ids: [2, 0, 1, 1] },
  );
  expect(y).toEqual([0, 0, 2, 2, 0, 0, 0, 2, 0, 0, 2, 0]);
});

it("a model of one-hot ids trains like the same model fed vectors", async () => {
  const labels = Array.from({ length: B }, (_, i) => i % 2);
  const layers = () => [simpleRNN(U), dense(1, { activation: "sigmoid" })];
  const byIds = sequential([oneHotLayer(C), ...layers()], { seed: 3 });
  const byVectors = sequential(layers(), { seed: 3 });
  const x = Array.from({ length: B }, (_, b) => ids.slice(b * T, (b + 1) * T));
  const vectors = x.map((row) => row.map((id) => Array.from({ length: C }, (_, j) => Number(j === id))));
  for (const model of [byIds, byVectors]) model.compile({ loss: "binaryCrossentropy", optimizer: "adam" });
  for (let step = 0; step < 3; step++) {
    const [a, b] = [await byIds.trainOnBatch(x, labels), await byVectors.trainOnBatch(vectors, labels)];
    expect(a.loss).toBeCloseTo(b.loss!, 6);
  }
  await expect(byIds.predict([[0, C]])).rejects.toThrow(`the value ${C} at [0, 1] is not an id`);
});

function productsOf({ instructions }: Program) {
  const all = instructions.flatMap((each) => (each.kind === "loop" ? (each as LoopInstruction).body : [each]));
  return all.flatMap((each) => (each.kind === "matmul" ? [each] : []));
}
