/** JSON output and refusals of `tavali runs show` and `compare`. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { runsCommand } from "./runs.js";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "tavali-runs-"));
  for (const [id, rate] of Object.entries({ a: 0.1, b: 0.2 })) {
    const lines = [
      { event: "start", time: "2026-01-01", epochs: 2, options: { learningRate: rate } },
      { event: "epoch", epoch: 0, seconds: 1, loss: 2 },
      { event: "epoch", epoch: 1, seconds: 1, loss: 1 },
      { event: "end" },
    ];
    fs.mkdirSync(path.join(folder, id));
    fs.writeFileSync(path.join(folder, id, "run.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  }
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

async function output(...args: string[]): Promise<{ out: string; err: string }> {
  const written = { out: "", err: "" };
  for (const [name, stream] of Object.entries({ out: process.stdout, err: process.stderr })) {
    vi.spyOn(stream, "write").mockImplementation((chunk) => {
      written[name as "out"] += chunk;
      return true;
    });
  }
  await runsCommand().parseAsync([...args, "--runs", folder], { from: "user" });
  return written;
}

it("show --json ends with one object on standard output, and says the rest on standard error", async () => {
  const { out, err } = await output("show", "a", "--json");
  expect(JSON.parse(out)).toMatchObject({ id: "a", outcome: "done", seconds: 2 });
  expect(err).toContain("learningRate");
});

it("show without --json says everything on standard output", async () => {
  const { out, err } = await output("show", "a");
  expect(out).toContain("learningRate");
  expect(out).not.toContain('"outcome"');
  expect(err).toBe("");
});

it("compare refuses a number that no run reports, naming those there are", async () => {
  await expect(output("compare", "a", "b", "--number", "valF1Score")).rejects.toThrow(
    'runs compare: no run reports "valF1Score"; there are loss.',
  );
  expect((await output("compare", "a", "b", "--number", "loss")).out).toContain("learningRate");
});

it("compare refuses a single run", async () => {
  await expect(output("compare", "a")).rejects.toThrow("name two runs or more");
});

it("show says the result of the test part where there is one, beside the option of that name", async () => {
  expect((await output("show", "a")).out).not.toContain("test result");
  const line = JSON.stringify({ event: "result", entityF1: 0.875, accuracy: 0.5 });
  fs.appendFileSync(path.join(folder, "b", "run.jsonl"), `${line}\n`);
  expect((await output("show", "b")).out).toMatch(/test result +entityF1 0\.875/);
});
