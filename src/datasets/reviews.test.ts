import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import fc from "fast-check";
import { gzipSync, strToU8 } from "fflate";
import Papa from "papaparse";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConfigError, FormatError } from "../errors.js";
import type { ReviewColumns } from "./review-table.js";
import { loadReviews, parseReviews } from "./reviews.js";

const parse = (name: string, content: string | Uint8Array, columns?: ReviewColumns) =>
  parseReviews({ train: { name, bytes: typeof content === "string" ? strToU8(content) : content } }, { columns });

describe("parseReviews", () => {
  test("finds the columns by their header and ignores the others", () => {
    const {
      train,
      test: none,
      classNames,
    } = parse("a.tsv", 'label\trating\tid\ttext\n1\t9\tx\tso "good"\n0\t2\ty\tbad\n');
    expect(train).toEqual({ texts: ['so "good"', "bad"], labels: Int32Array.of(1, 0) });
    expect(none).toBeUndefined();
    expect(classNames).toEqual(["negative", "positive"]);
  });

  test("a quotation mark in TSV is a character like any other", () => {
    expect(parse("a.tsv", 'text\tlabel\n"open\tneg\nclose"\tpos\n').train.texts).toEqual(['"open', 'close"']);
  });

  test("CSV quotes commas, line breaks and quotation marks", () => {
    const csv = '\ufeffreview,sentiment\r\n"one, ""two""\r\nthree",positive\r\nfour,negative\r\n';
    expect(parse("a.csv", csv).train.texts).toEqual(['one, "two"\nthree', "four"]);
  });

  test.each([";", "|"])("CSV may have %j between cells, where its header has no comma", (delimiter) => {
    const csv = `text${delimiter}label\none, two${delimiter}neg\n"a${delimiter}b"${delimiter}pos\n`;
    expect(parse("a.csv", csv).train.texts).toEqual(["one, two", `a${delimiter}b`]);
    expect(() => parse("a.csv", `${csv}a${delimiter}b${delimiter}pos\n`)).toThrow(
      `holds "${delimiter}" or a line break`,
    );
  });

  test("HTML line breaks become spaces", () => {
    expect(parse("a.tsv", "label\ttext\n1\ta<br /><br>b<BR/>c <b>d</b>\n").train.texts).toEqual(["a  b c <b>d</b>"]);
  });

  test("unpacks gzip whatever the file is called", () => {
    expect(parse("a.csv", gzipSync(strToU8("label,text\n1,good\n"))).train.texts).toEqual(["good"]);
  });

  test("labels of any spelling become numbers of sorted classes", () => {
    const labelled = (labels: string[]) => parse("a.csv", `label,text\n${labels.map((l) => `${l},x\n`).join("")}`);
    expect(labelled(["neg", "POS", "positive"])).toMatchObject({ classNames: ["negative", "positive"] });
    expect([...labelled(["neg", "POS", "positive"]).train.labels]).toEqual([0, 1, 1]);
    expect(labelled(["OFF", "NOT", "OFF"]).classNames).toEqual(["NOT", "OFF"]);
    expect([...labelled(["10", "-2", "9"]).train.labels]).toEqual([2, 0, 1]);
  });

  test("a test label that the training texts do not have is an error that names its row", () => {
    const file = (name: string, ...labels: string[]) => ({
      name,
      bytes: strToU8(`label,text\n${labels.map((label) => `${label},x\n`).join("")}`),
    });
    const { test: held } = parseReviews({ train: file("a.csv", "c", "b", "a"), test: file("b.csv", "b", "b") });
    expect([...held!.labels]).toEqual([1, 1]);
    expect(() => parseReviews({ train: file("a.csv", "b"), test: file("b.csv", "b", "c") })).toThrow(
      'b.csv, row 3: the label "c" does not occur in a.csv',
    );
    expect(() => parseReviews({ train: file("a.csv", "pos"), test: file("b.csv", "0") })).toThrow("b.csv, row 2");
  });

  test("labels can be put together into classes; texts of others are left out and counted", () => {
    const train = { name: "a.csv", bytes: strToU8("label,text\n-2,a\n0,b\n2,c\n-1,d\n") };
    const classes = { negative: ["-2", "-1"], positive: ["1", "2"] };
    expect(parseReviews({ train }, { classes })).toEqual({
      train: { texts: ["a", "c", "d"], labels: Int32Array.of(0, 1, 0) },
      classNames: ["negative", "positive"],
      leftOut: 1,
    });
  });

  test("columns can be named, or counted where there is no header", () => {
    expect(parse("a.csv", "Gut,Wie\nx,1\n", { text: "gut", label: "wie" }).train.texts).toEqual(["x"]);
    expect(parse("a.csv", "x,-2\ny,2\n", { text: 0, label: 1 })).toEqual({
      train: { texts: ["x", "y"], labels: Int32Array.of(0, 1) },
      classNames: ["-2", "2"],
      leftOut: 0,
    });
    // One position beside a name leaves the first row a header.
    expect(parse("a.csv", "who,what\nx,1\n", { text: 0, label: "what" }).train.texts).toEqual(["x"]);
    expect(parse("a.csv", "who,label\nx,1\n", { text: "who" }).train.texts).toEqual(["x"]);
  });

  const malformed: [title: string, content: string | Uint8Array, message: RegExp, name?: string][] = [
    ["an empty file", "", /^a\.tsv: is empty/],
    ["a header without rows", "label\ttext\n", /^a\.tsv: has a header but no rows/],
    ["a missing text column", "label\trating\n1\t2\n", /^a\.tsv, row 1: has no text column among "label", "rating"/],
    ["a missing label column", "text\n1\n", /^a\.tsv, row 1: has no label column/],
    ["a short row", "label\ttext\n1\tgood\n0\n", /^a\.tsv, row 3: has 1 column, but the first row has 2/],
    ["a long row", "label\ttext\n1\tgood\tbad\n", /^a\.tsv, row 2: has 3 columns/],
    ["a long row in CSV", "label,text\n1,good,bad\n", /^a\.csv, row 2: has 3 columns/, "a.csv"],
    ["an open quotation in CSV", 'label,text\n1,fine\n1,"good\n', /^a\.csv, row 3: the quoting is broken/, "a.csv"],
    ["ten million characters in a line", "x".repeat(10_000_000), /^a\.tsv, row 1: has no label column among "x{30}"\./],
    ["an empty label", "label\ttext\n\tgood\n", /^a\.tsv, row 2: the label is empty/],
    ["a binary file", Uint8Array.of(80, 75, 3, 4, 0, 0), /^a\.tsv: is a binary file/],
    [
      "invalid UTF-8",
      Uint8Array.from([...strToU8("label\ttext\n1\t"), 0xe9, 10]),
      /^a\.tsv, row 2: is not valid UTF-8/,
    ],
    [
      "truncated gzip",
      gzipSync(strToU8("label\ttext\n1\tgood\n")).subarray(0, 30),
      /^a\.tsv: the gzip .* is truncated or corrupt/,
    ],
  ];
  for (const [title, content, message, name = "a.tsv"] of malformed) {
    test(`${title} is one FormatError that names the file and the row`, () => {
      expect(() => parse(name, content)).toThrow(message);
      expect(() => parse(name, content)).toThrow(FormatError);
    });
  }

  test("whatever CSV writes is read back", () => {
    const cell = fc.string({ maxLength: 12, unit: fc.constantFrom(..."ab ,\"'\n\té<") });
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 8 }), (texts) => {
        const csv = Papa.unparse([["text", "label"], ...texts.map((text) => [text, "pos"])], { newline: "\n" });
        expect(parse("a.csv", csv).train.texts).toEqual(texts);
      }),
    );
  });

  test("any bytes at all give reviews or a FormatError", () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc
        .array(fc.constantFrom(..."label,text\t\"\n\r01 ;'"), { maxLength: 80 })
        .map((parts) => strToU8(parts.join(""))),
    );
    fc.assert(
      fc.property(noise, fc.constantFrom("a.csv", "a.tsv", "a"), fc.boolean(), (bytes, name, header) => {
        const whole = header ? Uint8Array.from([...strToU8("label,text\n"), ...bytes]) : bytes;
        try {
          parse(name, whole);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("loadReviews", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "tavali-reviews-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));
  const write = (name: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  };

  test("reads a folder with a subfolder for each class, in the order of the names", async () => {
    write("train/pos/1_9.txt", "good<br />film");
    write("train/pos/0_8.txt", "fine\n");
    write("train/neg/0_1.txt", "bad");
    write("train/unsup/0_0.txt", "unlabelled");
    write("train/labels.txt", "not a review");
    write("test/neg/0_1.txt", "worse");
    const steps: number[] = [];
    const reviews = await loadReviews(root, { onProgress: ({ files }) => steps.push(files) });
    expect(reviews).toEqual({
      train: { texts: ["bad", "fine", "good film"], labels: Int32Array.of(0, 1, 1) },
      test: { texts: ["worse"], labels: Int32Array.of(0) },
      classNames: ["negative", "positive"],
      leftOut: 0,
    });
    expect(steps).toEqual([3, 4]);
  });

  test("reads a folder with tables, packed or not", async () => {
    write("train.tsv.gz", gzipSync(strToU8("label\ttext\n1\tgood\n0\tpoor\n")));
    write("test.csv", "label,text\n0,bad\n");
    const { train, test: held } = await loadReviews(root);
    expect([train.texts, held!.texts]).toEqual([["good", "poor"], ["bad"]]);
  });

  test("reads one file, and then there is no test part", async () => {
    write("mine.csv", "label,text\nspam,buy\nham,hello\n");
    const reviews = await loadReviews(join(root, "mine.csv"));
    expect(reviews.classNames).toEqual(["ham", "spam"]);
    expect("test" in reviews).toBe(false);
  });

  test("errors name the file", async () => {
    write("train/pos/0_1.txt", "");
    await expect(loadReviews(root)).rejects.toThrow(`${join(root, "train/pos/0_1.txt")}: is empty`);
    write("train/pos/0_1.txt", Uint8Array.of(0xff, 0xfe));
    await expect(loadReviews(root)).rejects.toThrow(/0_1\.txt, row 1: is not valid UTF-8/);
    rmSync(join(root, "train/pos/0_1.txt"));
    await expect(loadReviews(root)).rejects.toThrow(/pos: holds no \.txt file/);
    rmSync(join(root, "train/pos"), { recursive: true });
    await expect(loadReviews(root)).rejects.toThrow(ConfigError);
    await expect(loadReviews(join(root, "absent"))).rejects.toThrow(/does not exist; check the path/);
  });

  test("takes the test part from another path", async () => {
    write("train.csv", "label,text\n1,good\n0,poor\n");
    write("test.csv", "label,text\n0,bad\n");
    write("other.tsv", "label\ttext\n1\tgreat\n");
    const { test: held } = await loadReviews(root, { test: join(root, "other.tsv") });
    expect(held!.texts).toEqual(["great"]);
    await expect(loadReviews(root, { test: join(root, "none") })).rejects.toThrow(/none does not exist/);
  });

  test("a signal stops the reading", async () => {
    write("train/pos/0_1.txt", "good");
    await expect(loadReviews(root, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
  });

  const data = join(process.env.TAVALI_DATA ?? resolve(import.meta.dirname, "../../../shared/data"), "imdb");
  // Left out where the published data is absent: it may not be copied here. TAVALI_DATA names its folder.
  test.skipIf(!existsSync(data))("reads the 50,000 reviews of the Large Movie Review Dataset", async () => {
    const { train, test: held } = await loadReviews(data);
    for (const part of [train, held!]) {
      expect(part.texts).toHaveLength(25000);
      expect(part.labels.reduce((a, b) => a + b, 0)).toBe(12500);
      expect(part.texts.some((text) => text === "" || text.includes("<br"))).toBe(false);
    }
  });
});
