import { describe, expect, it } from "vitest";
import { ConfigError } from "../errors.js";
import { grammarSentences } from "./grammar-sentences.js";
import { detectScheme, spansOf } from "./tag-schemes.js";
import { sentenceCount, type TaggedSentences, tagsOf, wordsOf } from "./tagged-sentences.js";

const { train, test } = grammarSentences({ count: 1000, testCount: 300, seed: 4 });
const all = (sentences: TaggedSentences) => Array.from({ length: sentenceCount(sentences) }, (_, i) => i);
const names = (sentences: TaggedSentences) =>
  all(sentences).flatMap((i) =>
    spansOf(tagsOf(sentences, i)).map(({ first, end }) => wordsOf(sentences, i).slice(first, end).join(" ")),
  );

describe("grammarSentences", () => {
  it("tags entities of four types in IOB2", () => {
    expect(sentenceCount(train)).toBe(1000);
    expect(detectScheme(all(train).map((i) => tagsOf(train, i)))).toBe("IOB2");
    const types = new Set(train.tags.filter((tag) => tag !== "O").map((tag) => tag.slice(2)));
    expect([...types].sort()).toEqual(["date", "organisation", "person", "place"]);
  });

  it("keeps made-up names of the test part out of the training part", () => {
    const known = new Set(names(train));
    const persons = names(test).filter(
      (name) => /^[A-Z][a-z]+ [A-Z][a-z]+$/.test(name) && !/^(New|North|Lake|San|[JFMAOD]\w+) /.test(name),
    );
    expect(persons.length).toBeGreaterThan(50);
    expect(persons.filter((name) => known.has(name))).toEqual([]);
  });

  it("is the same for the same seed", () => {
    expect(grammarSentences({ count: 20, testCount: 5, seed: 4 })).toEqual(
      grammarSentences({ count: 20, testCount: 5, seed: 4 }),
    );
    expect(grammarSentences({ count: 20, seed: 5 }).train).not.toEqual(grammarSentences({ count: 20, seed: 4 }).train);
  });

  it("names the option that is wrong", () => {
    expect(() => grammarSentences({ count: -1 })).toThrow(ConfigError);
    expect(() => grammarSentences({ seed: 0.5 })).toThrow("seed must be a whole number, received 0.5.");
  });
});
