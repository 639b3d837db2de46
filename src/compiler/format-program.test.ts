import { describe, expect, it } from "vitest";
import {
  add,
  argmax,
  differentiate,
  firstPositions,
  gather,
  input,
  logSumExp,
  matmul,
  mean,
  mul,
  type Node,
  named,
  notEqual,
  pick,
  random,
  reshape,
  scan,
  sigmoid,
  slice,
  softmax,
  square,
  sub,
  sum,
  tanh,
  transpose,
  variable,
  where,
  zeros,
} from "../equations/index.js";
import { compile } from "./compile.js";
import { formatProgram } from "./format-program.js";

const [T, B, F, U] = [5, 3, 2, 4];

/** One step of gradient descent on the last state of a simple RNN. */
function trainingStep() {
  const x = input("x", [T, B, F]);
  const target = input("y", [B, U]);
  const weights = [variable("W", [F, U]), variable("R", [U, U]), variable("b", [U])] as const;
  const { state } = scan({
    sequences: { x },
    initial: { h: zeros([B, U]) },
    step: ({ x }, { h }) => {
      const next = named("h", tanh(add(matmul(x, weights[0]), matmul(h, weights[1]), weights[2])));
      return { state: { h: next }, outputs: {} };
    },
  });
  const loss = mean(square(sub(state.h, target)));
  const gradients = differentiate(loss, weights);
  const updates = weights.map((weight, i): [Node, Node] => [weight, sub(weight, mul(0.5, gradients[i]!))]);
  return { name: "simple_rnn", inputs: { x, y: target }, outputs: { loss }, updates };
}

describe("formatProgram", () => {
  it("prints the training step of a simple RNN: what runs in the loop and what was moved out of it", () => {
    expect(formatProgram(compile(trainingStep()))).toBe(
      [
        "program simple_rnn  arena 1.1 kB",
        "  inputs     x [5, 3, 2], y [3, 4]",
        "  variables  W [2, 4], R [4, 4], b [4]",
        "  outputs    loss []",
        "  t1      ← x · W                   one product, 15×2×4",
        "  h[−1]   ← 0",
        "  for t in 0..4",
        "    t2    ← h[t−1] · R              product, 3×4×4",
        "    h[t]  ← tanh(t1[t] + t2 + b)    fused kernel of 3, 3×4",
        "  t3      ← (h[4] − y)²             fused kernel of 4, 3×4",
        "  t4      ← 0.16667 × (h[4] − y)    same kernel",
        "  t5      ← Σ t3                    sum of 12",
        "  loss    ← 0.083333 × t5           kernel, one number",
        "  dh[5]   ← t4                      copy, 3×4",
        "  for t in 4..0",
        "    t6[t] ← dh[t+1] ⊙ (1 − h[t]²)   fused kernel of 4, 3×4",
        "    dh[t] ← t6[t] · Rᵀ              product, 3×4×4",
        "  t7      ← xᵀ · t6                 one product, 2×15×4",
        "  W       ← W − 0.5 × t7            fused kernel of 2, 2×4",
        "  t8      ← h[−1..3]ᵀ · t6          one product, 4×15×4",
        "  R       ← R − 0.5 × t8            fused kernel of 2, 4×4",
        "  t9      ← Σ t6                    4 times sum of 15",
        "  b       ← b − 0.5 × t9            fused kernel of 2, 4",
      ].join("\n"),
    );
  });

  it("shows what the passes did", () => {
    const plain = formatProgram(compile(trainingStep(), { without: ["hoist", "sink", "fusion"] }));
    expect(plain).toMatch(/for t in 0\.\.4\n +t\d+ +← x\[t\] · W +product, 3×2×4\n/);
    expect(plain).not.toContain("fused");
  });

  it("writes parts of rows as columns", () => {
    const z = input("z", [B, 2 * U]);
    const c = input("c", [B, U]);
    const gate = sigmoid(slice(z, 1, 0, U));
    const candidate = tanh(slice(z, 1, U, U));
    const next = add(mul(gate, c), mul(sub(1, gate), candidate));
    const program = compile({ name: "gate", inputs: { z, c }, outputs: { next, size: mul(next, next) } });
    expect(formatProgram(program, { ports: false })).toBe(
      [
        "program gate  arena 320 B",
        "  next ← σ(z[:, 0:4]) ⊙ c + (1 − σ(z[:, 0:4])) ⊙ tanh(z[:, 4:8])   fused kernel of 7, 3×4",
        "  size ← next²                                                     same kernel",
      ].join("\n"),
    );
  });

  it("writes what kernels take from tables, and where they do nothing", () => {
    const [w, totals, ids] = [variable("w", [6, U]), input("totals", [4, U]), input("ids", [3], "int")];
    const places = firstPositions(ids, 6);
    const touched = reshape(notEqual(places, 3), [6, 1]);
    const next = where(touched, sub(w, gather(mul(totals, 2), places)), w);
    const program = compile({
      name: "rows",
      inputs: { totals, ids },
      outputs: {},
      updates: [[w, next]],
    });
    expect(formatProgram(program, { ports: false })).toBe(
      [
        "program rows  arena 256 B",
        "  t1 ← firstPositions(ids)   6",
        "  t2 ← [t1 ≠ 3]              kernel, 6",
        "  t3 ← 2 × totals            kernel, 4×4",
        "  w  ← w − gather(t3, t1)    kernel, 6×4, where t2 ≠ 0",
      ].join("\n"),
    );
  });

  it("writes every other kind of instruction", () => {
    const ids = input("ids", [B], "int");
    const seed = input("seed", [], "int");
    const table = variable("table", [7, U]);
    const rows = gather(table, ids);
    const loss = mean(rows);
    const [gradient] = differentiate(loss, [table]);
    const outputs = {
      chances: softmax(rows),
      best: argmax(rows),
      noise: random([B], seed, 2),
      gradient: gradient!,
      turned: transpose(rows),
    };
    const text = formatProgram(compile({ name: "kinds", inputs: { ids, seed }, outputs }));
    expect(text).toContain("  inputs     ids [3] int, seed [] int\n");
    for (const line of [
      /t\d +← gather\(table, ids\) +3 rows of 4/,
      /chances +← softmax\(t\d\) +3×4/,
      /best +← argmax t\d +3 times argmax of 4/,
      /noise +← random\(seed, stream 2\) +3/,
      /gradient ← 0\n/,
      /gradient ← gradient \+ t\d at ids +3 rows of 4/,
      /turned +← t\dᵀ +copy, 4×3/,
    ]) {
      expect(text).toMatch(line);
    }
  });

  it("writes a softmax with its bias, its weights and the logarithm of its sum", () => {
    const [x, w, y] = [input("x", [B, F]), input("w", [B]), input("y", [B], "int")];
    const logits = add(matmul(x, variable("W", [F, U])), variable("b", [U]));
    const cost = sub(pick(logits, y), logSumExp(logits));
    const [dx] = differentiate(sum(mul(cost, w)), [x]);
    const text = formatProgram(compile({ name: "loss", inputs: { x, w, y }, outputs: { cost, dx: dx! } }));
    expect(text).toMatch(/(t\d+) +← softmax\(\1 \+ b\) ⊙ t\d+ +3×4\n +t\d+ +← ln Σ exp\(t\d+ \+ b\) +same kernel/);
  });
});
