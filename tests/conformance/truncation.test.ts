/** Truncated back-propagation through time, held against its definition: cut the graph by hand and compare. */
import { describe, expect, it } from "vitest";
import {
  add,
  constant,
  differentiate,
  input,
  matmul,
  mul,
  type Node,
  reshape,
  scan,
  slice,
  square,
  stopGradient,
  sum,
  type Truncation,
  tanh,
  zeros,
} from "../../src/equations/index.js";
import { ConfigError } from "../../src/errors.js";
import { expectClose, randomValues, runEquations } from "./run-equations.js";

const [B, F, U] = [2, 3, 4];
const W = input("W", [F, U]);
const R = input("R", [U, U]);
const values = { W: randomValues(F * U, 1), R: randomValues(U * U, 2) };

/** A loss at every step; weighted, so that every step counts differently. */
function losses(y: Node, T: number): Node {
  return sum(mul(square(y), constant(randomValues(T, 5), [T, 1, 1])));
}

function scanned(x: Node, truncation: Truncation | undefined): Node {
  return scan({
    sequences: { x },
    initial: { h: zeros([B, U]) },
    truncation,
    step: ({ x }, { h }) => {
      const next = tanh(add(matmul(x, W), matmul(h, R)));
      return { state: { h: next }, outputs: { y: next } };
    },
  }).outputs.y;
}

/** The definition: for each stride of losses, unroll with the state cut off `window` steps before the stride's end. */
function byDefinition(x: Node, T: number, { window, stride }: Truncation): Node {
  const at = (t: number) => reshape(slice(x, 0, t, 1), [B, F]);
  const weights = randomValues(T, 5);
  const states: Node[] = [];
  for (let t = 0; t < T; t++) states.push(tanh(add(matmul(at(t), W), matmul(states.at(-1) ?? zeros([B, U]), R))));
  const terms: Node[] = [];
  for (let start = 0; start < T; start += stride) {
    const earliest = Math.max(0, start + stride - window);
    let h: Node = earliest === 0 ? zeros([B, U]) : stopGradient(states[earliest - 1]!);
    for (let t = earliest; t < Math.min(T, start + stride); t++) {
      h = tanh(add(matmul(at(t), W), matmul(h, R)));
      if (t >= start) terms.push(mul(sum(square(h)), weights[t]!));
    }
  }
  return add(...terms);
}

async function gradients(T: number, loss: (x: Node) => Node): Promise<Record<string, number[]>> {
  const x = input("x", [T, B, F]);
  const [dW, dR, dx] = differentiate(loss(x), [W, R, x]) as [Node, Node, Node];
  return runEquations(
    { name: "truncated", inputs: { x, W, R }, outputs: { dW, dR, dx } },
    { ...values, x: randomValues(T * B * F, 3) },
  );
}

describe("truncated back-propagation through time", () => {
  for (const [T, window, stride] of [
    [12, 4, 4],
    [11, 4, 4],
    [10, 5, 2],
    [9, 3, 1],
    [7, 6, 4],
    [13, 7, 3],
  ] as const) {
    it(`equals its definition for ${T} steps, window ${window}, stride ${stride}`, async () => {
      const actual = await gradients(T, (x) => losses(scanned(x, { window, stride }), T));
      const expected = await gradients(T, (x) => byDefinition(x, T, { window, stride }));
      for (const name of ["dW", "dR", "dx"]) expectClose(actual[name]!, expected[name]!, 1e-12, name);
    });
  }

  it("at 20 steps equals the full gradient up to 20 steps, and differs after", async () => {
    const cut = { window: 20, stride: 20 };
    for (const T of [1, 7, 20]) {
      const full = await gradients(T, (x) => losses(scanned(x, undefined), T));
      expect(await gradients(T, (x) => losses(scanned(x, cut), T))).toEqual(full);
    }
    const full = await gradients(21, (x) => losses(scanned(x, undefined), 21));
    const truncated = await gradients(21, (x) => losses(scanned(x, cut), 21));
    expect(truncated.dR).not.toEqual(full.dR);
  });

  it("refuses a window shorter than the stride", () => {
    expect(() => scanned(input("x", [3, B, F]), { window: 2, stride: 3 })).toThrow(ConfigError);
  });
});
