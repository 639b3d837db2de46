import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { trainingFields } from "../recipes/classifier/classifier-fields.js";
import { addFieldFlags, typedFields } from "./field-flags.js";

const parse = (...words: string[]) => {
  const command = addFieldFlags(new Command(), trainingFields)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  command.parse(words, { from: "user" });
  return typedFields(command, trainingFields, trainingFields);
};

describe("the flags of a table", () => {
  it("name columns, or count them from 0", async () => {
    expect(await parse()).toEqual({});
    expect(await parse("--text-column", "tweet", "--label-column", "2")).toEqual({
      textColumn: "tweet",
      labelColumn: 2,
    });
  });

  it("put labels together into classes", async () => {
    expect(await parse("--classes", "negative=-2, -1", "positive=1,2")).toEqual({
      classes: { negative: ["-2", "-1"], positive: ["1", "2"] },
    });
  });

  it.each(["negative", "=1", "a="])('refuse the group "%s"', (group) => {
    expect(() => parse("--classes", group)).toThrow(/such as "negative=-2,-1"/);
  });
});
