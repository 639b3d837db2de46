/** Language models by the command of the built package: trained by one process, used by others. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadModel } from "tavali/formats";
import { asLanguageModel, completeText, generateText, scoreText } from "tavali/recipes";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jsonOf, type Run, tavali } from "./tavali.js";

const folder = mkdtempSync(path.join(tmpdir(), "tavali-lm-"));
const at = (name: string) => path.join(folder, name);
const here = { cwd: folder };
const small = ["--units", "16", "--epochs", "2", "--batch-size", "8", "--window", "16", "--learning-rate", "0.02"];

let trained: Run;
beforeAll(async () => {
  writeFileSync(at("verse.txt"), "the cat sat on the mat, the dog ran to the fog.\n".repeat(100));
  trained = await tavali(["train", "lm", "--text", "verse.txt", "--out", "lm.tavali", "--json", ...small], here);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const open = async () => asLanguageModel(await loadModel(at("lm.tavali")), "lm.tavali");
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

describe("tavali train lm, generate, complete, score, evaluate and inspect", () => {
  test("train ends with the test's numbers as one object", () => {
    expect(trained.code).toBe(0);
    const result = jsonOf(trained);
    expect(result).toMatchObject({ epochs: 2, interrupted: false, model: "lm.tavali" });
    for (const key of ["testLoss", "perplexity", "bitsPerCharacter", "seconds", "parameters"]) {
      expect(result[key], key).toBeTypeOf("number");
    }
    expect(existsSync(at("lm.tavali"))).toBe(true);
  });

  test("a process of its own says what the model says in this one", async () => {
    const lm = await open();
    const flags = ["--prompt", "the dog", "--length", "30", "--temperature", "0.8", "--top-k", "5", "--seed", "4"];
    const options = { prompt: "the dog", length: 30, temperature: 0.8, topK: 5, seed: 4 };
    const generated = jsonOf(await tavali(["generate", "lm.tavali", ...flags, "--json"], here));
    expect(generated).toEqual(plain({ model: "lm.tavali", ...(await generateText(lm, options)) }));
    const completed = jsonOf(await tavali(["complete", "lm.tavali", "the c", "--count", "3", "--json"], here));
    expect(completed.completions).toEqual(plain(await completeText(lm, "the c", 3)));
    const scored = jsonOf(await tavali(["score", "lm.tavali", "the mat", "--json"], here));
    expect(scored.scores).toEqual(plain([await scoreText(lm, "the mat")]));
  });

  test("for people they show text and bars on standard output", async () => {
    const generated = await tavali(["generate", "lm.tavali", "--prompt", "the", "--length", "20", "--stream"], here);
    expect([generated.code, generated.stderr]).toEqual([0, ""]);
    expect(generated.stdout).toMatch(/^the[\s\S]{20}\n$/);
    expect((await tavali(["complete", "lm.tavali", "the "], here)).stdout).toMatch(/^ {2}[a-z]+ +█?.*0\.\d{3}\n/);
    expect((await tavali(["score", "lm.tavali", "the zzz"], here)).stdout).toContain("perplexity");
    const page = await tavali(["inspect", "lm.tavali", "the cat", "--html", "cat.html"], here);
    expect([page.code, page.stdout.includes("spectral radius")]).toEqual([0, true]);
    expect(readFileSync(at("cat.html"), "utf8")).toContain("loss of each step");
    const judged = jsonOf(await tavali(["evaluate", "lm.tavali", "--text", "verse.txt", "--json"], here));
    expect(judged).toMatchObject({ count: 4800, unknown: 0, testLoss: expect.any(Number) });
  });

  test("what goes wrong is one line that names the file", async () => {
    writeFileSync(at("empty.txt"), "");
    writeFileSync(at("binary.txt"), Uint8Array.from([0, 1, 2, 0, 255]));
    writeFileSync(at("latin1.txt"), Uint8Array.from([...Buffer.from("one\ntwo\n"), 0xe9, 10]));
    writeFileSync(at("short.txt"), "too short to learn from, by far ".repeat(9));
    for (const [file, expected] of [
      ["missing.txt", "missing.txt does not exist"],
      ["empty.txt", "empty.txt: is empty"],
      ["binary.txt", "binary.txt"],
      ["latin1.txt", "latin1.txt"],
      ["short.txt", "characters to learn from are too few for 32 streams"],
    ]) {
      const { code, stdout, stderr } = await tavali(
        ["train", "lm", "--text", file!, "--json", "--out", "x.tavali"],
        here,
      );
      expect([code, stdout]).toEqual([1, ""]);
      const lines = stderr.trim().split("\n");
      expect(lines.at(-1)).toContain(expected);
      expect(lines.filter((line) => line.startsWith("tavali:"))).toHaveLength(1);
    }
    const other = await tavali(["predict", "lm.tavali", "a text"], here);
    expect([other.code, other.stderr]).toEqual([
      1,
      expect.stringContaining("this is a language model. Expected a text classifier"),
    ]);
    expect((await tavali(["generate", "lm.tavali", "--temperature", "-1"], here)).code).toBe(2);
    expect((await tavali(["evaluate", "lm.tavali"], here)).stderr).toContain("evaluate needs --text <files...>");
  });

  test("a single line of 10 MB is a text like any other", { timeout: 120_000 }, async () => {
    writeFileSync(at("line.txt"), "all in one line and no break anywhere ".repeat(280_000));
    const flags = ["--epochs", "1", "--units", "2", "--batch-size", "512", "--window", "256"];
    const run = await tavali(["train", "lm", "--text", "line.txt", "--out", "line.tavali", "--json", ...flags], here);
    expect(run.code, run.stderr).toBe(0);
  });
});
