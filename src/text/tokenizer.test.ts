import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError, DataError, FormatError, StateError } from "../errors.js";
import { type MatrixMode, Tokenizer, wordTokenizer } from "./tokenizer.js";
import type { TokenizerOptions } from "./tokenizer-options.js";

interface Case {
  args: Record<string, unknown>;
  texts: string[];
  word_counts: Record<string, number>;
  word_index: Record<string, number>;
  document_count: number;
  word_docs: Record<string, number>;
  new_texts: string[];
  sequences: number[][];
  back: string[];
  matrices: Record<MatrixMode, number[][]>;
  json: string;
}
const golden = JSON.parse(
  readFileSync(new URL("../../tests/golden/utilities/tokenizer.json", import.meta.url), "utf8"),
) as { cases: Case[] };

const camel: Record<string, keyof TokenizerOptions> = {
  num_words: "numWords",
  oov_token: "oovToken",
  char_level: "charLevel",
  lower: "lower",
  filters: "filters",
};
const optionsOf = (args: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(args).map(([key, value]) => [camel[key]!, value])) as TokenizerOptions;

/** Keras's JSON with the inner JSON texts parsed too; the order of word_docs is a Python set's and carries no meaning. */
function unwrapped(json: string): unknown {
  const { class_name, config } = JSON.parse(json) as { class_name: string; config: Record<string, unknown> };
  const inner = ["word_counts", "word_docs", "index_docs", "index_word", "word_index"];
  return {
    class_name,
    config: Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key, inner.includes(key) ? JSON.parse(value as string) : value]),
    ),
  };
}

describe("Tokenizer with Keras's options", () => {
  for (const sample of golden.cases) {
    const title = JSON.stringify(sample.args);
    const fitted = () => wordTokenizer(optionsOf(sample.args), sample.texts);

    test(`learns Keras's vocabulary with ${title}`, () => {
      const tokenizer = fitted();
      expect([...tokenizer.wordCounts]).toEqual(Object.entries(sample.word_counts));
      expect([...tokenizer.wordIndex]).toEqual(Object.entries(sample.word_index));
      expect(Object.fromEntries(tokenizer.wordDocs)).toEqual(sample.word_docs);
      expect(tokenizer.documentCount).toBe(sample.document_count);
    });

    test(`turns texts into Keras's ids and back with ${title}`, () => {
      const tokenizer = fitted();
      expect(tokenizer.textsToSequences(sample.new_texts)).toEqual(sample.sequences);
      expect(tokenizer.sequencesToTexts(sample.sequences)).toEqual(sample.back);
    });

    test(`weighs words as Keras does with ${title}`, () => {
      for (const [mode, expected] of Object.entries(sample.matrices)) {
        const matrix = fitted().textsToMatrix(sample.new_texts, mode as MatrixMode);
        expect(matrix.shape).toEqual([expected.length, expected[0]!.length]);
        expected.flat().forEach((value, i) => {
          expect(matrix.data[i]).toBeCloseTo(value, 6);
        });
      }
    });

    test(`writes and reads Keras's JSON with ${title}`, () => {
      expect(unwrapped(JSON.stringify(fitted()))).toEqual(unwrapped(sample.json));
      const read = Tokenizer.fromJSON(sample.json);
      expect(read.textsToSequences(sample.new_texts)).toEqual(sample.sequences);
      expect(unwrapped(JSON.stringify(read))).toEqual(unwrapped(sample.json));
    });
  }

  test("dictionaries are written as Python writes them, in order, even where words are digits", () => {
    const tokenizer = wordTokenizer({}, ["zero 7 7 é"]);
    expect(tokenizer.toJSON().config.word_index).toBe('{"7": 1, "zero": 2, "\\u00e9": 3}');
    expect(tokenizer.toJSON().config.word_counts).toBe('{"zero": 1, "7": 2, "\\u00e9": 1}');
    expect([...Tokenizer.fromJSON(JSON.stringify(tokenizer)).wordCounts]).toEqual([...tokenizer.wordCounts]);
  });

  test("words that are names of object members are ordinary words", () => {
    const tokenizer = wordTokenizer({ filters: "" }, ["constructor __proto__ toString __proto__"]);
    const read = Tokenizer.fromJSON(JSON.stringify(tokenizer));
    expect(read.textsToSequences(["__proto__ constructor valueOf"])).toEqual([[1, 2]]);
  });

  test("a second fit accumulates and ranks anew", () => {
    const tokenizer = wordTokenizer({}, ["a b"]);
    tokenizer.fitOnTexts(["b"]);
    expect([...tokenizer.wordIndex]).toEqual([
      ["b", 1],
      ["a", 2],
    ]);
    expect(tokenizer.documentCount).toBe(2);
  });

  test("a text already cut into tokens is used as it is, in lower case", () => {
    const tokenizer = wordTokenizer({}, [["New York", "is", "BIG!"]]);
    expect([...tokenizer.wordIndex.keys()]).toEqual(["new york", "is", "big!"]);
  });

  test("misuse is explained", () => {
    expect(() => new Tokenizer({ split: "" })).toThrow(ConfigError);
    expect(() => new Tokenizer({ numWords: 1.5 })).toThrow(ConfigError);
    expect(() => new Tokenizer({ unicode: true, filters: "!" })).toThrow(ConfigError);
    expect(() => new Tokenizer().fitOnTexts("one text")).toThrow(DataError);
    expect(() => new Tokenizer().sequencesToMatrix([[1]])).toThrow(StateError);
    expect(() => wordTokenizer({}, ["a"]).sequencesToMatrix([[-1]])).toThrow(DataError);
    expect(() => wordTokenizer({}, ["a"]).sequencesToMatrix([[1]], "idf" as MatrixMode)).toThrow(ConfigError);
  });

  test("anything else than a tokenizer's JSON is a FormatError", () => {
    const valid = JSON.stringify(wordTokenizer({ oovToken: "?" }, ["a b c", "a"]));
    expect(() => Tokenizer.fromJSON("")).toThrow(FormatError);
    fc.assert(
      fc.property(fc.nat(valid.length - 1), fc.string({ maxLength: 3 }), (at, junk) => {
        try {
          Tokenizer.fromJSON(valid.slice(0, at) + junk + valid.slice(at + 1));
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("Tokenizer with unicode", () => {
  const words = (text: string) => new Tokenizer({ unicode: true }).tokens(text);

  test("Persian words keep their zero-width non-joiner and lose Persian punctuation", () => {
    expect(words("من می\u200cروم؛ تو «نمی\u200cآیی»؟")).toEqual(["من", "می\u200cروم", "تو", "نمی\u200cآیی"]);
  });

  test("apostrophes stay inside words, curly ones become straight, and quotation marks go", () => {
    expect(words("‘Don’t’ say 'isn't' — it's…")).toEqual(["don't", "say", "isn't", "it's"]);
  });

  test("emoji are words, whole and in one form", () => {
    expect(words("good😂😂 bad ❤️❤")).toEqual(["good", "😂", "😂", "bad", "❤", "❤"]);
    expect(words("🇮🇷🇫🇷 1️⃣ #️⃣ 👍🏽, 👨‍👩‍👧‍👦! ✌🏾 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ☹️ ♥")).toEqual([
      ...["🇮🇷", "🇫🇷", "1⃣", "#⃣", "👍🏽", "👨‍👩‍👧‍👦", "✌🏾", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "☹", "♥"],
    ]);
    expect(words("© 2026 ®")).toEqual(["2026"]);
  });

  test("compatibility forms and combining marks are normalised", () => {
    expect(words("ﬁne Ｆｕｌｌ cafe\u0301")).toEqual(["fine", "full", "café"]);
  });

  test("scripts without spaces are cut into words", () => {
    expect(words("我喜欢电影。").length).toBeGreaterThan(1);
    expect(words("我喜欢电影。").join("")).toBe("我喜欢电影");
  });

  test("characters are code points, not halves of surrogate pairs", () => {
    expect(new Tokenizer({ unicode: true, charLevel: true }).tokens("a𝄞b")).toEqual(["a", "𝄞", "b"]);
  });

  test("survives JSON", () => {
    const tokenizer = wordTokenizer({ unicode: true }, ["می\u200cروم!"]);
    const read = Tokenizer.fromJSON(JSON.stringify(tokenizer));
    expect(read.unicode).toBe(true);
    expect(read.textsToSequences(["می\u200cروم"])).toEqual([[1]]);
  });
});

test("refuses a matrix that no memory holds, as a forged numWords asks for", () => {
  const tokenizer = wordTokenizer({ numWords: 1e12 }, ["a b"]);
  expect(() => tokenizer.textsToMatrix(["a"])).toThrow("1 rows and 1000000000000 columns is too large");
});
