/** `tavali runs` says the best of every number, as the training knew which way it gets better. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { runsCommand } from "./runs.js";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "tavali-runs-"));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

function record(id: string, better: unknown, epochs: readonly object[]): void {
  const lines = [
    { event: "start", time: "2026-01-01", epochs: epochs.length, better },
    ...epochs.map((numbers, epoch) => ({ event: "epoch", epoch, seconds: 1, ...numbers })),
    { event: "end" },
  ];
  fs.mkdirSync(path.join(folder, id));
  fs.writeFileSync(path.join(folder, id, "run.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

async function bests(): Promise<Record<string, unknown>[]> {
  let text = "";
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += chunk;
    return true;
  });
  await runsCommand().parseAsync(["list", "--json", "--runs", folder], { from: "user" });
  return JSON.parse(text).runs.map(({ best }: { best: unknown }) => best);
}

it("takes the greatest or the least, as the record says, and neither where it says nothing", async () => {
  const epochs = [
    { valF1Score: 0.2, accuracyCost: 3, mine: 1 },
    { valF1Score: 0.8, accuracyCost: 5, mine: 4 },
    { valF1Score: "NaN", accuracyCost: 4, mine: 2 },
  ];
  record("a", { valF1Score: "higher", accuracyCost: "lower" }, epochs);
  record("b", null, epochs.slice(0, 1));
  expect(await bests()).toEqual([{ valF1Score: 0.8, accuracyCost: 3 }, {}]);
});
