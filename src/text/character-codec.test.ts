import { expect, it } from "vitest";
import { characterCodecFromJSON } from "./character-codec.js";

const read = (characters: unknown) => characterCodecFromJSON({ kind: "characters", characters }, "a");

it("takes characters on both sides of the surrogates, and pairs of them", () => {
  expect([...read("\ud7ff\ue000😀").encode("\ue000😀\ud7ffx")]).toEqual([2, 3, 1, 0]);
});

it.each([["\ud800"], ["\udfff"], ["a\udbff"], ["\udc00a"], [""], ["aa"], [undefined], [["a"]]])(
  "refuses %j",
  (characters) => {
    expect(() => read(characters)).toThrow("the characters are not a text of different characters");
  },
);
