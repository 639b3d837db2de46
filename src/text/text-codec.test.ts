import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError, DataError, FormatError } from "../errors.js";
import { wholeChunks } from "./encode-chunks.js";
import {
  bytePairCodec,
  characterCodec,
  encodeChunks,
  type TextCodec,
  type TextPreparation,
  type TextSource,
  textCodecFromJSON,
  wordCodec,
} from "./index.js";

const persian = "او می‌رود؛ «کتاب‌های» خوب (۱٬۲۳۴٫۵)\nسلام!";
const sample = `"Hello," she said -- don't go...\r\n${persian} ΟΔΟΣ 👩‍👩‍👧 🇮🇷 e\u0301 中文字。 $5 50%`;
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...sample, " ", "\n", "\r", "Σ", "'", "‌", "\u200e", "ـ", "ﹶ", "می", " ها", "\ud83d"),
      fc.string({ unit: "binary" }),
    ),
  )
  .map((parts) => parts.join(""));

async function* late(chunks: readonly string[]): AsyncGenerator<string> {
  yield* chunks;
}

/** A text cut at any places, inside characters too. */
const cutText = anyText.chain((text) =>
  fc.array(fc.nat(text.length)).map((cuts) => {
    const places = [0, ...cuts.sort((a, b) => a - b), text.length];
    return { text, chunks: places.slice(1).map((end, i) => text.slice(places[i]!, end)) };
  }),
);

type Learn = (text: TextSource, preparation: TextPreparation) => Promise<TextCodec>;
const kinds: [string, Learn, unknown: number | undefined][] = [
  ["characters", (text, preparation) => characterCodec(text, preparation), 0],
  ["words", (text, preparation) => wordCodec(text, preparation), 0],
  ["pieces", (text, preparation) => bytePairCodec(text, { ...preparation, size: 300, minCount: 1 }), undefined],
];

describe.each(kinds)("a codec of %s", (kind, learn, unknown) => {
  const preparations = [{}, { lower: true }, { persian: true }, { lower: true, persian: true }];
  it.each(preparations)("gives a text in chunks the ids of the whole text: %j", async (preparation) => {
    const codec = await learn(sample, preparation);
    await fc.assert(
      fc.asyncProperty(cutText, async ({ text, chunks }) => {
        expect(await encodeChunks(codec, late(chunks))).toEqual(codec.encode(text));
      }),
    );
  });

  it("gives the same text id by id as at once, whatever the ids", async () => {
    const codec = await learn(sample, {});
    const ids = fc.array(fc.nat(codec.size + 1));
    fc.assert(
      fc.property(
        fc.oneof(
          ids,
          anyText.map((text) => [...codec.encode(text)]),
        ),
        (some) => {
          const stream = codec.decodeStream();
          const parts = some.map((id) => stream.add(id));
          expect([...parts, stream.end()].join("")).toBe(codec.decode(some));
        },
      ),
    );
  });

  it("has a stream for texts of any length", async () => {
    const codec = await learn(sample, {});
    const decode = codec.decodeStream();
    const ids = codec.encode(sample.repeat(2000));
    let length = 0;
    for (const id of ids) length += decode.add(id).length;
    expect(length + decode.end().length).toBe(codec.decode(ids).length);
  });

  it("learns the same from a text and from its chunks", async () => {
    await fc.assert(
      fc.asyncProperty(cutText, async ({ text, chunks }) => {
        const preparation = { lower: true, persian: true };
        const whole = await learn(`a\n${text}`, preparation);
        expect((await learn(["a\n", ...chunks], preparation)).toJSON()).toEqual(whole.toJSON());
      }),
      { numRuns: 50 },
    );
  });

  it("reads as it was written", async () => {
    const codec = await learn(sample, { lower: true, persian: true });
    const data: unknown = JSON.parse(JSON.stringify(codec));
    const read = textCodecFromJSON(data, "m.tavali");
    expect([read.kind, read.size, read.unknown]).toEqual([kind, codec.size, unknown]);
    expect(read.encode(`${sample} new ☃`)).toEqual(codec.encode(`${sample} new ☃`));
    expect(read.toJSON()).toEqual(data);
  });
});

it.each([characterCodec, wordCodec])("%o says which option is wrong", async (learn) => {
  await expect(learn("a", { limit: 1 })).rejects.toThrow(ConfigError);
  await expect(learn("a", { minCount: 0.5 })).rejects.toThrow(/minCount must be a positive integer/);
  await expect(learn("", {})).rejects.toThrow(DataError);
  await expect(learn("a b", { minCount: 2 })).rejects.toThrow(/nothing 2 times/);
});

it("a codec that prepares Persian reads all its spellings alike", async () => {
  const codec = await wordCodec("او کتاب‌های خوب را می‌خواند", { persian: true });
  expect(codec.decode(codec.encode("او كتاب هاي خوب را مي خواند"))).toBe("او کتاب‌های خوب را می‌خواند");
});

describe("a codec of characters", () => {
  it("has an id for each code point in their order; 0 is any other", async () => {
    const codec = await characterCodec("b😀a\nb");
    expect(codec.toJSON()).toEqual({ kind: "characters", characters: "\nab😀" });
    expect(codec.size).toBe(5);
    expect([...codec.encode("ab😀c")]).toEqual([2, 3, 4, 0]);
    expect(codec.decode([2, 0, 4])).toBe("a\ufffd😀");
    expect(codec.token(1)).toBe("\n");
  });

  it("reads back every text whose characters it knows", async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const whole = `x${text}`.replace(/\p{Cs}/gu, "");
        const codec = await characterCodec(whole);
        expect(codec.decode(codec.encode(whole))).toBe(whole);
      }),
    );
  });

  it("keeps the most frequent ones, and those seen often enough", async () => {
    expect((await characterCodec("zzyyyx", { limit: 3 })).toJSON()).toMatchObject({ characters: "yz" });
    expect((await characterCodec("zzyyyx", { minCount: 3 })).toJSON()).toMatchObject({ characters: "y" });
  });
});

describe("a codec of words", () => {
  const tokens = async (text: string): Promise<string[]> => {
    const codec = await wordCodec(text);
    return Array.from(codec.encode(text), (id) => codec.token(id));
  };

  it("has words, numbers, marks and line breaks as tokens; a Persian word keeps its half-space", async () => {
    expect(await tokens("Well-known: I don't...\r\npay 1,000.50 at 10:30!")).toEqual([
      "Well-known",
      ":",
      "I",
      "don't",
      "...",
      "\n",
      "pay",
      "1,000.50",
      "at",
      "10:30",
      "!",
    ]);
    expect(await tokens("او می‌رود؛ «کتاب‌های» ۱۲٫۵")).toEqual(["او", "می‌رود", "؛", "«", "کتاب‌های", "»", "۱۲٫۵"]);
    expect(await tokens("e\u0301te\u0301 ไทย 中文 👩‍👩‍👧🇮🇷\u200e")).toEqual([
      "été",
      "ไ",
      "ท",
      "ย",
      "中",
      "文",
      "👩‍👩‍👧",
      "🇮🇷",
    ]);
  });

  it("gives id 1 to the most frequent word and 0 to what it does not know", async () => {
    const codec = await wordCodec("b a b c c b", { limit: 3 });
    expect(codec.toJSON()).toEqual({ kind: "words", words: ["b", "c"] });
    expect([...codec.encode("a b c")]).toEqual([0, 1, 2]);
    expect(codec.decode([0, 1])).toBe("<unknown> b");
  });

  it.each([
    'He said: "Wait (a bit), please!" and left.',
    "Prices: $5, 50%; the dogs' -- and/or cats.\n\nNext line...",
    "«سلام»، گفت؛ چرا؟",
    "中文，字。 and English",
    "“So,” ‘he’ said",
  ])("puts spaces where people write them: %s", async (text) => {
    const codec = await wordCodec(text);
    expect(codec.decode(codec.encode(text))).toBe(text);
  });

  it("reads the tokens of its own text again", async () => {
    const marks = fc.constantFrom(
      "a",
      "B2",
      "don't",
      "می‌روم",
      "中",
      ...".,;:!?()[]\"'«»-/$%\n ",
      "--",
      "...",
      "3.5",
      "é",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(marks), async (parts) => {
        const text = parts.join(" ");
        const codec = await wordCodec(`${text} x`);
        const ids = codec.encode(text);
        expect(codec.encode(codec.decode(ids))).toEqual(ids);
      }),
    );
  });
});

it.each([
  [undefined],
  [null],
  [{ kind: "sounds" }],
  [{ kind: "toString" }],
  [{ kind: "characters" }],
  [{ kind: "characters", characters: "aa" }],
  [{ kind: "words", words: [] }],
  [{ kind: "words", words: ["a", 3] }],
  [{ kind: "words", words: ["a", "a"] }],
  [{ kind: "words", words: ["a"], lower: 1 }],
  [{ kind: "pieces" }],
  [{ kind: "pieces", tokenizer: { model: { type: "BPE", vocab: { a: 0 }, merges: [] } } }],
])("%j is not a codec's data", (data) => {
  expect(() => textCodecFromJSON(data, "m.tavali")).toThrow(FormatError);
  expect(() => textCodecFromJSON(data, "m.tavali")).toThrow(/^m\.tavali: /);
});

it("a word cut from a large chunk is found again", async () => {
  const codec: TextCodec = await wordCodec(["x".repeat(100), `${"y".repeat(100)} `, "z"]);
  expect(codec.size).toBe(3);
});

it("a text of megabytes without a space is many words", async () => {
  for (const text of ["x".repeat(3_000_000), "x-".repeat(1_000_000), "1,".repeat(1_000_000), "é".repeat(1_000_000)]) {
    const codec = await wordCodec(text);
    expect(codec.encode(text).length).toBeGreaterThan(1000);
  }
});

it("says at once that a text cannot be cut, instead of holding all of it", async () => {
  let read = 0;
  async function* endless(): AsyncGenerator<string> {
    for (;;) {
      read += 1000;
      yield "x".repeat(1000);
    }
  }
  const chunks = wholeChunks(endless(), () => 0, 10_000);
  await expect(chunks.next()).rejects.toThrow(/11,000 characters without a place to cut it.*add some/);
  expect(read).toBe(11_000);
});
