/** Programs that the compiler writes: what the passes promise of them. That passes change no result is in passes.test.ts. */
import { describe, expect, it } from "vitest";
import { type CompileOptions, compile, optimizations } from "../../src/compiler/compile.js";
import type { Instruction, LoopInstruction, Program } from "../../src/compiler/program.js";
import { referenceEngine } from "../../src/engines/reference/reference-engine.js";
import {
  add,
  broadcastTo,
  concat,
  differentiate,
  gather,
  input,
  logSumExp,
  matmul,
  mul,
  type Node,
  negate,
  pick,
  scan,
  scatterAdd,
  sigmoid,
  slice,
  softmax,
  sub,
  sum,
  tanh,
  transpose,
  variable,
  zeros,
} from "../../src/equations/index.js";
import { expectClose, randomValues, runEquations } from "./run-equations.js";

const [T, B, F, U] = [6, 3, 4, 5];

function trainingStep(without: CompileOptions["without"] = [], batch = B): Program {
  const ids = input("ids", [T, batch], "int");
  // As many rows as ids: fewer would be multiplied by W instead of those that are taken.
  const weights = [
    variable("E", [T * batch, F]),
    variable("W", [F, U]),
    variable("R", [U, U]),
    variable("b", [U]),
  ] as const;
  const [E, W, R, b] = weights;
  const { state } = scan({
    sequences: { x: gather(E, ids) },
    initial: { h: zeros([batch, U]) },
    step: ({ x }, { h }) => ({ state: { h: tanh(add(matmul(x, W), matmul(h, R), b)) }, outputs: {} }),
  });
  const loss = sum(mul(state.h, state.h));
  const gradients = differentiate(loss, weights);
  const updates = weights.map((w, i): [Node, Node] => [w, sub(w, mul(gradients[i]!, 0.1))]);
  return compile({ name: "step", inputs: { ids }, outputs: { loss }, updates }, { without });
}

const loopsOf = (program: Program) => program.instructions.filter((i): i is LoopInstruction => i.kind === "loop");
const kinds = (instructions: readonly Instruction[]) => instructions.map(({ kind }) => kind);

describe("the passes", () => {
  it("leave one product and one fused kernel per step in either loop of a simple RNN", () => {
    const [forward, backward] = loopsOf(trainingStep());
    expect(kinds(forward!.body)).toEqual(["matmul", "map"]);
    expect(kinds(backward!.body)).toEqual(["map", "matmul"]);
  });

  it("hoist x·W and sink the weights' gradients to products over all T·B rows", () => {
    const products = trainingStep().instructions.filter((i) => i.kind === "matmul");
    expect(products.map(({ m, k, n }) => [m, k, n])).toEqual([
      [T * B, F, U], // x·W
      [T * B, U, F], // dx = δ·Wᵀ
      [F, T * B, U], // dW = xᵀ·δ
      [U, T * B, U], // dR = hᵀ·δ
    ]);
  });

  it("leave the weights' gradients in the loop where a step has many rows, added up by the products themselves", async () => {
    const rows = 50;
    const [, backward] = loopsOf(trainingStep([], rows));
    expect(kinds(backward!.body)).toEqual(["map", "matmul", "matmul", "matmul"]);
    expect(backward!.body.map((i) => i.kind === "matmul" && i.accumulate).filter(Boolean)).toHaveLength(2);
    const run = async (program: Program) => {
      const device = referenceEngine.createDevice();
      for (const port of program.variables) {
        device.createVariable(port);
        device.writeVariable(
          port.name,
          randomValues(
            port.shape.reduce((x, y) => x * y, 1),
            port.name.charCodeAt(0),
          ),
        );
      }
      (await device.load(program)).run({ ids: Array.from({ length: T * rows }, (_, i) => (i * 5) % 7) });
      return ["E", "W", "R", "b"].map((name) => [...device.readVariable(name)]);
    };
    const [fast, plain] = [await run(trainingStep([], rows)), await run(trainingStep(optimizations, rows))];
    fast.forEach((values, i) => {
      expectClose(values, plain[i]!, 1e-10);
    });
  });

  it("do their work in the loop when turned off", () => {
    const [forward, backward] = loopsOf(trainingStep(optimizations));
    expect(kinds(forward!.body).filter((kind) => kind === "matmul")).toHaveLength(2);
    expect(kinds(backward!.body).filter((kind) => kind === "matmul")).toHaveLength(4);
  });

  it("update weights in place: no copy touches a variable", () => {
    const program = trainingStep();
    const copied = program.instructions.filter(
      (i) => i.kind === "copy" && program.buffers[i.output.buffer]!.role === "variable",
    );
    expect(copied).toEqual([]);
  });

  it("share memory: the arena is smaller than its buffers together", () => {
    const program = trainingStep();
    const total = program.buffers
      .filter(({ role }) => role === "scratch")
      .reduce((size, buffer) => size + buffer.size, 0);
    expect(program.arenaSize).toBeLessThan(total);
  });

  it("give a program that survives being written as JSON", () => {
    const program = trainingStep();
    expect(JSON.parse(JSON.stringify(program))).toEqual(JSON.parse(JSON.stringify({ ...program })));
    expect(JSON.parse(JSON.stringify(program)).instructions).toHaveLength(program.instructions.length);
  });
});

const constantIds = input("ids", [2], "int");

describe("programs", () => {
  it("cut a sum into slices where one of its terms is the same for all of them", async () => {
    const [x, W] = [input("x", [T, B, 2 * U]), input("W", [2 * U, 1])];
    const { outputs } = scan({
      sequences: { x },
      initial: { h: zeros([B, U]) },
      step: ({ x }, { h }) => {
        const z = add(x, mul(matmul(x, W), 2));
        const next = add(mul(sigmoid(slice(z, 1, 0, U)), h), tanh(slice(z, 1, U, U)));
        return { state: { h: next }, outputs: { next } };
      },
    });
    const equations = { name: "gates", inputs: { x, W }, outputs: { y: outputs.next } };
    const values = { x: randomValues(T * B * 2 * U, 1), W: randomValues(2 * U, 2) };
    const [fast, plain] = [
      await runEquations(equations, values),
      await runEquations(equations, values, { without: optimizations }),
    ];
    expectClose(fast.y!, plain.y!, 1e-12);
    expect(loopsOf(compile(equations)).map(({ body }) => kinds(body).includes("matmul"))).toEqual([false]);
  });

  it("update part of a variable in place", async () => {
    const w = variable("w", [4, 2]);
    const rows = slice(w, 0, 1, 2);
    const gradient = input("g", [2, 2]);
    const program = compile({
      name: "rows",
      inputs: { g: gradient },
      outputs: {},
      updates: [[rows, sub(rows, mul(gradient, 0.5))]],
    });
    expect(program.instructions.map(({ kind }) => kind)).toEqual(["map"]);
    const device = referenceEngine.createDevice();
    device.createVariable({ name: "w", shape: [4, 2], dtype: "float" });
    device.writeVariable("w", [1, 2, 3, 4, 5, 6, 7, 8]);
    (await device.load(program)).run({ g: [2, 2, 4, 4] });
    expect([...device.readVariable("w")]).toEqual([1, 2, 2, 3, 3, 4, 7, 8]);
  });

  it.each(["concat", "scatterAdd"])("compute a new value by %s from old values only", async (how) => {
    const w = variable("w", [4, 1]);
    const swapped = concat([mul(slice(w, 0, 2, 2), 2), mul(slice(w, 0, 0, 2), 3)], 0);
    const total = broadcastTo(sum(w, [0], { keepDims: true }), [4, 1]);
    const value = how === "concat" ? swapped : scatterAdd(constantIds, slice(w, 0, 1, 2), [4, 1], 0, total);
    const device = referenceEngine.createDevice();
    device.createVariable({ name: "w", shape: [4, 1], dtype: "float" });
    device.writeVariable("w", [1, 2, 3, 4]);
    const program = compile({ name: "update", inputs: { ids: constantIds }, outputs: {}, updates: [[w, value]] });
    (await device.load(program)).run({ ids: [0, 3] });
    expect([...device.readVariable("w")]).toEqual(how === "concat" ? [6, 8, 3, 6] : [12, 10, 10, 13]);
  });

  it("refuse a recurrence inside the step of another", () => {
    const x = input("x", [T, B, U]);
    const inner = (v: Node) =>
      scan({
        sequences: { v },
        initial: { s: zeros([U]) },
        step: (o, s) => ({ state: { s: add(o.v, s.s) }, outputs: {} }),
      }).state.s;
    const nested = () =>
      scan({
        sequences: { x },
        initial: { h: zeros([U]) },
        step: ({ x }, { h }) => ({ state: { h: add(h, inner(x)) }, outputs: {} }),
      });
    expect(nested).toThrow(/scan inside the step of another/);
  });

  it("may stack states, inputs, constants and views, and sum over the steps", async () => {
    const x = input("x", [T, B, U]);
    const c = input("c", [U]);
    const { outputs, state } = scan({
      sequences: { x },
      initial: { h: zeros([B, U]), same: zeros([U]) },
      step: ({ x }, { h, same }) => {
        const next = tanh(add(h, x));
        return {
          state: { h: next, same },
          outputs: { h, x, c, next, part: slice(next, 1, 1, 2), turned: transpose(next) },
        };
      },
    });
    const all = { ...outputs, h2: state.h, same: state.same };
    const values = { x: randomValues(T * B * U, 1), c: randomValues(U, 2) };
    const fast = await runEquations({ name: "stacks", inputs: { x, c }, outputs: all }, values);
    const plain = await runEquations({ name: "stacks", inputs: { x, c }, outputs: all }, values, {
      without: optimizations,
    });
    expect(fast).toEqual(plain);
    expectClose(fast.c!, Array.from({ length: T }, () => values.c).flat(), 0);
    expectClose(fast.h!.slice(B * U), fast.next!.slice(0, -B * U), 0);
    expectClose(fast.h2!, fast.next!.slice(-B * U), 0);
  });
});

describe("a cross-entropy and its gradient", () => {
  const [B, C] = [6, 5];
  const features = input("features", [2, 3, F]);
  const y = input("y", [2, 3], "int");
  const rowWeights = input("rowWeights", [2, 3]);
  const [W, bias, dW, dBias, total] = [
    variable("W", [F, C]),
    variable("bias", [C]),
    variable("dW", [F, C]),
    variable("dBias", [C]),
    variable("total", []),
  ];
  const logits = add(matmul(features, W), bias);
  const costs = negate(sub(pick(logits, y), logSumExp(logits)));
  const inputs = { features, y, rowWeights };
  const values = { features: randomValues(B * F, 3, -9, 9), y: [0, 4, 2, 1, 3, 0], rowWeights: randomValues(B, 4) };
  const variables = {
    W: randomValues(F * C, 5),
    bias: randomValues(C, 6),
    dW: randomValues(F * C, 7),
    dBias: randomValues(C, 8),
    total: [0],
  };

  /** What a shard of a batch computes; the loss is asked for first or last. */
  const shard = (cost: Node, first: boolean, outputs: Record<string, Node> = {}) => {
    const [gradientOfW, gradientOfBias] = differentiate(cost, [W, bias]) as [Node, Node];
    const gradients: [Node, Node][] = [
      [dW, gradientOfW],
      [dBias, gradientOfBias],
    ];
    const updates: [Node, Node][] = first ? [[total, cost], ...gradients] : [...gradients, [total, cost]];
    return { name: "shard", inputs, outputs, updates };
  };
  const softmaxesOf = (equations: Parameters<typeof compile>[0]) =>
    compile(equations).instructions.filter((i) => i.kind === "softmax");

  async function expectSame(equations: Parameters<typeof compile>[0]): Promise<void> {
    const apart = await runEquations(equations, values, { variables, without: optimizations });
    const together = await runEquations(equations, values, { variables });
    for (const [name, numbers] of Object.entries(apart)) expectClose(together[name]!, numbers, 1e-12, name);
  }

  it.each([true, false])("share their exponentials, bias, weights and memory (the loss first: %s)", async (first) => {
    const equations = shard(sum(mul(costs, rowWeights)), first);
    const [softmax, ...others] = softmaxesOf(equations);
    expect(others).toEqual([]);
    expect(softmax).toMatchObject({ form: "softmax", logSum: {}, bias: {}, scale: {} });
    // The picks come before the softmax only if the loss does.
    expect(softmax!.output.buffer === softmax!.input.buffer).toBe(first);
    expect(compile(equations).instructions.filter(({ kind }) => kind === "map").length).toBeLessThanOrEqual(3);
    await expectSame(equations);
  });

  it("share them where weights depend on the loss, too", async () => {
    const equations = shard(sum(mul(costs, tanh(costs))), false);
    const softmaxes = softmaxesOf(equations);
    expect(softmaxes).toMatchObject([{ form: "softmax", logSum: {}, bias: {} }]);
    expect(softmaxes[0]!.scale).toBeUndefined();
    await expectSame(equations);
  });

  it("share them with the prediction, which is the same softmax", async () => {
    const equations = shard(sum(costs), true, { prediction: softmax(logits) });
    expect(softmaxesOf(equations)).toMatchObject([{ form: "softmax", logSum: {}, bias: {} }]);
    await expectSame(equations);
  });

  it("keep logits that somebody wants, and their bias out of the softmax", async () => {
    const equations = shard(sum(mul(costs, rowWeights)), true, { logits });
    const [softmax, ...others] = softmaxesOf(equations);
    expect(others).toEqual([]);
    expect(softmax!.bias).toBeUndefined();
    expect(softmax!.output.buffer).not.toBe(softmax!.input.buffer);
    await expectSame(equations);
  });

  it("do not overwrite what a row's weight is read from", async () => {
    const z = matmul(features, W);
    const equations = { name: "weighed", inputs, outputs: { weighed: mul(softmax(z), slice(z, -1, 0, 1)) } };
    const [folded] = softmaxesOf(equations);
    expect(folded!.scale!.buffer).toBe(folded!.input.buffer);
    expect(folded!.output.buffer).not.toBe(folded!.input.buffer);
    await expectSame(equations);
  });
});
