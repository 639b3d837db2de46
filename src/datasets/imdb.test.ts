import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync, strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { ConfigError, FormatError } from "../errors.js";
import { decode, getWordIndex, type ImdbOptions, loadData } from "./imdb.js";

const toyPath = fileURLToPath(new URL("../../tests/golden/utilities/toy_imdb.npz", import.meta.url));
const bytes = new Uint8Array(readFileSync(toyPath));

interface Case {
  args: Record<string, number | null>;
  x_train: number[][];
  y_train: number[];
  x_test: number[][];
  y_test: number[];
  error?: string;
}
const golden = JSON.parse(
  readFileSync(new URL("../../tests/golden/utilities/imdb_load_data_toy.json", import.meta.url), "utf8"),
) as { cases: Case[] };
const camel: Record<string, keyof ImdbOptions> = {
  num_words: "numWords",
  skip_top: "skipTop",
  oov_char: "oovChar",
  start_char: "startChar",
  index_from: "indexFrom",
};
const optionsOf = (args: Case["args"]) =>
  Object.fromEntries(Object.entries(args).map(([key, value]) => [camel[key] ?? key, value])) as ImdbOptions;

describe("imdb.loadData", () => {
  for (const { args, error, ...expected } of golden.cases) {
    if (error !== undefined) {
      test(`refuses ${JSON.stringify(args)} as Keras does`, async () => {
        await expect(loadData({ ...optionsOf(args), bytes })).rejects.toThrow(
          /no train review was kept. Increase maxlen/,
        );
      });
    } else {
      test(`gives Keras's reviews in Keras's order with ${JSON.stringify(args)}`, async () => {
        const { train, test } = await loadData({ ...optionsOf(args), bytes });
        expect({
          x_train: train.x.map((ids) => [...ids]),
          y_train: [...train.y],
          x_test: test.x.map((ids) => [...ids]),
          y_test: [...test.y],
        }).toEqual({
          x_train: expected.x_train,
          y_train: expected.y_train,
          x_test: expected.x_test,
          y_test: expected.y_test,
        });
      });
    }
  }

  test("reads a local file", async () => {
    expect(await loadData({ path: toyPath })).toEqual(await loadData({ bytes }));
  });

  test("misuse is explained", async () => {
    await expect(loadData({ bytes, numWords: 1.5 })).rejects.toThrow(ConfigError);
    await expect(loadData({ bytes, seed: -1 })).rejects.toThrow(ConfigError);
    await expect(loadData({ path: "/no/such/imdb.npz" })).rejects.toThrow(/\/no\/such\/imdb\.npz does not exist/);
    await expect(loadData({ path: "/" })).rejects.toThrow(/is not a file/);
    await expect(loadData({ bytes: zipSync({ "x.npy": numbers }) })).rejects.toThrow(/is not the IMDB data set/);
    await expect(loadData({ bytes: bytes.subarray(0, 900) })).rejects.toThrow(FormatError);
    await expect(loadData({ path: toyPath, signal: AbortSignal.abort() })).rejects.toThrow(/abort/);
  });
});

const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }\n";
const numbers = Uint8Array.from(`\x93NUMPY\x01\x00${String.fromCharCode(header.length)}\x00${header}\x05`, (c) =>
  c.charCodeAt(0),
);

describe("imdb.getWordIndex", () => {
  test("reads a word index, plain or gzip, whatever the words are", async () => {
    const json = strToU8('{"the": 1, "__proto__": 3, "7": 2}');
    for (const content of [json, gzipSync(json)]) {
      const index = await getWordIndex({ bytes: content });
      expect([index.get("the"), index.get("7"), index.get("__proto__")]).toEqual([1, 2, 3]);
    }
  });

  test("anything else is a FormatError", async () => {
    for (const text of ["", "{", "[]", "{}", '{"a": 0}', '{"a": "b"}', "\xff"]) {
      await expect(getWordIndex({ bytes: strToU8(text, true) })).rejects.toThrow(FormatError);
    }
  });
});

describe("imdb.decode", () => {
  const index = { the: 1, film: 2, good: 3 };

  test("leaves padding and the start token out and marks unknown words", () => {
    expect(decode([0, 0, 1, 4, 5, 2, 6, 900], index)).toBe("the film ? good ?");
  });

  test("without a shift an id of 1 is a word", () => {
    expect(decode([1, 2, 3], index, { indexFrom: 0 })).toBe("the film good");
  });

  const data = process.env.TAVALI_DATA ?? resolve(import.meta.dirname, "../../../shared/data");
  const path = join(data, "imdb", "imdb_word_index.json.gz");
  // Left out where the published data is absent: it may not be copied here. TAVALI_DATA names its folder.
  test.skipIf(!existsSync(path))("reads the published word index", async () => {
    const published = await getWordIndex({ path });
    expect(published.size).toBe(88584);
    expect(decode([1, 4, 5], published)).toBe("the and");
  });
});
