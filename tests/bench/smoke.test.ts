/** The benchmark works from end to end: a smoke run of it, in which nothing but Tavali takes part, ends with every number it promises. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { stepFlop } from "../../bench/step-flop.js";
import { workloads } from "../../bench/workloads.js";

const root = path.resolve(import.meta.dirname, "../..");

interface Measured {
  readonly workloads: {
    readonly outcomes: readonly {
      readonly workload: string;
      readonly absent: Readonly<Record<string, string>>;
      readonly results: readonly {
        readonly name: string;
        readonly times: readonly number[];
        difference: number | null;
      }[];
    }[];
  };
}

test("a smoke run of the benchmark measures a training and a generation", { timeout: 240_000 }, () => {
  const tsx = path.join(root, "node_modules", "tsx", "dist", "cli.mjs");
  const chosen = ["W2b", "W6-lstm"];
  const options = ["--smoke", "--json", "--workloads", chosen.join(",")];
  const printed = execFileSync(process.execPath, [tsx, path.join(root, "bench", "run.ts"), ...options], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const { outcomes } = (JSON.parse(printed) as Measured).workloads;
  expect(outcomes.map(({ workload }) => workload)).toEqual(chosen);
  for (const { results, absent } of outcomes) {
    const ours = results.filter(({ name }) => name.startsWith("tavali"));
    expect(ours.length, JSON.stringify(absent)).toBeGreaterThanOrEqual(2);
    for (const { times, difference } of ours) {
      expect(Math.min(...times)).toBeGreaterThan(0);
      expect(difference).toBeLessThan(0.01);
    }
  }
});

test("a step's operations are those of its matrix products, counted by hand", () => {
  const flopOf = (id: string) => stepFlop(workloads.find((workload) => workload.id === id)!);
  // Two LSTMs of [400, 200 + 200]·[400, 800] and a dense layer of [400, 200]·[200, 10000], each with two gradients.
  expect(flopOf("W3")).toBe(3 * 2 * 400 * (2 * 400 * 800 + 200 * 10000));
  // Two directions of [1600, 100 + 100]·[200, 400], then [1600, 200]·[200, 9].
  expect(flopOf("W4")).toBe(3 * 2 * 1600 * (2 * 200 * 400 + 200 * 9));
  // Nobody asks for the gradient of plain features.
  expect(flopOf("W2")).toBe(2 * 800 * (2 * 65 * 128 + 3 * 128 * 128 + 3 * 128 * 65));
});
