import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { dense } from "../layers/index.js";
import { sequential } from "../models/index.js";
import { checkpointing, parseInterval } from "./checkpoint-flags.js";
import type { Terminal } from "./terminal.js";

describe("--checkpoint-every", () => {
  it.each([
    ["epoch", { epochs: 1 }],
    ["30s", { epochs: 1, seconds: 30 }],
    ["100steps", { epochs: 1, steps: 100 }],
    ["1step", { epochs: 1, steps: 1 }],
  ])("%s", (text, every) => {
    expect(parseInterval(text)).toEqual(every);
  });

  it.each(["", "0s", "steps", "3 epochs", "-1s", "1.5s"])('refuses "%s"', (text) => {
    expect(() => parseInterval(text)).toThrow(/30s.*100steps.*epoch/);
  });
});

it("goes on past a checkpoint that cannot be written, tells it once, and tries the next", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "tavali-checkpoints-"));
  try {
    const states = path.join(folder, "states");
    const model = sequential([dense(1, { inputShape: [1] })], { seed: 1 });
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const said: string[] = [];
    const terminal = { width: 500, style: (_: string, text: string) => text, say: (text: string) => said.push(text) };
    const { checkpoint, lost } = await checkpointing({ checkpoint: states }, terminal as unknown as Terminal);
    writeFileSync(states, "a file where the folder belongs");
    const problems: unknown[] = [];
    const look = (epoch: number) => {
      problems.push(lost!());
      if (epoch === 2) rmSync(states);
    };
    const options = { epochs: 4, verbose: 0, checkpoint: checkpoint!, callbacks: [{ onEpochEnd: look }] } as const;
    const { history } = await model.fit([[1]], [[2]], options);
    expect(history.loss).toHaveLength(4);
    expect(problems).toEqual([undefined, expect.stringMatching(/states/), expect.stringMatching(/states/), undefined]);
    expect(said).toEqual([expect.stringMatching(/warning.*states.*The training goes on, and tries again/)]);
    expect(lost!()).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
