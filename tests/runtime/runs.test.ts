/** The records that trainings leave, and `tavali runs`, which reads them. */
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadClassifierData } from "tavali/recipes";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jsonOf, tavali } from "./tavali.js";

const folder = mkdtempSync(path.join(tmpdir(), "tavali-runs-"));
const at = (...names: string[]) => path.join(folder, ...names);
const options =
  "train sentiment --data reviews --cell simpleRNN --encoder last --units 4 --embedding 4 --batch-size 16 --patience 0 --json".split(
    " ",
  );
const train = (...more: string[]) => tavali([...options, ...more], { cwd: folder });
const runs = async (...args: string[]) => {
  const run = await tavali(["runs", ...args], { cwd: folder });
  expect([run.code, run.stderr]).toEqual([0, ""]);
  return run.stdout;
};

beforeAll(async () => {
  const { train: texts, classNames } = await loadClassifierData();
  const rows = texts.texts.slice(0, 200).map((text, i) => `${classNames[texts.labels[i]!]},"${text}"`);
  mkdirSync(at("reviews"));
  writeFileSync(at("reviews/train.csv"), ["label,text", ...rows].join("\n"));
  await train("--epochs", "2");
  await train("--epochs", "2", "--units", "5");
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ids = () => readdirSync(at("runs")).sort();

test("a training leaves a log and an event file", () => {
  expect(ids()).toHaveLength(2);
  expect(readdirSync(at("runs", ids()[0]!)).sort()).toEqual(["events.out.tfevents.tavali", "run.jsonl"]);
  const lines = readFileSync(at("runs", ids()[0]!, "run.jsonl"), "utf8")
    .trim()
    .split("\n");
  expect(lines.map((line) => JSON.parse(line).event)).toEqual(["start", "epoch", "epoch", "end", "result"]);
});

test("runs lists them, and passes over half a line and what is no log", async () => {
  appendFileSync(at("runs", ids()[1]!, "run.jsonl"), '{"event":"ep');
  mkdirSync(at("runs", "other"));
  const text = await runs();
  for (const id of ids().filter((name) => name !== "other")) expect(text).toMatch(new RegExp(`${id} +2 .* done`));
  expect(text).not.toContain("other");
});

test("show draws the curve of one, compare what differs", async () => {
  expect(await runs("show", "last")).toMatch(/units\s+5[\s\S]*valAccuracy, sentiment-[\s\S]*▁|█/);
  const compared = await runs("compare", ids().find((id) => id.startsWith("sentiment"))!, "last");
  expect(compared).toMatch(/\n {2}units +4 +5\n/);
  expect(compared).not.toMatch(/\n {2}embedding /);
});

test("--json has it all", async () => {
  const { runs: listed } = jsonOf(await tavali(["runs", "--json"], { cwd: folder })) as {
    runs: { facts: object; epochs: number }[];
  };
  expect(listed).toMatchObject([
    { epochs: 2, outcome: "done", facts: { task: "sentiment", options: { units: 4 } } },
    { epochs: 2 },
  ]);
});

test("a resumed training goes on in its folder, and --no-log leaves none", async () => {
  const before = ids();
  await train("--epochs", "1", "--checkpoint", "states", "--runs", "others");
  const run = await train("--epochs", "3", "--resume", "states", "--runs", "others");
  expect(run.code).toBe(0);
  expect(readdirSync(at("others"))).toHaveLength(1);
  const { runs: listed } = jsonOf(await tavali(["runs", "list", "--runs", "others", "--json"], { cwd: folder })) as {
    runs: object[];
  };
  expect(listed).toMatchObject([{ epochs: 3 }]);
  await train("--epochs", "1", "--no-log");
  expect(ids()).toEqual(before);
});

test.each([
  [["show", "nobody"], 1, /no run "nobody"; there are sentiment-/],
  [["--runs", "nowhere", "show", "last"], 1, /nowhere does not exist/],
  [["show", "last", "--runs", "nowhere"], 1, /nowhere does not exist/],
  [["compare", "last"], 2, /name two runs or more/],
  [["compare", "last", "last", "--number", "foo"], 2, /no run reports "foo"/],
])("%j is refused with what to do", async (args, code, message) => {
  const run = await tavali(["runs", ...args], { cwd: folder });
  expect(run.code).toBe(code);
  expect(run.stderr).toMatch(message);
});
