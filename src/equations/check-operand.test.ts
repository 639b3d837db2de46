import { describe, expect, it } from "vitest";
import { defineCell } from "../cells/index.js";
import { ConfigError } from "../errors.js";
import { dense, rnn } from "../layers/index.js";
import { defineLoss } from "../losses/index.js";
import { defineMetric } from "../metrics/index.js";
import { sequential } from "../models/index.js";
import { abs, concat, constant, matmul, mean, mul, reshape, sum, transpose } from "./index.js";

// biome-ignore lint/suspicious/noExplicitAny: what TypeScript refuses
type Any = any;
const options = { verbose: 0 } as const;
const fitted = (given: Any, activation?: Any) =>
  sequential([dense(1, { inputShape: [2], activation })], { seed: 1 })
    .compile({ optimizer: "sgd", loss: "mse", ...given })
    .fit([[1, 2]], [1], options);

describe("JavaScript's operators on nodes", () => {
  const [a, b]: Any[] = [constant([1, 2]), constant([3, 4])];
  const arithmetic = (operator: (a: Any, b: Any) => unknown): Any => operator(a, b);
  it.each<[string, () => unknown]>([
    ["NaN", () => abs(a - b)],
    ["NaN", () => mul(2, a * b)],
    [
      "NaN",
      () =>
        mean(
          arithmetic((a, b) => (a - b) ** 2),
          [-1],
        ),
    ],
    ["NaN", () => sum(arithmetic((a, b) => a - b))],
    [
      "NaN",
      () =>
        matmul(
          arithmetic((a, b) => a * b),
          b,
        ),
    ],
    [
      "NaN",
      () =>
        reshape(
          arithmetic((a, b) => a / b),
          [2, 1],
        ),
    ],
    ["NaN", () => transpose(arithmetic((a, b) => a - b))],
    ["NaN", () => concat([a, a - b])],
    ['"[object Object][object Object]"', () => abs(a + b)],
    ["undefined", () => mul(a, undefined as Any)],
  ])("are refused with what does the same: %s (%#)", (shown, compute) => {
    expect(compute).toThrow(ConfigError);
    expect(compute).toThrow(`An operation of tavali/equations was given ${shown}; expected a node`);
    expect(compute).toThrow("write sub(a, b) for a − b");
  });
});

describe("a user function that returns no node is named", () => {
  const wrong: [unknown, string][] = [
    [Number.NaN, "NaN"],
    [undefined, "undefined"],
    [[1], "[1]"],
  ];

  it.each(wrong)("a loss: %s", async (result, shown) => {
    const loss = defineLoss({ name: "mine", options: {}, perSample: () => result as Any })();
    await expect(fitted({ loss })).rejects.toThrow(`The loss mine: perSample returned ${shown}; expected a node.`);
  });

  it.each(wrong)("a metric: %s", async (result, shown) => {
    const metric = defineMetric({ name: "mine", options: {}, better: "lower", perSample: () => result as Any })();
    await expect(fitted({ metrics: [metric] })).rejects.toThrow(`The metric mine: perSample returned ${shown};`);
  });

  it.each(wrong)("an activation: %s", async (result, shown) => {
    await expect(fitted({}, () => result)).rejects.toThrow(`Dense "dense" returned ${shown}; expected a node.`);
  });

  it.each<[string, Any]>([
    ["step returned undefined", () => undefined],
    ["for its output, step returned NaN", ({ x, h }: Any) => ({ output: x * h, h })],
    ['for the state "h", step returned undefined', ({ h }: Any) => ({ output: h })],
  ])("a cell: %s", (message, step) => {
    const cell = defineCell({ name: "mine", parameters: () => ({}), state: ({ units }) => ({ h: [units] }), step });
    expect(() => sequential([rnn(cell, 3, { inputShape: [null, 2] })])).toThrow(`The cell mine: ${message}; expected`);
  });

  it("a weight without an initializer", () => {
    const cell = defineCell({
      name: "mine",
      parameters: ({ units }) => ({ w: { shape: [units] } as Any }),
      state: ({ units }) => ({ h: [units] }),
      step: ({ h }) => ({ output: h, h }),
    });
    expect(() => sequential([rnn(cell, 3, { inputShape: [null, 2] })])).toThrow(
      'The weight "w" of the cell mine: an initializer is a name such as "glorotUniform"',
    );
  });
});
