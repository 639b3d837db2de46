/** A reader that goes away and a disk that is full end what only prints, and cost no training. */
import { type StdioOptions, spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadModel } from "tavali/formats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { trainings, writeSmallModels } from "./small-models.js";
import { root } from "./tavali.js";

const folder = mkdtempSync(path.join(tmpdir(), "tavali-closed-"));
const at = (name: string) => path.join(folder, name);
beforeAll(() => writeSmallModels(folder), 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command whose readers go away after the first that they get, or with a stream that is a full disk. */
function run(args: readonly string[], { closed = [] as ("stdout" | "stderr")[], full = "" } = {}): Promise<Ended> {
  const device = full === "" ? undefined : openSync("/dev/full", "w");
  const stdio: StdioOptions = ["ignore", full === "stdout" ? device! : "pipe", full === "stderr" ? device! : "pipe"];
  const child = spawn(process.execPath, [path.join(root, "bin/tavali.mjs"), ...args], { cwd: folder, stdio });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.on("data", (chunk: Buffer) => {
      text[name] += chunk.toString();
      if (closed.includes(name)) child[name]!.destroy();
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...text }));
  });
}

describe("a training whose reader goes away", () => {
  const start = ["start", "--data", "polar.csv", ...trainings.classify.slice(4)];
  beforeAll(() => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 2},${["bad", "good"][i % 2]} film ${i % 7}`);
    writeFileSync(at("polar.csv"), ["label,text", ...rows].join("\n"));
  });

  test.each(Object.entries({ ...trainings, start }))(
    "goes on, saves its model and ends with 0: %s",
    async (name, args) => {
      const out = `closed-${name}.tavali`;
      const { code, stderr } = await run([...args, "--out", out], { closed: ["stdout"] });
      expect([code, stderr]).toEqual([0, ""]);
      expect((await loadModel(at(out))).metadata.result).toHaveProperty("bestEpoch");
    },
  );

  test("with --json has its result on standard output when standard error is closed", async () => {
    const args = [...trainings.lm, "--json", "--out", "json.tavali"];
    const { code, stdout } = await run(args, { closed: ["stderr"] });
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ model: "json.tavali" })]);
    expect(existsSync(at("json.tavali"))).toBe(true);
  });
});

// Only Linux has such a device.
describe.runIf(existsSync("/dev/full"))("a full disk behind standard output", () => {
  test("leaves a training its model, and is told by the exit code", async () => {
    const { code, stderr } = await run([...trainings.classify, "--out", "full.tavali"], { full: "stdout" });
    expect(stderr).toMatch(/^tavali: standard output could not be written \(ENOSPC\); the command went on [^\n]*\n$/);
    expect([code, existsSync(at("full.tavali"))]).toEqual([1, true]);
  });

  test.each([[["predict", "classifier.tavali", "x"]], [["predict", "classifier.tavali", "x", "--json"]], [["--help"]]])(
    "is said in one line, and exit code 1, by what only prints: %j",
    async (args) => {
      const { code, stderr } = await run(args, { full: "stdout" });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^(?! +at )([^\n]*\n)*tavali: standard output could not be written \(ENOSPC\)\.\n$/);
      expect(stderr).not.toContain("node:");
    },
  );

  test("behind standard error changes nothing", async () => {
    const { code, stdout } = await run(["predict", "classifier.tavali", "x", "--json"], { full: "stderr" });
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { model: "classifier.tavali" }]);
    expect((await run(["predict", "gone.tavali", "x"], { full: "stderr" })).code).toBe(1);
  });
});

describe("a command that only prints", () => {
  test.each([
    [["generate", "lm.tavali", "--length", "1000000", "--prompt", "the", "--stream"]],
    [["predict", "classifier.tavali", "x"]],
    [["score", "lm.tavali", "the cat", "the dog"]],
    [["--help"]],
  ])("ends at once and quietly when its reader goes away: %j", async (args) => {
    const begin = performance.now();
    const { code, stderr } = await run(args, { closed: ["stdout"] });
    expect([code, stderr]).toEqual([0, ""]);
    expect(performance.now() - begin).toBeLessThan(20_000);
  });

  test("but a page that was asked for is written", async () => {
    const args = ["inspect", "classifier.tavali", "a great text", "--html", "page.html"];
    expect(await run(args, { closed: ["stdout"] })).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(at("page.html"), "utf8")).toContain("</html>");
  });
});
