import { describe, expect, it } from "vitest";
import { DataError } from "../errors.js";
import {
  completeText,
  generateText,
  inspectLanguageModel,
  inspectText,
  predictTexts,
  scoreText,
  tagText,
  trainLanguageModel,
} from "./index.js";

const functions = {
  completeText,
  generateText,
  inspectLanguageModel,
  inspectText,
  predictTexts,
  scoreText,
  tagText,
};

describe("functions that ask a model", () => {
  it.each([
    ["predictTexts", "reader", "asClassifier", [["a"]]],
    ["inspectText", "reader", "asClassifier", ["a"]],
    ["tagText", "tagger", "asTagger", [["a"]]],
    ["generateText", "lm", "asLanguageModel", []],
    ["completeText", "lm", "asLanguageModel", ["a"]],
    ["scoreText", "lm", "asLanguageModel", ["a"]],
    ["inspectLanguageModel", "lm", "asLanguageModel", ["a"]],
  ] as const)("%s says how to open one where another value is given", async (name, argument, opener, rest) => {
    const ask = functions[name] as (...given: unknown[]) => Promise<unknown>;
    for (const wrong of [undefined, null, "m.tavali", {}, []]) {
      await expect(ask(wrong, ...rest)).rejects.toThrow(DataError);
      await expect(ask(wrong, ...rest)).rejects.toThrow(
        new RegExp(`${name}: ${argument} is .*; expected a model that ${opener} opened: ${opener}\\(await loadModel`),
      );
    }
  });
});

it("a language model is told how to be given a text", async () => {
  const train = trainLanguageModel({ text: "abc", source: "here" } as never);
  await expect(train).rejects.toThrow(DataError);
  await expect(train).rejects.toThrow("{ text: () => [text]");
});
