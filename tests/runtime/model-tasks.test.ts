/** Models and data of one task given to commands and options of another: an error that says what fits, never another measurement. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { trainings, writeSmallModels } from "./small-models.js";
import { jsonOf, tavali } from "./tavali.js";

const folder = mkdtempSync(path.join(tmpdir(), "tavali-tasks-"));
const at = (name: string) => path.join(folder, name);
const here = { cwd: folder };
beforeAll(() => writeSmallModels(folder), 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const classifier = "is a text classifier. Expected";
const tagger = "is a tagger. Expected";
const lm = "is a language model. Expected";

async function refused(args: readonly string[], expected: number, what: string, remedy: string): Promise<void> {
  const { code, stdout, stderr } = await tavali(args, here);
  expect([code, stdout]).toEqual([expected, ""]);
  expect(stderr).toContain(what);
  expect(stderr).toContain(remedy);
  expect(stderr).toMatch(/^tavali: [^\n]*\n$/);
}

test.each([
  [["predict", "tagger.tavali", "x"], tagger, "for a tagger there is `tavali tag` and `tavali evaluate`"],
  [["inspect", "tagger.tavali", "x"], tagger, "`tavali tag`"],
  [["tag", "classifier.tavali", "x"], classifier, "`tavali predict`, `tavali evaluate` and `tavali inspect`"],
  [["generate", "classifier.tavali"], classifier, "`tavali train lm` writes"],
  [["complete", "tagger.tavali", "x"], tagger, "`tavali tag`"],
  [["inspect", "lm.tavali", "the", "--html", "."], ". is a folder", "path of a file"],
  [["tag", "lm.tavali", "x"], lm, "`tavali generate`, `tavali complete`, `tavali score`, `tavali evaluate`"],
  [["score", "classifier.tavali", "x"], classifier, "`tavali predict`"],
])("%j is refused", async (args, what, remedy) => refused(args, 1, what, remedy));

test.each([
  [["evaluate", "lm.tavali"], "evaluate needs --text <files...>", "--help"],
  [["predict", "classifier.tavali", "  "], "more than white space", "entry 0"],
  [["evaluate", "classifier.tavali", "--text", "verse.txt"], "--text does not apply", "--data, --text-column"],
  [["evaluate", "classifier.tavali", "--word-column", "1"], "--word-column does not apply", "--classes"],
  [["evaluate", "classifier.tavali", "--data", "texts.csv", "--encoding", "utf-8"], "--encoding does not", "--data"],
  [["evaluate", "lm.tavali", "--data", "texts.csv"], "--data does not apply", "for it there is --text"],
  [["evaluate", "lm.tavali", "--text", "verse.txt", "--classes", "a=1"], "--classes does not apply", "--text"],
  [["evaluate", "tagger.tavali", "--text", "verse.txt"], "--text does not apply", "--word-column"],
  [["inspect", "lm.tavali", "x", "--label", "0"], "--label does not apply", "language model"],
  [["generate", "lm.tavali", "--beam", "2", "--seed", "7"], "--beam 2 looks for the most probable text", "--seed"],
  [["generate", "lm.tavali", "--temperature", "0", "--top-p", "0.5"], "--temperature 0 takes", "--top-p"],
  [["evaluate", "tagger.tavali", "--word-column", "0"], "--word-column needs --data", "built-in corpus"],
  [["evaluate", "classifier.tavali"], 'has the classes "negative", "positive"', "--data"],
  [["train", "tag", "--encoding", "utf-8"], "--encoding needs --data", "built-in corpus"],
  [["train", "sentiment", "--test", "0.2"], "texts of your own", "say where"],
])("%j is wrong usage", async (args, what, remedy) => refused(args, 2, what, remedy));

describe("evaluate of a classifier of 0, 1 and 2", () => {
  const evaluate = async (labels: string[], ...more: string[]) => {
    const rows = labels.map((label, i) => `${label},great text ${i}`);
    writeFileSync(at("some.csv"), ["label,text", ...rows].join("\n"));
    return tavali(["evaluate", "classifier.tavali", "--data", "some.csv", "--json", ...more], here);
  };

  test.each([
    ["some of the classes", ["0", "1", "1", "0"], [2, 2, 0]],
    ["one class", ["1", "1"], [0, 2, 0]],
    ["numbers written otherwise", ["+1", "01", "2.0"], [0, 2, 1]],
  ])("takes %s", async (_, labels, supports) => {
    const { classes, count } = jsonOf(await evaluate(labels)) as { classes: { support: number }[]; count: number };
    expect([classes.map(({ support }) => support), count]).toEqual([supports, labels.length]);
  });

  test("names the rows of labels it does not know, and takes them by --classes", async () => {
    const labels = ["0", "3", "1", "3", "neg"];
    const { code, stderr } = await evaluate(labels);
    expect(code).toBe(1);
    expect(stderr).toContain('some.csv, rows 3, 5, 6: the labels "3", "neg" are none of the classes "0", "1", "2"');
    expect(jsonOf(await evaluate(labels, "--classes", "0=0,neg", "1=1"))).toMatchObject({ count: 3 });
    expect((await evaluate(labels, "--classes", "zero=0")).stderr).toContain(
      'does not know "zero"; its classes are "0"',
    );
  });
});

describe("a test part", () => {
  test("of train classify may have some of the classes only, but none that training lacks", async () => {
    writeFileSync(at("two.csv"), "label,text\n0,poor text\n1.0,plain text\n");
    const args = [...trainings.classify, "--no-log", "--out", "c.tavali", "--json", "--test"];
    expect(jsonOf(await tavali([...args, "two.csv"], here))).toMatchObject({ classes: [{}, {}, { support: 0 }] });
    writeFileSync(at("strange.csv"), "label,text\n0,poor text\n7,plain text\n7,plain text\n");
    const run = await tavali([...args, "strange.csv"], here);
    expect([run.code, run.stderr]).toEqual([
      1,
      expect.stringMatching(/strange\.csv, rows 3, 4: the label "7" does not occur/),
    ]);
  });

  test("of train tag may have tags that training lacks: they are told before, and count as missed", async () => {
    writeFileSync(at("new.tsv"), "Anna\tB-person\nis\tO\n\nMars\tB-planet\nis\tO\n");
    const args = [...trainings.tag, "--no-log", "--out", "t.tavali", "--test"];
    const { code, stdout, stderr } = await tavali([...args, "new.tsv"], here);
    expect([code, stderr]).toEqual([0, ""]);
    const told = stdout.indexOf("B-planet");
    expect(stdout.slice(told).replace(/\s+/g, " ")).toMatch(/^B-planet \(1 word\)\. Their words count as missed/);
    expect(told).toBeLessThan(stdout.indexOf("epoch"));
    expect(stdout).toMatch(/planet +0\.000 +0\.000 +0\.000 +1 +0/);
    const judged = jsonOf(await tavali(["evaluate", "t.tavali", "--data", "new.tsv", "--json"], here));
    expect(judged).toMatchObject({ unknownTags: { "B-planet": 1 }, count: 2, loss: expect.any(Number) });
    // Nothing but such tags: an error before training where somebody chose it.
    writeFileSync(at("other.tsv"), "Mars\tB-planet\n");
    const refused = await tavali([...args, "other.tsv"], here);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("knows none of its tags")]);
  });

  test("that train tag sets aside itself may hold the only sentence of a tag", async () => {
    const lines = Array.from({ length: 12 }, (_, i) => `w${i}\tB-tag${i}\nis\tO\n`);
    writeFileSync(at("rare.tsv"), lines.join("\n"));
    const [, , , , ...rest] = trainings.tag;
    const args = ["train", "tag", "--data", "rare.tsv", ...rest, "--no-log", "--out", "rare.tavali", "--json"];
    const result = jsonOf(await tavali(args, here));
    expect(result).toMatchObject({ entityF1: 0, model: "rare.tavali" });
    expect(result).not.toHaveProperty("testLoss");
  });
});
