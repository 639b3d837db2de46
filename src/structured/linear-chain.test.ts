import { describe, expect, it } from "vitest";
import {
  checkGradient,
  expectClose,
  randomValues,
  runEquations,
  type Values,
} from "../../tests/conformance/run-equations.js";
import { wasmEngine } from "../engines/wasm/wasm-engine.js";
import { constant, differentiate, input, type Node, sum } from "../equations/index.js";
import { bestPath, chainLoss, chainScores, logSumExp } from "./index.js";

const [T, B, N] = [4, 3, 3];

/** Weights, and the emissions and tags of a batch, as inputs of a program. */
const inputs = {
  emissions: input("emissions", [T, B, N]),
  transitions: input("transitions", [N, N]),
  start: input("start", [N]),
  end: input("end", [N]),
};
const tags = input("tags", [T, B], "int");
const values: Values = {
  emissions: randomValues(T * B * N, 1, -2, 2),
  transitions: randomValues(N * N, 2, -2, 2),
  start: randomValues(N, 3, -2, 2),
  end: randomValues(N, 4, -2, 2),
  tags: [2, 0, 1, 1, 1, 0, 0, 2, 2, 1, 0, 0],
};
const masks: Record<string, number[] | undefined> = {
  "no padding": undefined,
  "padding after": [1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 0],
  "padding before": [0, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1],
  "padding between": [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0],
  "nothing valid": [1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1],
};

interface Sequence {
  /** Worth of a path of tags, one per valid step. */
  score(path: readonly number[]): number;
  readonly paths: readonly (readonly number[])[];
  readonly given: readonly number[];
  readonly steps: readonly number[];
}

/** Every way through one sequence of the batch. */
function enumerate(b: number, mask: number[] | undefined): Sequence {
  const steps = [...Array(T).keys()].filter((t) => !mask || mask[t * B + b] === 1);
  const { emissions, transitions, start, end } = values as Record<string, number[]>;
  const paths = steps.reduce<number[][]>(
    (known) => known.flatMap((path) => [...Array(N).keys()].map((tag) => [...path, tag])),
    [[]],
  );
  const score = (path: readonly number[]) =>
    path.length === 0
      ? 0
      : start![path[0]!]! +
        end![path.at(-1)!]! +
        path.reduce((total, tag, k) => total + emissions![(steps[k]! * B + b) * N + tag]!, 0) +
        path.slice(1).reduce((total, tag, k) => total + transitions![path[k]! * N + tag]!, 0);
  return { score, paths, steps, given: steps.map((t) => values.tags![t * B + b]!) };
}

function trace(mask: number[] | undefined): { scores: Node; valid: Node | undefined } {
  const valid = mask && constant(mask, [T, B]);
  return { scores: chainScores(inputs.emissions, inputs, valid), valid };
}

describe.each(Object.entries(masks))("a linear chain with %s", (_, mask) => {
  const { scores, valid } = trace(mask);
  const sequences = [...Array(B).keys()].map((b) => enumerate(b, mask));
  const loss = chainLoss(scores, tags, valid);

  it("costs what enumerating every path gives", async () => {
    const { cost } = await runEquations(
      { name: "chain", inputs: { ...inputs, tags }, outputs: { cost: loss } },
      values,
    );
    const expected = sequences.map(({ score, paths, given }) => {
      const all = paths.reduce((total, path) => total + Math.exp(score(path)), 0);
      return Math.log(all) - score(given);
    });
    expectClose(cost!, expected, 1e-12);
  });

  it("finds the best path of an enumeration", async () => {
    const outputs = { path: bestPath(scores) };
    for (const engine of [undefined, wasmEngine]) {
      const { path } = await runEquations({ name: "chain", inputs, outputs }, values, { engine });
      sequences.forEach(({ score, paths, steps }, b) => {
        const best = paths.reduce((a, c) => (score(c) > score(a) ? c : a));
        expect(steps.map((t) => path![t * B + b])).toEqual(best);
      });
    }
  });

  it("has the probability of each tag for the derivative by its emission", async () => {
    const marginals = differentiate(sum(chainLoss(scores, tags, valid)), [inputs.emissions])[0]!;
    const equations = { name: "chain", inputs: { ...inputs, tags }, outputs: { marginals } };
    const { marginals: d } = await runEquations(equations, values);
    sequences.forEach(({ score, paths, steps, given }, b) => {
      const all = paths.reduce((total, path) => total + Math.exp(score(path)), 0);
      for (let t = 0; t < T; t++) {
        const k = steps.indexOf(t);
        const expected = [...Array(N).keys()].map((tag) => {
          if (k < 0) return 0;
          const through = paths.filter((path) => path[k] === tag);
          const probability = through.reduce((total, path) => total + Math.exp(score(path)) / all, 0);
          return probability - Number(given[k] === tag);
        });
        expectClose(d!.slice((t * B + b) * N, (t * B + b + 1) * N), expected, 1e-12, `step ${t} of sequence ${b}`);
      }
    });
  });

  it("has the gradient that finite differences measure, and the same numbers in float32", async () => {
    const all = { ...inputs, tags };
    const wholeLoss = sum(loss);
    await checkGradient(all, wholeLoss, values);
    const names = Object.keys(inputs) as (keyof typeof inputs)[];
    const gradients = differentiate(
      wholeLoss,
      names.map((name) => inputs[name]),
    );
    const outputs = { loss, ...Object.fromEntries(names.map((name, i) => [`d ${name}`, gradients[i]!])) };
    const expected = await runEquations({ name: "chain", inputs: all, outputs }, values);
    const actual = await runEquations({ name: "chain", inputs: all, outputs }, values, { engine: wasmEngine });
    for (const port of Object.keys(outputs)) expectClose(actual[port]!, expected[port]!, 1e-5, port);
  });
});

describe("logSumExp", () => {
  it("neither overflows nor underflows", async () => {
    const x = input("x", [3, 2]);
    const outputs = { y: logSumExp(x, 1), d: differentiate(sum(logSumExp(x, 1)), [x])[0]! };
    const given = { x: [1000, 1000, -1e30, -1e30, -1000, -1001] };
    for (const engine of [undefined, wasmEngine]) {
      const { y, d } = await runEquations({ name: "sum", inputs: { x }, outputs }, given, { engine });
      expectClose(y!, [1000 + Math.LN2, -1e30, -1000 + Math.log1p(Math.exp(-1))], 1e-6);
      const share = 1 / (1 + Math.exp(-1));
      expectClose(d!, [0.5, 0.5, 0.5, 0.5, share, 1 - share], 1e-6);
    }
  });
});
