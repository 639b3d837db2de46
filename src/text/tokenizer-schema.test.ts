import { describe, expect, it } from "vitest";
import { DataError, FormatError } from "../errors.js";
import { openTextCodec } from "./open-text-codec.js";

const shared = { version: "1.0", truncation: null, padding: null, post_processor: null, added_tokens: [] };
const file = (model: object = {}, parts: object = {}) => ({
  ...shared,
  normalizer: null,
  pre_tokenizer: { type: "WhitespaceSplit" },
  decoder: null,
  ...parts,
  model: {
    type: "WordPiece",
    unk_token: "?",
    continuing_subword_prefix: "##",
    vocab: { "?": 0, a: 1, "##b": 2 },
    ...model,
  },
});
const replace = (content: string) => ({ type: "Replace", pattern: { String: "a" }, content });

describe("a tokenizer.json", () => {
  it("is read where it is right, and reads every text", async () => {
    const codec = await openTextCodec(file(), "t.json");
    expect([...codec.encode("a ab zz")]).toEqual([1, 1, 2, 0]);
    expect(codec.decode([1, 77, 1])).toBe("a\ufffda");
    expect(codec.decode([])).toBe("");
    expect(codec.encode("")).toHaveLength(0);
  });

  it.each<[string, object, string]>([
    [
      "an id of a thousand million",
      file({ vocab: { "?": 0, a: 1e9 } }),
      "tokenizer.model.vocab.a must be a whole number from 0",
    ],
    ["an id far beyond its tokens", file({ vocab: { "?": 0, a: 1e6 } }), "has the id 1000000, but only 2 tokens"],
    ["an id that is no number", file({ vocab: { "?": 0, a: null } }), "tokenizer.model.vocab.a must be"],
    [
      "a pattern that never ends",
      file({}, { pre_tokenizer: { type: "Split", pattern: { Regex: "(a+)+$" } } }),
      "(a+)+$",
    ],
    [
      "such a pattern in its normalizer",
      file({}, { normalizer: { type: "Replace", pattern: { Regex: "(.*,){25}x" }, content: "" } }),
      "is not run",
    ],
    [
      "steps of no length",
      file({}, { pre_tokenizer: { type: "FixedLength", length: 0 } }),
      "tokenizer.pre_tokenizer.length must be a whole number from 1",
    ],
    [
      "words without a limit",
      file({ max_input_chars_per_word: 1e9 }),
      "max_input_chars_per_word must be a whole number from 1 to 256",
    ],
    [
      "replacements that multiply",
      file({}, { normalizer: { type: "Sequence", normalizers: [replace("a".repeat(100)), replace("a".repeat(100))] } }),
      "10000 times as long",
    ],
    [
      "an unknown token that it does not know",
      file({ unk_token: "[UNK]" }),
      'unknown token "[UNK]" is not in the vocabulary',
    ],
    [
      "added tokens that are none",
      { ...file(), added_tokens: [null] },
      "tokenizer.added_tokens[0] must be an object, received null",
    ],
    [
      "an empty decoder in a sequence",
      file({}, { decoder: { type: "Sequence", decoders: [null] } }),
      "decoders[0] must be an object",
    ],
    ["scores of a model that are texts", file({ type: "Unigram", vocab: [["a", "b"]] }), "tokenizer.model"],
  ])("with %s is refused at once", async (_, json, message) => {
    const begin = performance.now();
    await expect(openTextCodec(json, "t.json")).rejects.toThrow(FormatError);
    await expect(openTextCodec(json, "t.json")).rejects.toThrow(message);
    expect(performance.now() - begin).toBeLessThan(1000);
  });

  it("nested a million levels deep is refused", async () => {
    const deep = JSON.parse(`{"model":{"x":${"[".repeat(1e6)}${"]".repeat(1e6)}}}`);
    await expect(openTextCodec(deep, "t.json")).rejects.toThrow("nested more than 200 levels deep");
  });

  it("says which token has no id instead of giving it another's", async () => {
    const unigram = { type: "Unigram", unk_token: undefined, unk_id: null, vocab: [["a", -1]] };
    const codec = await openTextCodec(file(unigram), "t.json");
    expect(() => codec.encode("zz")).toThrow(DataError);
  });
});
