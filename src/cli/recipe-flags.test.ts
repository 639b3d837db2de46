import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { classifierOptions, corpusSettings } from "../recipes/classifier/classifier-options.js";
import { toggle } from "../recipes/option-schema.js";
import { addRecipeFlags, typedOptions } from "./recipe-flags.js";

const schema = { ...classifierOptions, fold: toggle(false, "one case only"), order: toggle(true, "the order counts") };

const parse = (...words: string[]) => {
  const command = addRecipeFlags(new Command(), schema)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return typedOptions(schema, command.parse(words, { from: "user" }).opts());
};

describe("the options of a recipe on the command line", () => {
  it("leave what is not typed to the data", () => {
    expect(parse()).toEqual({});
    expect(parse("--units", "8")).toEqual({ units: 8 });
  });

  it("show the defaults in the help, also those of the built-in corpus", () => {
    const presets = { name: "built-in corpus", values: corpusSettings };
    const help = addRecipeFlags(new Command(), classifierOptions, presets).helpInformation().replace(/\s+/g, " ");
    for (const { kind, help: text, default: value } of Object.values(classifierOptions))
      expect(help).toContain(kind === "switch" ? text : `${text} (default: ${value}`);
    expect(help).toContain("(default: gru, built-in corpus: simpleRNN)");
  });

  it("become numbers and words of the right name", () => {
    const parsed = parse("--batch-size", "8", "--learning-rate", "5e-3", "--encoder", "mean");
    expect(parsed).toMatchObject({ batchSize: 8, learningRate: 5e-3, encoder: "mean" });
  });

  it("are switches where the answer is yes or no", () => {
    expect(parse("--fold")).toEqual({ fold: true });
    expect(parse("--no-order")).toEqual({ order: false });
  });

  it.each([
    [["--units", "0"], "Expected a whole number from 1 to 4096."],
    [["--units", "3.5"], "Expected a whole number"],
    [["--units", ""], "Expected a whole number"],
    [["--dropout", "two"], "Expected a number from 0 to 0.95."],
    [["--encoder", "median"], "Allowed choices are last, mean, max, attention."],
  ])("%j is refused, saying what is expected", (words, message) => {
    expect(() => parse(...words)).toThrow(message);
  });
});
