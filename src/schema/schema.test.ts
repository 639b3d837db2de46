import { describe, expect, it } from "vitest";
import { FormatError } from "../errors.js";
import { flag, wholeNumber } from "../options/index.js";
import {
  anyNumber,
  checkDepth,
  checkSchema,
  deepest,
  distinctTexts,
  either,
  fields,
  is,
  isFileName,
  list,
  mapOf,
  nullable,
  optional,
  parseJson,
  record,
  type Schema,
  tensor,
  text,
} from "./index.js";

const message = { name: "a.json", what: "model", advice: "Save it again." };

const problemOf = (value: unknown, schema: Schema) => {
  try {
    checkSchema(value, schema, message);
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    return (error as Error).message;
  }
  return undefined;
};

const model = fields({
  name: text({ least: 1, most: 9 }),
  layers: list(fields({ units: is(wholeNumber(1, 100)), bias: optional(is(flag)) }), { least: 1 }),
  sizes: nullable(record(anyNumber)),
});

describe("checkSchema", () => {
  it("passes conforming values, with or without further fields", () => {
    expect(
      problemOf({ name: "m", layers: [{ units: 3, more: [] }], sizes: { "ü b": 1e9 }, extra: null }, model),
    ).toBeUndefined();
  });

  it.each([
    [null, "a.json: model must be an object, received null. Save it again."],
    [[], "a.json: model must be an object, received []. Save it again."],
    [
      {},
      "a.json: model.name must be a text that is not empty of at most 9 characters, received nothing. Save it again.",
    ],
    [
      { name: "m", layers: [{ units: 1 }, { units: 1e12 }] },
      "a.json: model.layers[1].units must be a whole number from 1 to 100, received 1000000000000. Save it again.",
    ],
    [{ name: "m", layers: [null] }, "a.json: model.layers[0] must be an object, received null. Save it again."],
    [{ name: "m", layers: [] }, "a.json: model.layers must be a list of at least 1, received []. Save it again."],
    [
      { name: "m", layers: [{ units: 1, bias: 0 }] },
      "a.json: model.layers[0].bias must be true or false, received 0. Save it again.",
    ],
    [
      { name: "m", layers: [{ units: 1 }], sizes: { "a b": "1" } },
      'a.json: model.sizes["a b"] must be a number, received "1". Save it again.',
    ],
  ])("names the place, what is expected there and what was found: %j", (value, expected) => {
    expect(problemOf(value, model)).toBe(expected);
  });

  it("takes an object's own fields only, so that no prototype supplies fields", () => {
    expect(problemOf({ __proto__: { name: "m", layers: [] } }, model)).toContain("model.name must be");
    expect(problemOf(JSON.parse('{"__proto__":{"name":"m"}}'), model)).toContain("model.name must be");
    expect(problemOf({}, fields({ constructor: text() }))).toContain("model.constructor must be a text");
  });

  it("finds equal texts in a long list at once", () => {
    const texts = Array.from({ length: 300_000 }, (_, i) => `w${i}`);
    expect(problemOf(texts, distinctTexts())).toBeUndefined();
    expect(problemOf([...texts, "w7"], distinctTexts())).toContain("model[300000] must be different from [7]");
  });

  it("reports the problem inside rather than that no schema fits", () => {
    const either1 = either("a number or an object with a number", anyNumber, fields({ x: anyNumber }));
    expect(problemOf({ x: null }, either1)).toContain("model.x must be a number");
    expect(problemOf("x", either1)).toContain("model must be a number or an object with a number");
  });

  it("holds tensors to the numbers they have", () => {
    expect(problemOf(new Map([["w", { data: new Float32Array(6), shape: [2, 3] }]]), mapOf(tensor))).toBeUndefined();
    expect(problemOf(new Map([["w", { data: new Float32Array(6), shape: [1e9] }]]), mapOf(tensor))).toBe(
      'a.json: model["w"].shape must be a shape of 6 numbers, received [1000000000]. Save it again.',
    );
  });
});

describe("parseJson", () => {
  it.each(["[", "", "{'a': 1}"])("refuses a text that is not JSON: %s", (source) => {
    expect(() => parseJson(source, message)).toThrow("a.json: model is not JSON. Save it again.");
  });

  it("refuses values nested too deep, and values that contain themselves", () => {
    const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
    expect(parseJson(nested(deepest), message)).toEqual(JSON.parse(nested(deepest)));
    for (const depth of [deepest + 1, 1_000_000]) {
      expect(() => parseJson(nested(depth), message)).toThrow("nested more than 200 levels deep");
    }
    const itself: Record<string, unknown> = {};
    itself.a = itself;
    itself.b = [itself, itself];
    expect(() => checkDepth(itself, message)).toThrow(FormatError);
  });
});

describe("isFileName", () => {
  it.each(["lm-20261124-143052", "a b", "متن", "x.y"])("takes %s", (name) => {
    expect(isFileName(name)).toBe(true);
  });

  it.each([
    "",
    ".",
    "..",
    "../x",
    "a/b",
    "a\\b",
    "/etc/passwd",
    "C:x",
    "a\0b",
    "a\u001bb",
    ".hidden",
    "x.",
    "CON",
    "a".repeat(201),
  ])("refuses %j", (name) => {
    expect(isFileName(name)).toBe(false);
  });
});
