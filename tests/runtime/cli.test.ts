/** The command of the built package, as users run it: results, the contract of --json, errors, reproducibility, Ctrl-C. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadModel } from "tavali/formats";
import { asClassifier, loadClassifierData, predictTexts } from "tavali/recipes";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jsonOf, tavali } from "./tavali.js";

const folder = mkdtempSync(path.join(tmpdir(), "tavali-cli-"));
const at = (name: string) => path.join(folder, name);
const small = ["--units", "8", "--embedding", "8", "--batch-size", "16", "--epochs", "2", "--learning-rate", "0.005"];
const rnn = ["--cell", "simpleRNN", "--encoder", "last"];
const texts = ["The plot was hardly dull, yet I regretted the ending.", "a superb film", "zzz"];

beforeAll(async () => {
  const { train, test: held, classNames } = await loadClassifierData();
  const csv = ({ texts, labels }: typeof train, count: number) =>
    ["label,text", ...texts.slice(0, count).map((text, i) => `${classNames[labels[i]!]},"${text}"`)].join("\n");
  mkdirSync(at("reviews"));
  writeFileSync(at("reviews/train.csv"), csv(train, 400));
  writeFileSync(at("reviews/test.csv"), csv(held, 100));
  writeFileSync(at("one.csv"), csv(train, 400));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const train = (out: string, ...more: string[]) =>
  tavali(["train", "sentiment", "--data", "reviews", "--out", out, ...small, ...rnn, ...more], { cwd: folder });

describe("tavali train, predict and evaluate", () => {
  test("train --json ends with one object and keeps all text off standard output", async () => {
    const run = await train("a.tavali", "--json");
    expect(run.code).toBe(0);
    expect(jsonOf(run)).toMatchObject({ epochs: 2, interrupted: false, model: "a.tavali" });
    for (const key of ["accuracy", "macroF1", "testLoss", "seconds", "parameters", "peakMemoryMiB"]) {
      expect(jsonOf(run)[key], key).toBeTypeOf("number");
    }
    expect(jsonOf(run)).toMatchObject({ classes: [{ name: "negative" }, { name: "positive" }] });
    expect((jsonOf(run).confusion as number[][]).flat().reduce((sum, count) => sum + count, 0)).toBe(100);
    expect(run.stderr).toContain("saved");
    expect(run.stderr).not.toContain("\u001b");
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test("equal seeds give equal files, bit for bit, and another seed another file", async () => {
    await train("b.tavali", "--json");
    await train("c.tavali", "--json", "--seed", "2");
    const a = readFileSync(at("a.tavali"));
    expect(readFileSync(at("b.tavali")).equals(a)).toBe(true);
    expect(readFileSync(at("c.tavali")).equals(a)).toBe(false);
  });

  test("predict in a fresh process says what the model says in this one", async () => {
    const run = await tavali(["predict", at("a.tavali"), ...texts, "--json"]);
    const { predictions } = jsonOf(run) as { predictions: object[] };
    const loaded = asClassifier(await loadModel(at("a.tavali")), "a.tavali");
    expect(predictions).toEqual(JSON.parse(JSON.stringify(await predictTexts(loaded, texts))));
    expect(predictions[2]).toMatchObject({ text: "zzz", unknown: ["zzz"] });
  });

  test("inspect shows every word, and writes a page that needs nothing else", async () => {
    const { code, stdout, stderr } = await tavali([
      "inspect",
      at("a.tavali"),
      texts[1]!,
      "--html",
      at("inspection.html"),
    ]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("What it says after each word");
    expect(stdout).toMatch(/unit +\d+ {2}moves \d\.\d\d, most at “(a|superb|film)”/);
    for (const word of ["a", "superb", "film"]) expect(stdout).toMatch(new RegExp(`^ +\\d+ .?${word}.? `, "m"));
    expect(readFileSync(at("inspection.html"), "utf8")).toContain("<h3>simple_rnn</h3>");
    const data = jsonOf(await tavali(["inspect", at("a.tavali"), texts[1]!, "--json"])) as {
      inspections: {
        verdicts: Record<string, number>[];
        layers: { weights: Record<string, { shares: number[] }> }[];
      }[];
    };
    const { predictions } = jsonOf(await tavali(["predict", at("a.tavali"), texts[1]!, "--json"])) as {
      predictions: { probabilities: Record<string, number> }[];
    };
    const last = data.inspections[0]!.verdicts.at(-1)!;
    expect(last.positive).toBeCloseTo(predictions[0]!.probabilities.positive!, 6);
    const { shares } = data.inspections[0]!.layers[0]!.weights.recurrent_kernel!;
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
  });

  test("predict for people shows each text with its label on standard output", async () => {
    const { code, stdout, stderr } = await tavali(["predict", at("a.tavali"), ...texts]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^ {2}(negative|positive)\s+[01]\.\d{3} {2}The plot was hardly dull/);
    expect(stdout).toContain("unknown: zzz");
  });

  test("evaluate finds the accuracy that training reported, on the test part", async () => {
    const trained = jsonOf(await train("a.tavali", "--json"));
    const run = await tavali(["evaluate", "a.tavali", "--data", "reviews", "--json"], { cwd: folder });
    expect(jsonOf(run)).toMatchObject({ count: 100, accuracy: trained.accuracy, model: "a.tavali" });
    expect(jsonOf(run).loss).toBe(trained.testLoss);
    expect(jsonOf(run).confusion).toEqual(trained.confusion);
  });

  test("a table without a test part is split, and every encoder trains", async () => {
    for (const encoder of ["mean", "max", "attention"]) {
      const more = ["--data", "one.csv", "--encoder", encoder, "--out", "d.tavali", ...small, "--json"];
      const run = await tavali(["train", "sentiment", ...more], { cwd: folder });
      expect(jsonOf(run).epochs).toBe(2);
      expect(run.stderr).toMatch(/set\s+aside\s+at\s+random/);
    }
  });
});

describe("tavali train classify", () => {
  const rows = Array.from(
    { length: 60 },
    (_, i) => `${["-1", "0", "2"][i % 3]},${["poor", "plain", "great"][i % 3]} ${i}`,
  );
  const columns = ["--text-column", "1", "--label-column", "0"];
  const own = ["--data", "stars.csv", "--test", "stars.csv", ...columns, ...small, "--no-log"];
  beforeAll(() => writeFileSync(at("stars.csv"), rows.join("\n")));

  test("learns any number of classes from a table without a header, beside a bag of words", async () => {
    const more = [
      "--epochs",
      "12",
      "--learning-rate",
      "0.02",
      "--bidirectional",
      "--baseline",
      "--out",
      "stars.tavali",
    ];
    const run = await tavali(["train", "classify", ...own, ...more, "--json"], { cwd: folder });
    expect(jsonOf(run)).toMatchObject({ accuracy: 1, macroF1: 1, baseline: { accuracy: 1, macroF1: 1 } });
    expect(jsonOf(run).confusion).toHaveLength(3);
    const { stdout } = await tavali(["predict", "stars.tavali", "great"], { cwd: folder });
    expect(stdout).toMatch(/^ {2}2 {3}0\.\d+ {2}great\n +then (-1|0) 0\.\d+, (-1|0) 0\.\d+\n$/);
    const measured = await tavali(["evaluate", "stars.tavali", "--data", "stars.csv", ...columns], { cwd: folder });
    expect(measured.stdout).toMatch(/macroF1 1\.000[\s\S]*precision +recall +F1[\s\S]*taken for/);
  });

  test("puts labels together into classes and says what it leaves out", async () => {
    const classes = ["--classes", "bad=-1,-2", "good=1,2", "--out", "two.tavali"];
    const run = await tavali(["train", "classify", ...own, ...classes], { cwd: folder });
    expect([run.code, run.stderr]).toEqual([0, ""]);
    expect(run.stdout).toMatch(/skipped +40 texts/);
    expect(run.stdout).toMatch(/classes +2: bad, good/);
  });

  test("reads characters", async () => {
    const run = await tavali(["train", "classify", ...own, "--pieces", "characters", "--out", "c.tavali", "--json"], {
      cwd: folder,
    });
    expect(run.stderr).toContain("characters known");
  });
});

describe("tavali start", () => {
  test("shows the curve, the baseline and five sentences, and writes a model", async () => {
    const run = await tavali(["start", "--data", "reviews", "--out", "s.tavali", ...small], {
      cwd: folder,
      env: { COLUMNS: "72" },
    });
    expect([run.code, run.stderr]).toEqual([0, ""]);
    for (const part of ["Learning curve", "bag of words", "Five sentences", "Next", "█"])
      expect(run.stdout).toContain(part);
    const lines = run.stdout.split("\n").filter((line) => !line.includes("tavali predict"));
    expect(lines.filter((line) => [...line].length > 72)).toEqual([]);
    expect(existsSync(at("s.tavali"))).toBe(true);
  });

  test("--json has the results", async () => {
    const run = await tavali(["start", "--data", "reviews", "--out", "s.tavali", ...small, "--json"], { cwd: folder });
    const { predictions, bagOfWordsAccuracy, accuracy } = jsonOf(run);
    expect(predictions).toHaveLength(5);
    expect([typeof bagOfWordsAccuracy, typeof accuracy]).toEqual(["number", "number"]);
  });
});

describe("tavali doctor", () => {
  test("names the engine and a speed", async () => {
    const { matmul, engine, simd } = jsonOf(await tavali(["doctor", "--json"])) as Record<string, unknown> & {
      matmul: { gigaflops: number }[];
    };
    expect([engine, simd]).toEqual(["wasm", true]);
    expect(matmul[0]!.gigaflops).toBeGreaterThan(0);
  });
});

describe("what goes wrong is one line and an exit code", () => {
  const damaged = () => {
    const bytes = readFileSync(at("a.tavali"));
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(at("damaged.tavali"), bytes);
    return "damaged.tavali";
  };
  test.each([
    ["an unknown command", () => ["fly"], 2, "unknown command 'fly'"],
    [
      "an unknown option",
      () => ["train", "sentiment", "--unit", "3"],
      2,
      "unknown option '--unit' (Did you mean --units?)",
    ],
    [
      "a value out of range",
      () => ["train", "sentiment", "--units", "0"],
      2,
      "Expected a whole number from 1 to 4096.",
    ],
    [
      "labels without texts",
      () => ["train", "classify", "--data", "one.csv", "--text-column", "x"],
      1,
      'one.csv, row 1: has no text column "x"',
    ],
    [
      "a group that is none",
      () => ["train", "classify", "--data", "one.csv", "--classes", "x"],
      2,
      "Expected a class and its labels",
    ],
    ["a table without its flag", () => ["train", "classify", "one.csv"], 2, "Did you mean --data one.csv?"],
    ["a training without data", () => ["train", "classify"], 2, "train classify needs --data <path>"],
    ["an interval alone", () => ["train", "lm", "--checkpoint-every", "5s"], 2, "needs --checkpoint FOLDER"],
    ["a file without its flag", () => ["train", "tag", "one.conll"], 2, "Did you mean --data one.conll?"],
    ["a missing argument", () => ["predict", "a.tavali"], 2, "missing required argument 'texts'"],
    ["missing data", () => ["train", "sentiment", "--data", "nowhere"], 1, "nowhere does not exist"],
    [
      "a folder that is missing for --out",
      () => ["train", "sentiment", "--out", "no/where.tavali"],
      1,
      "no/where.tavali cannot be written",
    ],
    ["a missing model", () => ["predict", "gone.tavali", "x"], 1, "gone.tavali does not exist"],
    ["a model that is none", () => ["predict", "one.csv", "x"], 1, "one.csv: this is not a Tavali model file"],
    ["a damaged model", () => ["evaluate", damaged()], 1, "damaged.tavali: the checksum is wrong"],
  ])("%s", async (_, args, code, message) => {
    const run = await tavali(args(), { cwd: folder });
    expect(run).toMatchObject({ code, stdout: "" });
    expect(run.stderr).toContain(message);
    expect(run.stderr).toMatch(/^tavali: [^\n]*\n$/);
    const json = await tavali([...args(), "--json"], { cwd: folder });
    expect([json.code, json.stdout]).toEqual([code, ""]);
  });

  test("TAVALI_DEBUG=1 shows where", async () => {
    const { stderr } = await tavali(["predict", "gone.tavali", "x"], { cwd: folder, env: { TAVALI_DEBUG: "1" } });
    expect(stderr).toMatch(/\n\s+at /);
  });

  test("help and version are no errors", async () => {
    for (const args of [
      ["--help"],
      ["help", "train"],
      ["help", "train", "lm"],
      ["train", "sentiment", "--help"],
      ["--version"],
      [],
    ]) {
      const { code, stdout, stderr } = await tavali(args);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout.length).toBeGreaterThan(5);
    }
    const help = async (...args: string[]) => (await tavali(args)).stdout;
    expect(await help("help", "train", "lm")).toBe(await help("train", "lm", "--help"));
    expect(await help("help", "runs", "show")).toBe(await help("runs", "show", "--help"));
  });
});

describe("Ctrl-C", () => {
  const long = ["train", "sentiment", "--data", "reviews", "--json", ...small, "--epochs", "10000", "--patience", "0"];
  // Windows has no signals that a parent could send.
  test.skipIf(process.platform === "win32")("keeps the best of the finished epochs and says where", async () => {
    const run = await tavali([...long, "--out", "kept.tavali"], {
      cwd: folder,
      onStderr: (text, kill) => {
        if (!/ 2\/10000 /.test(text) || text.includes("Interrupted")) return;
        // Twice, as `npm start` does: the terminal signals all processes, and npm passes the signal on.
        kill("SIGINT");
        kill("SIGINT");
      },
    });
    expect(run.code).toBe(130);
    expect(jsonOf(run)).toMatchObject({ interrupted: true, model: "kept.tavali" });
    expect(run.stderr).toMatch(/saved\s+kept\.tavali/);
    expect((await tavali(["predict", at("kept.tavali"), "fine"])).code).toBe(0);
  });
});
