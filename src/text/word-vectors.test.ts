import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError } from "../errors.js";
import { readWordVectors, type WordVectors } from "./index.js";

const rows = "the 0.5 -1 2e-1\ncat 1 2 3\nfilm 4 5 6\n";

const asRecord = ({ words, dimension, vectors }: WordVectors): Record<string, number[]> =>
  Object.fromEntries(
    words.map((word, i) => [word, Array.from(vectors.subarray(i * dimension, (i + 1) * dimension), Math.fround)]),
  );

describe("readWordVectors", () => {
  it("reads words and their numbers", async () => {
    expect(await readWordVectors(rows)).toEqual({
      words: ["the", "cat", "film"],
      dimension: 3,
      vectors: Float32Array.of(0.5, -1, 0.2, 1, 2, 3, 4, 5, 6),
    });
  });

  it("keeps only the wanted words, by a set or a question", async () => {
    const film = { words: ["film"], dimension: 3, vectors: Float32Array.of(4, 5, 6) };
    expect(await readWordVectors(rows, { wanted: new Set(["film", "plot"]) })).toEqual(film);
    expect(await readWordVectors(rows, { wanted: (word) => word.length === 4 })).toEqual(film);
    expect(await readWordVectors(rows, { wanted: new Set() })).toEqual({
      words: [],
      dimension: 3,
      vectors: new Float32Array(0),
    });
  });

  it("reads word2vec's and fastText's form: a first row of counts, spaces at ends, CRLF, no last line break", async () => {
    const read = await readWordVectors("2 3\r\nمی‌رود 1 2 3 \r\n7 4 5 6");
    expect(read.words).toEqual(["می‌رود", "7"]);
    expect([...read.vectors]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("refuses a file of something else, even if no word of its first row is wanted", async () => {
    for (const rows of ["label,text\npos,a film\n", "the film was great\nthe plot was not\n"]) {
      await expect(readWordVectors(rows, { wanted: new Set(["cat"]) })).rejects.toThrow(
        /row 1: (has 0 numbers|holds "film")/,
      );
    }
  });

  it("takes words with spaces in them, and the first of two", async () => {
    const read = await readWordVectors(". 1 2\n. . . 3 4\nat a@b.c 5 6\n. 7 8\n");
    expect(asRecord(read)).toEqual({ ".": [1, 2], ". . .": [3, 4], "at a@b.c": [5, 6] });
  });

  it("reads the same in whatever chunks the text comes", async () => {
    const table = fc.array(
      fc.tuple(
        fc.stringMatching(/^[a-zآ-ی‌]{1,6}$/),
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 2, maxLength: 2 }),
      ),
      { minLength: 1, maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(table, fc.array(fc.nat(200)), async (all, cuts) => {
        const text = all.map(([word, numbers]) => `${word} ${numbers.join(" ")}`).join("\n");
        const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
        const read = await readWordVectors(places.slice(1).map((end, i) => text.slice(places[i]!, end)));
        const firsts = new Map([...all].reverse());
        expect(new Map(Object.entries(asRecord(read)))).toEqual(
          new Map(
            read.words.map((word) => [word, firsts.get(word)!.map((number) => Math.fround(Number(String(number))))]),
          ),
        );
        expect(read.words).toEqual([...new Set(all.map(([word]) => word))]);
      }),
    );
  });

  it.each<[string, RegExp]>([
    ["", /^glove\.txt: is empty/],
    ["2 3\n", /^glove\.txt: is empty/],
    ["the\n", /^glove\.txt, row 1: has 0 numbers, expected some/],
    ["the 1 2\ncat 1\n", /^glove\.txt, row 2: has 1 number, expected 2/],
    ["the 1 2\ncat 1 2 3\n", /^glove\.txt, row 2: has 3 numbers, expected 2/],
    ["the 1 2\ncat 1 x\n", /^glove\.txt, row 2: holds "x" where a number is expected/],
    ["the 1 NaN\n", /^glove\.txt, row 1: holds "NaN"/],
    ["the 1  2\n", /^glove\.txt, row 1: holds "" where/],
    ["the 1 2\n\ncat 1 2\n", /^glove\.txt, row 2: is empty/],
    ["3 2\nthe 1 2\n", /^glove\.txt: its first row promises 3 words, but it has 1\. It is truncated/],
    ["1 2\nthe 1 2 3\n", /^glove\.txt, row 2: has 3 numbers, expected 2/],
    [`${"x".repeat(1_000_000)}\n`, /^glove\.txt, row 1: has 0 numbers/],
  ])("says what is wrong with %j and where", async (text, message) => {
    const error = await readWordVectors(text, { name: "glove.txt" }).catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message.length).toBeLessThan(200);
  });
});
