import { describe, expect, it } from "vitest";
import { FormatError } from "../errors.js";
import { Vocabulary } from "./vocabulary.js";

describe("a vocabulary", () => {
  const vocabulary = Vocabulary.of(["the film, the plot", "The end!", "film"], 4);

  it("gives ids below the limit to the most frequent words; 0 is padding and 1 any other word", () => {
    expect(vocabulary.words).toEqual(["<unknown>", "the", "film"]);
    expect(vocabulary.size).toBe(4);
    expect(vocabulary.encode(["The film ends", "FILM"], 10)).toEqual({
      data: Int32Array.of(2, 3, 1, 0, 0, 3),
      shape: [2, 3],
    });
  });

  it("keeps the last words of a text that is too long, and one step of padding for an empty one", () => {
    expect(vocabulary.encode(["the film the"], 2)).toEqual({ data: Int32Array.of(3, 2), shape: [1, 2] });
    expect(vocabulary.encode(["", "…"], 2)).toEqual({ data: Int32Array.of(0, 0), shape: [2, 1] });
  });

  it("reads apostrophes and other scripts as part of words", () => {
    const own = Vocabulary.of(["don't", "فیلم خوب"], 10);
    expect(own.words.slice(1)).toEqual(["don't", "فیلم", "خوب"]);
  });

  it("names the words it does not know, each once", () => {
    expect(vocabulary.unknownWords("The plot, the plot of the film")).toEqual(["plot", "of"]);
  });

  it("is plain data that reads as it was written", () => {
    const read = Vocabulary.fromJSON(JSON.parse(JSON.stringify(vocabulary.words)), "m.tavali");
    const text = ["the unheard film"];
    expect(read.encode(text, 5)).toEqual(vocabulary.encode(text, 5));
  });

  it.each([[undefined], ["the"], [["the"]], [["<unknown>", 3]], [["<unknown>", "a", "a"]]])(
    "is not made of %j",
    (words) => {
      expect(() => Vocabulary.fromJSON(words, "m.tavali")).toThrow(FormatError);
    },
  );
});
