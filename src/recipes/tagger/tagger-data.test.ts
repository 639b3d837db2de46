import { expect, it } from "vitest";
import { loadTaggerData } from "./tagger-data.js";

it("the built-in corpus has a test part of its own: nothing is split off at random", async () => {
  const [first, second] = [await loadTaggerData(undefined, 1), await loadTaggerData(undefined, 2)];
  expect(first.splitOff).toBe(false);
  expect(first.source).toBe("the built-in corpus");
  expect(second).toEqual(first);
});
