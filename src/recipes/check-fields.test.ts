import { expect, it } from "vitest";
import { ConfigError } from "../errors.js";
import { checkFields } from "./check-fields.js";

const schema = { texts: { kind: "texts", needed: true, help: "texts" } } as const;

it.each(["", "  ", "\n"])("refuses the text %j, in which nothing can be read", (text) => {
  expect(() => checkFields("predict", schema, { texts: ["fine", text] })).toThrow(ConfigError);
  expect(() => checkFields("predict", schema, { texts: ["fine", text] })).toThrow(
    "texts that are more than white space",
  );
  expect(checkFields("predict", schema, { texts: ["fine", "."] })).toEqual({ texts: ["fine", "."] });
});
