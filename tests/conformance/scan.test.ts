import { describe, it } from "vitest";
import {
  add,
  input,
  matmul,
  mul,
  type Node,
  reshape,
  scan,
  sigmoid,
  slice,
  sub,
  sum,
  tanh,
  where,
  zeros,
} from "../../src/equations/index.js";
import { checkGradient, randomValues, weightedSum } from "./run-equations.js";

const [T, B, F, U] = [5, 3, 2, 4];

function leaves(shapes: Record<string, number[]>): { nodes: Record<string, Node>; values: Record<string, number[]> } {
  const nodes = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, input(name, shape)]));
  const values = Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => [
      name,
      randomValues(
        shape.reduce((a, b) => a * b, 1),
        i + 1,
      ),
    ]),
  );
  return { nodes, values };
}

describe("the derivative of a scan", () => {
  for (const reverse of [false, true]) {
    it(`is back-propagation through time, ${reverse ? "backwards" : "forwards"}`, async () => {
      const { nodes, values } = leaves({ x: [T, B, F], W: [F, U], R: [U, U], b: [U], h0: [B, U] });
      const { outputs, state } = scan({
        sequences: { x: nodes.x! },
        initial: { h: nodes.h0! },
        reverse,
        step: ({ x }, { h }) => {
          const next = tanh(add(matmul(x, nodes.W!), matmul(h, nodes.R!), nodes.b!));
          return { state: { h: next }, outputs: { y: next } };
        },
      });
      await checkGradient(nodes, add(weightedSum(outputs.y), weightedSum(state.h, 3)), values);
    });
  }

  it("reaches the weights when only the last state is used", async () => {
    const { nodes, values } = leaves({ x: [T, B, F], W: [F, U], R: [U, U], b: [U] });
    const { state } = scan({
      sequences: { x: nodes.x! },
      initial: { h: zeros([B, U]) },
      step: ({ x }, { h }) => ({
        state: { h: tanh(add(matmul(x, nodes.W!), matmul(h, nodes.R!), nodes.b!)) },
        outputs: {},
      }),
    });
    await checkGradient(nodes, weightedSum(state.h), values);
  });

  it("handles fused gates, two states and a mask", async () => {
    const { nodes, values } = leaves({
      x: [T, B, F],
      W: [F, 4 * U],
      R: [U, 4 * U],
      b: [4 * U],
      h0: [B, U],
      c0: [B, U],
    });
    const m = input("m", [T, B], "int");
    const mask = [1, 1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 1, 0];
    const { outputs, state } = scan({
      sequences: { x: nodes.x!, m },
      initial: { h: nodes.h0!, c: nodes.c0! },
      step: ({ x, m }, { h, c }) => {
        const z = add(matmul(x, nodes.W!), matmul(h, nodes.R!), nodes.b!);
        const gate = (i: number) => slice(z, 1, i * U, U);
        const keep = reshape(m, [B, 1]);
        const cNext = where(keep, add(mul(sigmoid(gate(1)), c), mul(sigmoid(gate(0)), tanh(gate(2)))), c);
        const hNext = where(keep, mul(sigmoid(gate(3)), tanh(cNext)), h);
        return { state: { h: hNext, c: cNext }, outputs: { y: hNext } };
      },
    });
    await checkGradient({ ...nodes, m }, add(weightedSum(outputs.y), weightedSum(state.c, 3)), { ...values, m: mask });
  });

  it("runs over several stacked scans", async () => {
    const { nodes, values } = leaves({ x: [T, B, F], W: [F, U], R: [U, U], V: [U, F], S: [F, F] });
    const layer = (x: Node, W: Node, R: Node, units: number, reverse: boolean) =>
      scan({
        sequences: { x },
        initial: { h: zeros([B, units]) },
        reverse,
        step: ({ x }, { h }) => {
          const next = tanh(add(matmul(x, W), matmul(h, R)));
          return { state: { h: next }, outputs: { y: next } };
        },
      }).outputs.y;
    const y = layer(layer(nodes.x!, nodes.W!, nodes.R!, U, false), nodes.V!, nodes.S!, F, true);
    await checkGradient(nodes, sum(mul(y, sub(y, 0.3))), values);
  });
});
