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

describe("functions that ask a model", () => {
  it.each([
    { called: predictTexts, argument: "reader", opener: "asClassifier", rest: [["a"]] },
    { called: inspectText, argument: "reader", opener: "asClassifier", rest: ["a"] },
    { called: tagText, argument: "tagger", opener: "asTagger", rest: [["a"]] },
    { called: generateText, argument: "lm", opener: "asLanguageModel", rest: [] },
    { called: completeText, argument: "lm", opener: "asLanguageModel", rest: ["a"] },
    { called: scoreText, argument: "lm", opener: "asLanguageModel", rest: ["a"] },
    { called: inspectLanguageModel, argument: "lm", opener: "asLanguageModel", rest: ["a"] },
  ])("$called.name says how to open one where another value is given", async ({ called, argument, opener, rest }) => {
    const ask = called as (...given: unknown[]) => Promise<unknown>;
    for (const wrong of [undefined, null, "m.tavali", {}, []]) {
      await expect(ask(wrong, ...rest)).rejects.toThrow(DataError);
      await expect(ask(wrong, ...rest)).rejects.toThrow(
        new RegExp(
          `${called.name}: ${argument} is .*; expected a model that ${opener} opened: ${opener}\\(await loadModel`,
        ),
      );
    }
  });
});

it("a language model is told how to be given a text", async () => {
  const train = trainLanguageModel({ text: "abc", source: "here" } as never);
  await expect(train).rejects.toThrow(DataError);
  await expect(train).rejects.toThrow("{ text: () => [text]");
});
