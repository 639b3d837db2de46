import { existsSync } from "node:fs";
import { gzipSync, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { FormatError } from "../errors.js";
import { Random } from "../tensor/random.js";
import { loadTaggedSentences } from "./load-tagged-sentences.js";
import {
  pickSentences,
  sentenceCount,
  splitSentences,
  type TaggedSentences,
  tagsOf,
  wordsOf,
} from "./tagged-sentences.js";
import { parseTaggedSentences, type TaggedTextOptions } from "./tagged-text.js";

const encoder = new TextEncoder();
const parse = (text: string, name = "a.conll", options: TaggedTextOptions = {}) =>
  parseTaggedSentences(encoder.encode(text), name, options);
const rows = (sentences: TaggedSentences) =>
  Array.from({ length: sentenceCount(sentences) }, (_, i) =>
    wordsOf(sentences, i)
      .map((word, k) => `${word}/${tagsOf(sentences, i)[k]}`)
      .join(" "),
  );

describe("files of tagged words", () => {
  it("are read as CoNLL's columns, whatever stands between them", () => {
    const text = "-DOCSTART- -X- O O\n\nEU NNP I-NP I-ORG\nrejects VBZ I-VP O\n\nPeter NNP I-NP I-PER\n";
    expect(rows(parse(text))).toEqual(["EU/I-ORG rejects/O", "Peter/I-PER"]);
    expect(rows(parse(text, "a.txt", { tagColumn: 2 }))[0]).toBe("EU/I-NP rejects/I-VP");
  });

  it("are read as two columns between tabs, with Windows's line ends and lines of nothing but a tab", () => {
    expect(rows(parse("Empire\tB-place\r\nState\tI-place\r\n\t\r\nHello\tO"))).toEqual([
      "Empire/B-place State/I-place",
      "Hello/O",
    ]);
  });

  it("are read as a table whose sentences are numbered on the first row, or on all rows", () => {
    const table = 'Sentence #,Word,POS,Tag\nSentence: 1,"""",",",O\n,London,NNP,B-geo\nSentence: 2,Go,VB,O\n';
    expect(rows(parse(table, "a.csv"))).toEqual(['"/O London/B-geo', "Go/O"]);
    expect(rows(parse("sentence,token,label\n1,a,O\n1,b,B-x\n2,c,O\n", "a.csv"))).toEqual(["a/O b/B-x", "c/O"]);
    expect(rows(parse("x,y\na,O\n", "a.csv", { wordColumn: "x", tagColumn: "y" }))).toEqual(["a/O"]);
  });

  it("may be packed, and in latin-1", () => {
    const bytes = encoder.encode("a\tO\n");
    expect(rows(parseTaggedSentences(gzipSync(bytes), "a.tsv.gz"))).toEqual(["a/O"]);
    const table = encoder.encode("word,tag\nb,O\n");
    expect(rows(parseTaggedSentences(zipSync({ "x.csv": table }), "a.zip"))).toEqual(["b/O"]);
    expect(() => parseTaggedSentences(zipSync({ a: bytes, b: bytes }), "a.zip")).toThrow(
      "a.zip: the archive holds 2 files",
    );
    const latin = Uint8Array.from([...encoder.encode("Caf"), 0xe9, ...encoder.encode("\tO\n")]);
    expect(rows(parseTaggedSentences(latin, "a.tsv", { encoding: "latin1" }))).toEqual(["Café/O"]);
  });

  it("keep every word once, and parts of them share the table", () => {
    const whole = parse("a\tO\nb\tB-x\n\na\tO\n\nb\tB-x\na\tO\n");
    expect(whole.words).toEqual(["a", "b"]);
    const part = pickSentences(whole, [2, 0]);
    expect(rows(part)).toEqual(["b/B-x a/O", "a/O b/B-x"]);
    expect(part.words).toBe(whole.words);
    const { train, test } = splitSentences(whole, 0.3, 1);
    expect([...rows(train), ...rows(test)].sort()).toEqual(rows(whole).sort());
  });

  it.each([
    ["ragged rows", "a\tO\nb\tx\tO\n", "a.conll, row 2: has 3 columns, but the rows before it have 2."],
    ["one column", "\nHello\n", "a.conll, row 2: has 1 column, but at least two are needed"],
    [
      "a tag that is none",
      "a\tO\nb\tperson\n",
      'a.conll, row 2: "person" is not a tag. Expected O, or B-, I-, E- or S- and a type',
    ],
    ["an empty word", "a\tO\n\tO\n", "a.conll, row 2: the word is empty"],
    ["an empty file", "", "a.conll: is empty"],
    ["a file of blank lines", "\n\n", "a.conll: holds no tagged words"],
    ["one long line", `${"word O ".repeat(1_500_000)}`, "a.conll, row 1: is 10500000 characters long"],
    ["a binary file", "a\tO\nb\u0000", "a.conll, row 2: is a binary file (a zero byte at 5)"],
  ])("are refused in one line: %s", (_, text, message) => {
    expect(() => parse(text)).toThrow(FormatError);
    expect(() => parse(text)).toThrow(message);
  });

  it.each([
    ["a ragged table", "word,tag\na,O\nb,x,O\n", "a.csv, row 3: has 3 columns, but the header has 2"],
    [
      "a table without a column",
      "word,pos\na,O\n",
      'a.csv, row 1: has no tag column "tag" (the columns are "word", "pos")',
    ],
    ["broken quotes", 'word,tag\n"a,O\n', "a.csv, row 2: the quoting is broken"],
  ])("are refused in one line: %s", (_, text, message) => {
    expect(() => parse(text, "a.csv")).toThrow(message);
  });

  it("that are not UTF-8 are refused with the row, and say how to read them", () => {
    const bytes = Uint8Array.from([...encoder.encode("é\tO\nCaf"), 0xe9, 0x09, 0x4f]);
    expect(() => parseTaggedSentences(bytes, "a.tsv")).toThrow(
      "a.tsv, row 2: is not valid UTF-8. Save the file as UTF-8, or read it with the encoding latin1.",
    );
  });

  it("of any bytes at all give sentences or a FormatError", () => {
    const random = new Random(5);
    const letters = ["a", "\t", "\n", "O", "B-x", " ", "é", '"', ",", "word,tag\n", "\r\n", "-DOCSTART-"];
    for (let i = 0; i < 300; i++) {
      const text = Array.from({ length: random.integer(30) }, () => letters[random.integer(letters.length)]!).join("");
      for (const name of ["a.tsv", "a.csv"]) {
        try {
          expect(sentenceCount(parse(text, name))).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
          expect((error as Error).message).not.toContain("\n");
        }
      }
    }
  });
});

const data = new URL("../../../shared/data/ner/", import.meta.url);

// They are not part of the repository: only where they lie beside the clone.
describe.skipIf(!existsSync(data))("the published sets", () => {
  const at = (name: string) => new URL(name, data).pathname;

  it("WNUT 2017 has 3,394 training sentences", async () => {
    const sentences = await loadTaggedSentences(at("wnut17/wnut17train.conll"));
    expect([sentenceCount(sentences), sentences.tags.length]).toEqual([3394, 13]);
  });

  it("the Groningen extract has 47,959 sentences, in latin-1", async () => {
    await expect(loadTaggedSentences(at("gmb.csv.zip"))).rejects.toThrow("is not valid UTF-8");
    const sentences = await loadTaggedSentences(at("gmb.csv.zip"), { encoding: "latin1" });
    expect([sentenceCount(sentences), sentences.wordIds.length]).toEqual([47_959, 1_048_575]);
  }, 60_000);
});
