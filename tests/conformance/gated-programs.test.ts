/** What a training step of a gated layer compiles to: how much is left inside its loops. */
import { describe, expect, it } from "vitest";
import { compile } from "../../src/compiler/compile.js";
import type { LoopInstruction, MatmulInstruction, Program } from "../../src/compiler/program.js";
import { differentiate, input, mul, type Node, sub, sum, variable } from "../../src/equations/index.js";
import { gru, type Layer, lstm } from "../../src/layers/index.js";

const [T, B, F, U] = [6, 3, 2, 5];

/** One step of gradient descent on the squares of the layer's output. */
function trainingStep(layer: Layer, { masked = false, training = false } = {}): Program {
  const inputs = {
    x: input("x", [T, B, F]),
    ...(masked && { mask: input("mask", [T, B]) }),
    ...(training && { seed: input("seed", [], "int") }),
  };
  const weights = new Map(layer.parameters([B, T, F]).map(({ name, shape }) => [name, variable(name, shape)]));
  let stream = 0;
  const [output] = layer.call([{ node: inputs.x, timeMajor: true, mask: inputs.mask }], {
    training,
    parameter: (name) => weights.get(name)!,
    seed: inputs.seed ?? input("seed", [], "int"),
    nextStream: () => stream++,
  });
  const loss = sum(mul(output.node, output.node));
  const variables = [...weights.values()];
  const gradients = differentiate(loss, variables);
  const updates = variables.map((weight, i): [Node, Node] => [weight, sub(weight, mul(gradients[i]!, 0.1))]);
  return compile({ name: layer.type, inputs, outputs: { loss }, updates });
}

const loopsOf = (program: Program) => program.instructions.filter((i): i is LoopInstruction => i.kind === "loop");
const bodies = (program: Program) => loopsOf(program).map(({ body }) => body.map(({ kind }) => kind));
const sizes = ({ m, k, n }: MatmulInstruction) => [m, k, n];
const products = (instructions: readonly { kind: string }[]) =>
  instructions.filter((i): i is MatmulInstruction => i.kind === "matmul").map(sizes);

describe("a training step of an LSTM", () => {
  it("has one product per step forward, and one kernel for the sum of its terms, the gates and the states", () => {
    const [forward] = loopsOf(trainingStep(lstm(U)));
    expect(forward!.body.map(({ kind }) => kind)).toEqual(["matmul", "map"]);
    expect(products(forward!.body)).toEqual([[B, U, 4 * U]]);
    expect(forward!.body.map((i) => (i.kind === "map" ? i.shape : []))).toEqual([[], [B, U]]);
  });

  it("has one kernel and one product per step backward; the gates' δ are written in place", () => {
    const [, backward] = loopsOf(trainingStep(lstm(U, { returnSequences: true })));
    expect(backward!.body.map(({ kind }) => kind)).toEqual(["map", "matmul"]);
    expect(products(backward!.body)).toEqual([[B, 4 * U, U]]);
  });

  it("has its input's product and every weight gradient outside the loops", () => {
    expect(products(trainingStep(lstm(U)).instructions)).toEqual([
      [T * B, F, 4 * U], // x·W
      [F, T * B, 4 * U], // dW = xᵀ·δ
      [U, T * B, 4 * U], // dR = hᵀ·δ
    ]);
  });

  it("has one more kernel per step over a mask, for the share of δ that passes by", () => {
    const [forward, backward] = bodies(trainingStep(lstm(U), { masked: true }));
    expect(forward).toEqual(["matmul", "map"]);
    expect(backward).toEqual(["map", "matmul", "map"]);
  });

  it("keeps to one product while only its input is dropped", () => {
    const program = trainingStep(lstm(U, { dropout: 0.3 }), { training: true });
    expect(loopsOf(program).map(({ body }) => products(body))).toEqual([[[B, U, 4 * U]], [[B, 4 * U, U]]]);
    const noises = program.instructions.filter(({ kind }) => kind === "random");
    expect(noises).toHaveLength(1);
  });
});

describe("a training step of a GRU", () => {
  it("has one product and one kernel per step forward", () => {
    const [forward] = loopsOf(trainingStep(gru(U)));
    expect(forward!.body.map(({ kind }) => kind)).toEqual(["matmul", "map"]);
    expect(products(forward!.body)).toEqual([[B, U, 3 * U]]);
  });

  it("has one product per step backward", () => {
    const [, backward] = loopsOf(trainingStep(gru(U)));
    expect(products(backward!.body)).toEqual([[B, 3 * U, U]]);
  });

  it("has its input's product and every weight gradient outside the loops", () => {
    expect(products(trainingStep(gru(U)).instructions)).toEqual([
      [T * B, F, 3 * U], // x·W
      [F, T * B, 3 * U], // dW = xᵀ·δ
      [U, T * B, 3 * U], // dR = hᵀ·δ
    ]);
  });

  it("with the reset gate before the product has a second one per step, for the candidate", () => {
    const [forward, backward] = loopsOf(trainingStep(gru(U, { resetAfter: false })));
    const [gates, candidate] = [2 * U, U];
    expect(products(forward!.body)).toEqual([
      [B, U, gates],
      [B, U, candidate],
    ]);
    expect(products(backward!.body)).toEqual([
      [B, candidate, U],
      [B, gates, U],
    ]);
  });
});
