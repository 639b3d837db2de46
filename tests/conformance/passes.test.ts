/**
 * Every pass and every choice of lowering, left out by its name: random training steps give the same loss and the same weights. The last test
 * asks that each does something to some of those steps, so that one without an effect, or without a case here, does not pass unseen.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile, type Equations, type Optimization, optimizations } from "../../src/compiler/compile.js";
import { loweringChoices } from "../../src/compiler/lowering/choices.js";
import { passes } from "../../src/compiler/passes/index.js";
import {
  add,
  concat,
  differentiate,
  exp,
  gather,
  input,
  logSumExp,
  matmul,
  mul,
  type Node,
  notEqual,
  oneHot,
  pick,
  relu,
  reshape,
  reverse,
  scan,
  sigmoid,
  slice,
  softmax,
  sub,
  sum,
  tanh,
  transpose,
  variable,
  where,
} from "../../src/equations/index.js";
import { expectClose, randomValues, runEquations, weightedSum } from "./run-equations.js";

const ids = input("ids", [12], "int");
const rows = input("rows", [3], "int");
const data = { a: input("a", [3, 4]), b: input("b", [3, 4]), ids, rows };
const weights = { w: variable("w", [4, 4]), v: variable("v", [4]), table: variable("table", [4, 4]) };
const [slots, biasSlots] = [variable("slots", [4, 4]), variable("biasSlots", [4])];
const values = {
  a: randomValues(12, 1),
  b: randomValues(12, 2),
  ids: Array.from({ length: 12 }, (_, i) => (i * i + 1) % 4),
  rows: [2, 0, 2],
};
const variables = {
  w: randomValues(16, 3),
  v: randomValues(4, 4),
  table: randomValues(16, 5),
  slots: randomValues(16, 6),
  biasSlots: randomValues(4, 7),
};

/** More values of shape [3, 4], each made from some before it. */
function grow(pool: Node[], codes: readonly number[]): Node[] {
  const { w, v, table } = weights;
  for (const code of codes) {
    const pickOne = (n: number): Node => pool[(code >> n) % pool.length]!;
    const [p, q] = [pickOne(4), pickOne(7)];
    const makers = [
      () => tanh(p),
      () => mul(p, q),
      () => add(p, v),
      () => matmul(p, w),
      () => matmul(sigmoid(p), transpose(w)),
      () => concat([slice(p, 1, 2, 2), slice(q, 1, 0, 2)], 1),
      () => mul(p, sum(q, [1], { keepDims: true })),
      () => softmax(p),
      () => sub(reverse(p, 0), relu(q)),
      () => add(p, sum(q, [0])),
      () => mul(p, reshape(logSumExp(q), [3, 1])),
      () => exp(sub(p, reshape(logSumExp(p), [3, 1]))),
      () => mul(softmax(add(matmul(p, w), v)), slice(q, 1, 0, 1)),
      () => add(p, reshape(sub(logSumExp(add(p, v)), pick(add(p, v), rows)), [3, 1])),
      () => matmul(oneHot(rows, 4), w),
      () => mul(p, gather(mul(table, 2), rows)),
      () => add(p, matmul(sum(reshape(gather(table, ids), [4, 3, 4]), [0]), w)),
      () => sum(reshape(matmul(gather(table, ids), w), [4, 3, 4]), [0]),
    ];
    pool.push(makers[code % makers.length]!());
  }
  return pool;
}

/** A recurrence over 12 steps with a gate, whose inputs are numbers, one-hot vectors and rows of a table. */
function recurrence(before: readonly Node[], initial: Node, codes: readonly number[]): { last: Node; all: Node } {
  const { w, v, table } = weights;
  const last = before.slice(-2).map((node) => tanh(node));
  const { outputs, state } = scan({
    sequences: { x: concat([...last, ...last], 0), word: gather(table, ids), letter: oneHot(ids, 4) },
    initial: { h: initial },
    reverse: codes.length % 2 === 0,
    step: ({ x, word, letter }, { h }) => {
      const one = (row: Node) => matmul(reshape(row, [1, 4]), w);
      const z = add(matmul(concat([h, h], 1), concat([w, w], 0)), add(one(word), one(letter)), mul(h, x), v);
      const gates = add(concat([z, h], 1), concat([v, v], 0));
      const inner = grow([h, mul(sigmoid(slice(gates, 1, 0, 4)), tanh(slice(gates, 1, 4, 4)))], codes);
      return { state: { h: tanh(inner.at(-1)!) }, outputs: { y: inner.at(-2)! } };
    },
  });
  return { last: state.h, all: sum(outputs.y, [0]) };
}

/** A training step on a random graph with a recurrence in the middle of it: weights with momentum, rows of a table where they are named. */
function trainingStep(choices: readonly number[]): Equations {
  const third = Math.ceil(choices.length / 3);
  const before = grow([data.a, data.b], choices.slice(0, third));
  const { last, all } = recurrence(before, before.at(-1)!, choices.slice(third, 2 * third));
  const after = grow([last, all, data.a], choices.slice(2 * third));
  const loss = weightedSum(after.at(-1)!);
  const { w, v, table } = weights;
  const [dw, dv, dTable] = differentiate(loss, [w, v, table]) as [Node, Node, Node];
  const named = reshape(notEqual(sum(oneHot(rows, 4), [0]), 0), [4, 1]);
  const momentum = add(mul(slots, 0.9), dw);
  const nextTable = sub(table, mul(add(dTable, gather(mul(dw, 0.5), slice(ids, 0, 0, 4))), 0.1));
  const updates = [
    [w, sub(w, mul(momentum, 0.1))],
    [slots, momentum],
    [biasSlots, add(mul(biasSlots, 0.9), dv)],
    [v, sub(v, mul(add(mul(biasSlots, 0.9), dv), 0.1))],
    [table, where(named, nextTable, table)],
  ] as const;
  return { name: "step", inputs: data, outputs: { loss }, updates };
}

const randomChoices = fc.array(fc.nat(1 << 12), { minLength: 3, maxLength: 18 });
const run = (equations: Equations, without: readonly Optimization[]) =>
  runEquations(equations, values, { variables, without });

describe("random training steps", () => {
  it("give the same loss and weights with any optimization left out", async () => {
    const check = async (choices: number[]) => {
      const equations = trainingStep(choices);
      const plain = await run(equations, optimizations);
      for (const without of [[], ...optimizations.map((name) => [name])]) {
        const result = await run(equations, without);
        for (const name of Object.keys(plain)) expectClose(result[name]!, plain[name]!, 1e-8, `${name}, ${without}`);
      }
    };
    await fc.assert(fc.asyncProperty(randomChoices, check), { numRuns: 20, seed: 5 });
  });

  it.each(optimizations)("are other programs without %s", (name) => {
    const shape = (equations: Equations, without: readonly Optimization[]) =>
      JSON.stringify(compile(equations, { without }).instructions);
    const differs = fc.sample(randomChoices, { numRuns: 30, seed: 5 }).some((choices) => {
      const equations = trainingStep(choices);
      return shape(equations, [name]) !== shape(equations, []);
    });
    expect(differs).toBe(true);
  });
});

describe("the lists of passes and choices", () => {
  it("name each once", () => {
    expect(new Set(optimizations).size).toBe(passes.length + loweringChoices.length);
  });

  it("are asked for names that exist", () => {
    const x = input("x", [2]);
    const without = ["hoisting"] as unknown as Optimization[];
    expect(() => compile({ name: "x", inputs: { x }, outputs: { y: tanh(x) } }, { without })).toThrow(
      /^compile: without names no optimization "hoisting"; there are .*\bhoist, .*\browMask\./,
    );
  });
});
