import { describe, expect, it } from "vitest";
import { FormatError } from "../../errors.js";
import { Vocabulary } from "./vocabulary.js";

const words = { pieces: "words", persian: false } as const;
const characters = { pieces: "characters", persian: false } as const;

describe("a vocabulary", () => {
  const vocabulary = Vocabulary.of(["the film, the plot", "The end!", "film"], words, { limit: 4 });

  it("gives ids below the limit to the most frequent words; 0 is padding and 1 any other word", () => {
    expect(vocabulary.data.known).toEqual(["the", "film"]);
    expect(vocabulary.size).toBe(4);
    expect(vocabulary.encode(["The film ends", "FILM"], 10)).toEqual({
      data: Int32Array.of(2, 3, 1, 3, 0, 0),
      shape: [2, 3],
    });
  });

  it("leaves out what is seen less often than asked", () => {
    const often = Vocabulary.of(["the film, the plot", "the film"], words, { limit: 100, minCount: 2 });
    expect(often.data.known).toEqual(["the", "film"]);
  });

  it("keeps the last words of a text that is too long, and one step of padding for an empty one", () => {
    expect(vocabulary.encode(["the film the"], 2)).toEqual({ data: Int32Array.of(3, 2), shape: [1, 2] });
    expect(vocabulary.encode(["", "…"], 2)).toEqual({ data: Int32Array.of(0, 0), shape: [2, 1] });
  });

  it("reads apostrophes and other scripts as part of words", () => {
    expect(Vocabulary.of(["don't", "فیلم خوب"], words, { limit: 10 }).data.known).toEqual(["don't", "فیلم", "خوب"]);
  });

  it("reads characters one by one, spaces and accents among them", () => {
    const names = Vocabulary.of(["Ó Bó", "Bo"], characters, { limit: 10 });
    expect(names.data.known).toEqual(["ó", "b", " ", "o"]);
    expect(names.tokens("Bô")).toEqual(["b", "‹ô›"]);
    expect(names.encode(["bó"], 5).data).toEqual(Int32Array.of(3, 2));
  });

  it("reads Persian in one spelling where that is asked for", () => {
    // The same sentence from an Arabic keyboard and from a Persian one.
    const [arabic, persian] = ["كتاب هاي خوبي", "کتاب‌های خوبی"];
    const one = Vocabulary.of([persian], { ...words, persian: true }, { limit: 10 });
    expect(one.encode([arabic], 5).data).toEqual(one.encode([persian], 5).data);
    expect(Vocabulary.of([persian], words, { limit: 10 }).unknown(arabic)).toHaveLength(3);
  });

  it("names what it does not know, each once", () => {
    expect(vocabulary.unknown("The plot, the plot of the film")).toEqual(["plot", "of"]);
  });

  it("is plain data that reads as it was written", () => {
    const read = Vocabulary.fromJSON(JSON.parse(JSON.stringify(vocabulary.data)), "m.tavali");
    const text = ["the unheard film"];
    expect(read.encode(text, 5)).toEqual(vocabulary.encode(text, 5));
  });

  it.each([
    [undefined],
    [["the"]],
    [{ ...words }],
    [{ ...words, known: "the" }],
    [{ ...words, known: ["a", "a"] }],
    [{ pieces: "syllables", persian: false, known: ["a"] }],
    [{ pieces: "words", known: ["a"] }],
  ])("is not made of %j", (data) => {
    expect(() => Vocabulary.fromJSON(data, "m.tavali")).toThrow(FormatError);
  });
});
