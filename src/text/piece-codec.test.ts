import { readFileSync } from "node:fs";
import { Tokenizer } from "@huggingface/tokenizers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError, FormatError } from "../errors.js";
import { BYTE_PIECES, bytesOfPiece, byteWords } from "./byte-pieces.js";
import { bytePairCodec, openTextCodec, type TextCodec, textCodecFromJSON } from "./index.js";
import { learnMerges } from "./learn-merges.js";

const texts = {
  english: "He said that he'd won't say it, he'll say: we've said THAT 1,234 times...\n\n  Twice!\t\n",
  persian: "او می‌رود و کتاب‌های خوب را می‌خواند؛ ۱۲۳۴ بار!\nما هم می‌رویم.",
  emoji: "👩‍👩‍👧 👍🏽 🇮🇷🇮🇷 ☃️ e\u0301 \ufeff中文字。สวัสดี \u00a0\u3000x",
};
const all = Object.values(texts).join("\n").repeat(3);
const anyText = fc
  .array(fc.oneof(fc.constantFrom(...all, "  ", " \n", "the", "می‌", "''s"), fc.string({ unit: "grapheme" })))
  .map((parts) => parts.join(""));

const libraryIds = (codec: TextCodec, text: string): number[] =>
  new Tokenizer(JSON.parse(JSON.stringify(codec)).tokenizer, {}).encode(text, { add_special_tokens: false }).ids;

describe("byte-pair pieces", () => {
  it("merge the most frequent pair first, as in the paper's example", () => {
    const words = new Map([
      ["low", 5],
      ["lower", 2],
      ["newest", 6],
      ["widest", 3],
    ]);
    const { merges, pieces } = learnMerges(words, { size: 260, minCount: 1 });
    // e s, then es t; of l o and o w, both seven times, that of the smaller ids.
    expect(merges).toEqual([
      ["e", "s"],
      ["es", "t"],
      ["l", "o"],
      ["lo", "w"],
    ]);
    expect(pieces.slice(256)).toEqual(["es", "est", "lo", "low"]);
  });

  it("are those of a trainer that counts everything again after each merge", () => {
    const word = fc.string({ unit: fc.constantFrom(..."aab"), minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.integer({ min: 1, max: 4 })), { maxLength: 8 }), (table) => {
        const words = new Map(table);
        expect(learnMerges(words, { size: 268, minCount: 2 })).toEqual(recount(words, 268, 2));
      }),
      { numRuns: 300 },
    );
  });

  it("read back every text exactly", async () => {
    const codec = await bytePairCodec(all, { size: 400 });
    fc.assert(fc.property(anyText, (text) => codec.decode(codec.encode(text)) === text));
    for (const text of Object.values(texts)) expect(codec.decode(codec.encode(text))).toBe(text);
    expect(codec.encode(all).length).toBeLessThan(new TextEncoder().encode(all).length / 4);
  });

  it("are those that Hugging Face's library gives for the tokenizer.json", async () => {
    const codec = await bytePairCodec(all, { size: 400 });
    const sameAsLibrary = (text: string): void => {
      expect([...codec.encode(text)]).toEqual(libraryIds(codec, text));
    };
    for (const text of Object.values(texts)) sameAsLibrary(text);
    // Pages with Persian, emoji, tables and code
    for (const page of ["docs/text.md", "README.md"]) sameAsLibrary(readFileSync(page, "utf8"));
    fc.assert(fc.property(anyText, sameAsLibrary), { numRuns: 50 });
  });

  it("show what they stand for: text, or the bytes of a part of a character", async () => {
    const codec = await bytePairCodec("low low lower ☃☃", { size: 270 });
    expect(Array.from(codec.encode(" low"), codec.token)).toEqual([" low"]);
    expect(codec.token(codec.encode("é")[0]!)).toBe("<C3>");
    expect(codec.token(1e6)).toBe("\ufffd");
    expect(codec.decode([1e6])).toBe("\ufffd");
  });

  it("end where no pair is frequent enough, and tell how far they are", async () => {
    const seen: unknown[] = [];
    const codec = await bytePairCodec("abab abab", { size: 5000, onProgress: (progress) => seen.push(progress) });
    expect(codec.size).toBe(258);
    expect(seen).toEqual([{ pieces: 258, size: 5000 }]);
    await expect(bytePairCodec("a", { size: 200 })).rejects.toThrow(ConfigError);
    await expect(bytePairCodec("a", { minCount: 0 })).rejects.toThrow(ConfigError);
  });

  it("take a word of a hundred thousand letters", async () => {
    const word = "abcd".repeat(25_000);
    const codec = await bytePairCodec(word, { size: 265 });
    const ids = codec.encode(word);
    expect(codec.decode(ids)).toBe(word);
    expect(ids.length).toBeLessThan(1000);
  });
});

describe("the alphabet of bytes", () => {
  it("spells 256 bytes as 256 characters, GPT-2's", () => {
    expect(BYTE_PIECES.length).toBe(256);
    expect(BYTE_PIECES.map((piece) => bytesOfPiece(piece)![0]).sort((a, b) => a! - b!)).toEqual(
      Array.from({ length: 256 }, (_, byte) => byte),
    );
    expect([...bytesOfPiece("Ġthe")!]).toEqual([0x20, 0x74, 0x68, 0x65]);
    expect([...bytesOfPiece("Ċ¡ł")!]).toEqual([0x0a, 0xa1, 0xa0]);
    expect(bytesOfPiece("a b")).toBeUndefined();
  });

  it("cuts as GPT-2 does; the parts are the text", () => {
    expect([...byteWords("I'll pay  $10.\n\n ok")]).toEqual(["I", "'ll", " pay", " ", " $", "10", ".", "\n\n", " ok"]);
    fc.assert(fc.property(anyText, (text) => [...byteWords(text)].join("") === text));
  });
});

describe("a tokenizer.json", () => {
  const model = {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
  };
  const wordPiece = {
    version: "1.0",
    added_tokens: [],
    normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: null,
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: { ...model, vocab: { "[UNK]": 0, low: 1, "##er": 2, "!": 3 } },
  };

  it("of byte-pair pieces is read by this package, and written as it was", async () => {
    const { tokenizer } = JSON.parse(JSON.stringify(await bytePairCodec(all, { size: 400 })));
    const codec = await openTextCodec(tokenizer, "tokenizer.json");
    expect([...codec.encode(all)]).toEqual(libraryIds(codec, all));
    expect(codec.toJSON()).toEqual({ kind: "pieces", tokenizer });
    expect(textCodecFromJSON(codec.toJSON(), "m.tavali").size).toBe(400);
    // Older files spell pairs as texts.
    const older = { ...tokenizer.model, merges: tokenizer.model.merges.map((pair: string[]) => pair.join(" ")) };
    expect((await openTextCodec({ ...tokenizer, model: older }, "old.json")).encode(all)).toEqual(codec.encode(all));
  });

  it("of another kind is read by the library, and travels in a model's file", async () => {
    const codec = await openTextCodec(wordPiece, "tokenizer.json");
    expect([codec.kind, codec.size, codec.unknown]).toEqual(["pieces", 4, 0]);
    expect([...codec.encode("Lower low! high")]).toEqual([1, 2, 1, 3, 0]);
    expect(codec.decode([1, 2, 1])).toBe("lower low");
    expect(codec.token(2)).toBe("##er");
    const ids = Array.from({ length: 200 }, (_, i) => [1, 2, 3, 1, 0][i % 5]!);
    const stream = codec.decodeStream();
    expect([...ids.map((id) => stream.add(id)), stream.end()].join("")).toBe(codec.decode(ids));
    const again = await openTextCodec(JSON.parse(JSON.stringify(codec)), "m.tavali");
    expect(again.encode("Lower")).toEqual(codec.encode("Lower"));
    expect(() => textCodecFromJSON(codec.toJSON(), "m.tavali")).toThrow(/await openTextCodec/);
  });

  it("with added tokens or another way to cut is left to the library", async () => {
    const { tokenizer } = JSON.parse(JSON.stringify(await bytePairCodec(all, { size: 400 })));
    const end = { id: 400, content: "<end>", special: true, single_word: false, lstrip: false, rstrip: false };
    const codec = await openTextCodec({ ...tokenizer, added_tokens: [{ ...end, normalized: false }] }, "t.json");
    expect(codec.encode("he<end>").at(-1)).toBe(400);
    expect(codec.size).toBe(401);
    const spaced = { ...tokenizer, pre_tokenizer: { ...tokenizer.pre_tokenizer, add_prefix_space: true } };
    expect(
      (await openTextCodec(spaced, "t.json")).decode([...(await openTextCodec(spaced, "t.json")).encode("he")]),
    ).toBe(" he");
  });

  it.each([
    [{ model: { type: "Sounds" } }],
    [{ model: null }],
    [{ ...wordPiece, pre_tokenizer: { type: "Nobody" } }],
    [{ kind: "pieces", tokenizer: { model: {} } }],
    [{ kind: "pieces" }],
    [3],
  ])("that is none is refused by name: %j", async (data) => {
    await expect(openTextCodec(data, "t.json")).rejects.toThrow(FormatError);
    await expect(openTextCodec(data, "t.json")).rejects.toThrow(/^t\.json: /);
  });

  it("is a codec's data of any kind too", async () => {
    expect((await openTextCodec({ kind: "words", words: ["a"] }, "m.tavali")).kind).toBe("words");
  });
});

/** The plainest trainer there is: all pairs of all words, counted anew for each merge. */
function recount(table: ReadonlyMap<string, number>, size: number, minCount: number) {
  const pieces = [...BYTE_PIECES];
  const merges: [string, string][] = [];
  let words = Array.from(table, ([word, count]) => ({ parts: [...word], count }));
  while (pieces.length < size) {
    const pairs = new Map<string, { left: string; right: string; count: number }>();
    for (const { parts, count } of words) {
      for (let i = 1; i < parts.length; i++) {
        const [left, right] = [parts[i - 1]!, parts[i]!];
        const pair = pairs.get(`${left} ${right}`) ?? { left, right, count: 0 };
        pair.count += count;
        pairs.set(`${left} ${right}`, pair);
      }
    }
    const order = (piece: string) => pieces.indexOf(piece);
    const [best] = [...pairs.values()].sort(
      (a, b) => b.count - a.count || order(a.left) - order(b.left) || order(a.right) - order(b.right),
    );
    if (best === undefined || best.count < minCount) break;
    const { left, right } = best;
    if (!merges.some(([a, b]) => a === left && b === right)) merges.push([left, right]);
    if (!pieces.includes(left + right)) pieces.push(left + right);
    words = words.map(({ parts, count }) => ({ parts: merged(parts, left, right), count }));
  }
  return { pieces, merges };
}

function merged(parts: readonly string[], left: string, right: string): string[] {
  const result: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    if (parts[i] === left && parts[i + 1] === right) {
      result.push(left + right);
      i++;
    } else {
      result.push(parts[i]!);
    }
  }
  return result;
}
