/**
 * Mutants of every form of file that is read: nothing but our errors, no hang, no process above 1 GiB. `HOSTILE_MUTANTS` and `HOSTILE_SEED`
 * choose how many of each form and which; see CONTRIBUTING.md.
 */
import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildChild, limits, readMutants } from "./driver.js";
import { forms } from "./forms/index.js";

const count = Number(process.env.HOSTILE_MUTANTS ?? 3000);
const seed = Number(process.env.HOSTILE_SEED ?? 1);

let child: string;
beforeAll(async () => {
  child = await buildChild();
});
afterAll(() => fs.rmSync(path.dirname(child), { recursive: true, force: true }));

describe("mutants", () => {
  for (const { name } of forms.filter((form) => !form.name.startsWith("broken"))) {
    it(`${count} of ${name} end in our errors or are read`, { timeout: 60_000 + 60 * count }, async () => {
      const { read, failures } = await readMutants(child, name, { seed, count });
      expect(failures).toEqual([]);
      expect(read).toBe(count);
    });
  }
});

describe("the driver", () => {
  it.each([
    ["broken: raw error", "TypeError: of something that is not there", limits],
    ["broken: endless", "took longer than 400 ms", { ...limits, milliseconds: 400 }],
    ["broken: memory", "MiB", { ...limits, bytes: 2 ** 28 }],
    ["broken: prototype", "Object.prototype was changed", limits],
  ])("sees what is wrong with a reader: %s", async (name, message, tight) => {
    const { failures } = await readMutants(child, name, { seed: 1, count: 24 }, tight);
    expect(failures.length).toBeGreaterThan(0);
    for (const failure of failures) expect(failure).toContain(message);
  });
});
