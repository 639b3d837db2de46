import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addTableFlags, tableOptions } from "./table-flags.js";

const parse = (...words: string[]) => {
  const command = addTableFlags(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return tableOptions(command.parse(words, { from: "user" }).opts());
};

describe("the flags of a table", () => {
  it("name columns, or count them from 0", () => {
    expect(parse()).toEqual({});
    expect(parse("--text-column", "tweet", "--label-column", "2")).toEqual({ columns: { text: "tweet", label: 2 } });
  });

  it("put labels together into classes", () => {
    expect(parse("--classes", "negative=-2, -1", "positive=1,2")).toEqual({
      classes: { negative: ["-2", "-1"], positive: ["1", "2"] },
    });
  });

  it.each(["negative", "=1", "a="])('refuse the group "%s"', (group) => {
    expect(() => parse("--classes", group)).toThrow(/such as "negative=-2,-1"/);
  });
});
