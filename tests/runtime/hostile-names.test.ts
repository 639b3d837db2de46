/**
 * Every command, with labels, tags, layers, characters, files, columns and runs whose names steer a terminal: nothing of that reaches it. What
 * each command prints may hold no control character but the line breaks of its layout.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { SentenceBuilder } from "tavali/datasets";
import { decodeModelFile, encodeModelFile, modelToBytes } from "tavali/formats";
import { languageData, trainClassifier, trainLanguageModel, trainTagger } from "tavali/recipes";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tavali } from "./tavali.js";

const folder = mkdtempSync(path.join(tmpdir(), "tavali-hostile-"));
const at = (name: string) => path.join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A window's title, a cleared screen, a colour by C1, a carriage return, and a turned direction. */
const evil = "\u001b]0;x\u0007\u001b[2J\u009b31m\r\u007f\u202e<script>";
const evilFile = evil.replaceAll("/", "");
const harmless = "می‌رود👩‍👧";
const steering = /(?![\n])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

beforeAll(async () => {
  const small = { units: 2, epochs: 1 } as const;
  const part = { texts: [`good ${evil}`, "bad", "good", "bad", "fine", "poor"], labels: [0, 1, 0, 1, 0, 1] };
  const labelled = { texts: part.texts, labels: Int32Array.from(part.labels) };
  const classNames = [`good${evil}`, `bad${harmless}`, `odd${evil}`];
  const classifier = await trainClassifier(
    { train: labelled, test: labelled, classNames, source: "s", splitOff: 0 },
    { ...small, embedding: 2, validation: 0.4 },
  );
  writeFileSync(at("classifier.tavali"), await modelToBytes(classifier.model, classifier.metadata));
  const renamed = await decodeModelFile(readFileSync(at("classifier.tavali")), "c");
  const text = JSON.stringify(renamed.architecture).replaceAll(
    '"name":"',
    `"name":${JSON.stringify(evil).slice(0, -1)}`,
  );
  const tensors = renamed.tensors.map((tensor) => ({ ...tensor, name: evil + tensor.name }));
  const file = await encodeModelFile({ ...renamed, architecture: JSON.parse(text), tensors });
  writeFileSync(at("layers.tavali"), file);

  const sentences = new SentenceBuilder();
  for (let i = 0; i < 8; i++) {
    sentences.add(`Anna${evil}`, `B-person${evil}`);
    sentences.add("came", "O");
    sentences.endSentence();
  }
  const tagged = sentences.finish();
  const tagger = await trainTagger(
    { train: tagged, test: tagged, source: "s", splitOff: false },
    { ...small, embedding: 2, characterFilters: 0, validation: 0.3 },
  );
  writeFileSync(at("tagger.tavali"), await modelToBytes(tagger.model, tagger.metadata));
  const lines = `${evil}ab\u009bc ${harmless}\t\n`.repeat(60);
  const lm = await trainLanguageModel(
    { ...languageData(), text: () => lines, source: "s" },
    { ...small, batchSize: 2, window: 8, validation: 0.2, test: 0.2 },
  );
  writeFileSync(at("lm.tavali"), await modelToBytes(lm.model, lm.metadata));

  writeFileSync(at(`${evilFile}.csv`), `text,label\n"good ${evil}",neg${evil}\nbad,pos\n`);
  writeFileSync(at("columns.csv"), `te${evil}xt,lab${evil}el\na,b,c${evil}\n`);
  writeFileSync(at("bad.conll"), `word ${evil}\n`);
  writeFileSync(at("lines.txt"), `Anna ${evil} came\n`);
  for (const name of [`a${evilFile}`, `b${evilFile}`]) {
    mkdirSync(path.join(folder, "runs", name), { recursive: true });
    const line = (event: string, more: object) => `${JSON.stringify({ event, time: `2026${evil}`, ...more })}\n`;
    const epoch = { epoch: 0, seconds: 1, loss: 1, [`va${evil}`]: 2 };
    const start = line("start", { epochs: 1, task: evil, options: { [evil]: name } });
    writeFileSync(path.join(folder, "runs", name, "run.jsonl"), start + line("epoch", epoch) + line("end", {}));
  }
}, 120_000);

const conll = Array.from({ length: 30 }, (_, i) => `w${i} B-x${evil.replace(/\s/g, "")}\nis O\n`).join("\n");
const training = ["--epochs", "1", "--units", "2", "--embedding", "2", "--no-log"];
const commands: (readonly [args: string[], code: number])[] = [
  [["predict", "classifier.tavali", `good ${evil} ${evil}`], 0],
  [["inspect", "classifier.tavali", `good ${evil}`, "--html", `${evilFile}.html`], 0],
  [["inspect", "layers.tavali", "good"], 0],
  [["inspect", "lm.tavali", `ab ${evil}`], 0],
  [["inspect", "classifier.tavali", "good", "--label", evil], 2],
  [["evaluate", "classifier.tavali"], 2],
  [["evaluate", "classifier.tavali", "--data", `${evilFile}.csv`], 1],
  [["evaluate", "lm.tavali", "--text", "lines.txt"], 0],
  [["evaluate", "lm.tavali", "--text", evil], 1],
  [["tag", "tagger.tavali", `Anna${evil} came`, "--file", "lines.txt"], 0],
  [["evaluate", "tagger.tavali", "--data", "good.conll"], 0],
  [["generate", "lm.tavali", "--length", "80", "--temperature", "5", "--prompt", `a${evil}`], 0],
  [["generate", "lm.tavali", "--length", "80", "--temperature", "5", "--prompt", "a", "--stream"], 0],
  [["complete", "lm.tavali", "a"], 0],
  [["score", "lm.tavali", `ab${evil}`], 0],
  [["runs"], 0],
  [["runs", "show", "last"], 0],
  [["runs", "show", evil], 1],
  [["runs", "compare", `a${evilFile}`, `b${evilFile}`], 0],
  [["train", "classify", "--data", "columns.csv"], 1],
  [["train", "classify", "--data", "columns.csv", "--text-column", evil], 1],
  [["train", "classify", "--data", "many.csv", "--baseline", "--out", `${evilFile}.tavali`, ...training], 0],
  [["train", "tag", "--data", "bad.conll"], 1],
  [["train", "tag", "--data", "good.conll", "--out", "t.tavali", ...training], 0],
  [["train", "lm", "--text", evil], 1],
  [["start", "--data", evil], 1],
  [["predict", `no${evil}.tavali`, "x"], 1],
  [[evil], 2],
  [["predict", `--${evil}`], 2],
  [["train", "lm", "--units", evil], 2],
  [["help", evil], 2],
  [["doctor", evil], 2],
];

test("no command prints a control character of what it was given", { timeout: 240_000 }, async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `"text ${i % 2}","${["a", "b"][i % 2]}${evil}"`);
  writeFileSync(at("many.csv"), ["text,label", ...rows].join("\n"));
  writeFileSync(at("good.conll"), conll);
  const run = async ([args, code]: (typeof commands)[number]) => {
    // With --json errors are the same; what is on standard output is not.
    const forPrograms = code === 0 && args[0] !== "train" && args[0] !== "help";
    for (const flags of forPrograms ? [[], ["--json"]] : [[]]) {
      const done = await tavali([...args, ...flags], { cwd: folder, env: { FORCE_COLOR: "0" } });
      const shown = JSON.stringify([...args, ...flags]);
      expect([done.code, done.stderr], shown).toEqual([code, expect.not.stringContaining("should not happen")]);
      // A model that learnt tabs writes tabs.
      const printed = done.stdout + done.stderr;
      expect(args[0] === "generate" ? printed.replaceAll("\t", "") : printed, shown).not.toMatch(steering);
      if (flags.length > 0) JSON.parse(done.stdout);
    }
  };
  // Two at a time: most of the time goes into starting.
  const queue = [...commands];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await run(next);
  };
  await Promise.all([worker(), worker()]);
  expect(readFileSync(at(`${evilFile}.html`), "utf8")).not.toMatch(/(?![\n\t])[\p{Cc}\u202e]/u);
});

test("what is no control character stays readable", async () => {
  const { stdout } = await tavali(["predict", "classifier.tavali", "good"], { cwd: folder });
  expect(stdout.replace(/\s+/g, "")).toContain(`bad${harmless}`);
  expect(stdout).toContain("good\\u001b]0;x\\u0007");
});
