import { expect, it } from "vitest";
import { equalTextsNote } from "./equal-texts.js";
import { Vocabulary } from "./vocabulary.js";

const noteOf = (texts: string[], labels: number[], pieces: "words" | "characters" = "words") =>
  equalTextsNote(Vocabulary.of(texts, { pieces, persian: false }, { limit: 100 }), {
    texts,
    labels: Int32Array.from(labels),
  });

it("says where words do not tell texts with different labels apart", () => {
  const marks = ["fine!", "fine.", "dull!", "dull.", "odd"];
  expect(noteOf(marks, [0, 1, 0, 1, 0])).toEqual([
    "4 of 5 texts have the same words as one with another label; with characters as pieces the model would see marks such as ! too",
  ]);
  expect(noteOf(marks, [0, 1, 0, 1, 0], "characters")).toEqual([]);
});

it("is silent about equal texts, equal labels and single cases", () => {
  expect(noteOf(["fine", "fine"], [0, 1])).toEqual([]);
  expect(noteOf(["fine!", "fine."], [1, 1])).toEqual([]);
  const many = Array.from({ length: 60 }, (_, i) => `text ${i}`);
  expect(noteOf([...many, "fine!", "fine."], [...many.map(() => 0), 0, 1])).toEqual([]);
});
