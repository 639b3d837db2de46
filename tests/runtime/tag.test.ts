/** Taggers of the built package on the command line: one command trains, the next ones use the file. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { grammarSentences, sentenceCount, type TaggedSentences, tagsOf, wordsOf } from "tavali/datasets";
import { loadModel } from "tavali/formats";
import { asTagger, tagText } from "tavali/recipes";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jsonOf, tavali } from "./tavali.js";

const folder = mkdtempSync(path.join(tmpdir(), "tavali-tag-"));
const at = (name: string) => path.join(folder, name);
const small = [
  "--units",
  "8",
  "--embedding",
  "8",
  "--character-filters",
  "8",
  "--epochs",
  "2",
  "--learning-rate",
  "0.01",
];
const text = "Mr. Stanov visited Drelstad on Monday.";

beforeAll(() => {
  const { train, test: held } = grammarSentences({ count: 200, testCount: 40, seed: 1 });
  const lines = (sentences: TaggedSentences) =>
    Array.from({ length: sentenceCount(sentences) }, (_, i) =>
      wordsOf(sentences, i)
        .map((word, k) => `${word}\t${tagsOf(sentences, i)[k]}\n`)
        .join(""),
    ).join("\n");
  writeFileSync(at("train.tsv"), lines(train));
  writeFileSync(at("test.tsv"), lines(held));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const train = (out: string) =>
  tavali(["train", "tag", "--data", "train.tsv", "--test", "test.tsv", "--out", out, ...small, "--json"], {
    cwd: folder,
  });

test("train tag, tag and evaluate agree, in processes of their own", async () => {
  const trained = jsonOf(await train("a.tavali"));
  expect(trained).toMatchObject({ epochs: 2, model: "a.tavali" });
  expect((trained.entities as { types: object }).types).toHaveProperty("person");
  await train("b.tavali");
  expect(readFileSync(at("b.tavali")).equals(readFileSync(at("a.tavali")))).toBe(true);

  const loaded = asTagger(await loadModel(at("a.tavali")), "a.tavali");
  const tagged = jsonOf(await tavali(["tag", at("a.tavali"), text, "--json"]));
  expect(tagged.texts).toEqual(JSON.parse(JSON.stringify(await tagText(loaded, [text]))));
  const shown = await tavali(["tag", at("a.tavali"), text]);
  expect([shown.code, shown.stderr]).toEqual([0, ""]);

  const judged = jsonOf(await tavali(["evaluate", "a.tavali", "--data", "test.tsv", "--json"], { cwd: folder }));
  expect(judged).toMatchObject({ count: 40, entityF1: trained.entityF1, accuracy: trained.accuracy });
  expect(judged.loss).toBeCloseTo(trained.testLoss as number, 5);
}, 120_000);

test.each([
  [["train", "tag", "--data", "gone.tsv"], 1, "gone.tsv does not exist"],
  [["train", "tag", "--test", "test.tsv"], 2, "--test needs --data"],
  [["tag", "a.tavali"], 2, "there are no texts"],
  [["predict", "a.tavali", "x"], 1, "a.tavali"],
])("what goes wrong is one line: %j", async (args, code, message) => {
  const run = await tavali(args, { cwd: folder });
  expect(run).toMatchObject({ code, stdout: "" });
  expect(run.stderr).toContain(message);
  expect(run.stderr).toMatch(/^tavali: [^\n]*\n$/);
});
