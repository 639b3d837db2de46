import { describe, expect, it } from "vitest";
import { ConfigError } from "../errors.js";
import { checkOptions } from "./check-options.js";
import { formatValue } from "./format-value.js";
import {
  checkOption,
  count,
  either,
  finite,
  flag,
  integer,
  listOf,
  notNegative,
  oneOf,
  orNull,
  positive,
  share,
  shareBelowOne,
  wholeNumber,
} from "./option-check.js";

interface Options {
  readonly returnSequences?: boolean;
  readonly returnState?: boolean;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly metrics?: readonly string[];
}

const checks = {
  returnSequences: flag,
  returnState: flag,
  batchSize: count,
  learningRate: notNegative,
  metrics: listOf("texts", (value) => (typeof value === "string" ? undefined : "a text")),
};

const checked = (given: unknown, owner = "thing") => checkOptions<Options>(owner, given as Options, checks);

describe("checkOptions", () => {
  it("returns known options, and accepts undefined for no options", () => {
    const given = { batchSize: 4, returnState: undefined };
    expect(checked(given)).toBe(given);
    expect(checked(undefined)).toEqual({});
  });

  it.each([
    ["return_sequences", "returnSequences"],
    ["RETURNSEQUENCES", "returnSequences"],
    ["returnSequence", "returnSequences"],
    ["batchsize", "batchSize"],
    ["bacthSize", "batchSize"],
    ["lr", "learningRate"],
    ["learning_rate", "learningRate"],
    ["metric", "metrics"],
    ["batch", "batchSize"],
  ])("of %s it says %s", (given, meant) => {
    expect(() => checked({ [given]: 1 })).toThrow(
      `thing: there is no option "${given}"; did you mean ${meant}? There are returnSequences, returnState,`,
    );
  });

  it("lists the names if none is near, and explains Keras's options that Tavali does not have", () => {
    expect(() => checked({ zebra: 1 })).toThrow(
      'thing: there is no option "zebra". There are returnSequences, returnState, batchSize, learningRate, metrics.',
    );
    expect(() => checked({ __proto__: { zebra: 1 } })).toThrow('"zebra"');
    expect(() => checked({ toString: 1 })).toThrow('"toString"');
    expect(() => checked({ ["x".repeat(1e5)]: 1 })).toThrow(ConfigError);
    expect(() => checked({ unroll: true }, "LSTM")).toThrow(
      'LSTM: there is no option "unroll". Keras has it, Tavali does not: the loop over time is always compiled.',
    );
    expect(() => checked({ workers: 3 }, "fit")).toThrow("threads are chosen when the model is made");
  });

  it.each([[null], ["text"], [7], [true], [[]], [[{ batchSize: 1 }]], [new Map()], [new Float32Array(2)], [() => 1]])(
    "refuses %s for options",
    (given) => {
      expect(() => checked(given)).toThrow(
        "thing: options are an object such as { returnSequences: …, returnState: … },",
      );
    },
  );

  it("names the value that does not fit", () => {
    expect(() => checked({ batchSize: 0 })).toThrow("thing: batchSize must be a positive integer, received 0.");
    expect(() => checked({ returnState: 1 })).toThrow("thing: returnState must be true or false, received 1.");
  });
});

describe("checks of numbers", () => {
  const values = [0, -1, 1.5, Number.NaN, Infinity, -Infinity, 1, 7, 2 ** 53, "3", true, null, 3n, [], {}, undefined];
  it.each([
    ["count", count, [1, 7]],
    ["wholeNumber(0)", wholeNumber(0), [0, 1, 7]],
    ["wholeNumber(-1, 6)", wholeNumber(-1, 6), [0, -1, 1]],
    ["integer", integer, [0, -1, 1, 7]],
    ["finite", finite, [0, -1, 1.5, 1, 7, 2 ** 53]],
    ["positive", positive, [1.5, 1, 7, 2 ** 53]],
    ["notNegative", notNegative, [0, 1.5, 1, 7, 2 ** 53]],
    ["share", share, [0, 1]],
    ["shareBelowOne", shareBelowOne, [0]],
    ["orNull(count)", orNull(count), [1, 7, null]],
    ["either", either(share, flag), [0, 1, true]],
    ["oneOf", oneOf("3", Number.NaN), [Number.NaN, "3"]],
  ])("%s", (_, check, fitting) => {
    expect(values.filter((value) => check(value) === undefined)).toEqual(fitting);
  });

  it("of lists name the wrong entry", () => {
    const check = listOf("positive integers", count);
    expect([[1, 2], new Int32Array([3])].map(check)).toEqual([undefined, undefined]);
    expect(["12", [], [1, 0], 3].map(check)).toEqual([
      "a list of positive integers",
      "a list of positive integers that is not empty",
      "a list of positive integers (entry 1 is not)",
      "a list of positive integers",
    ]);
  });

  it("reports what was expected and what was received", () => {
    expect(() => checkOption("Dense", "units", Number.NaN, count)).toThrow(
      "Dense: units must be a positive integer, received NaN.",
    );
    expect(checkOption("Dense", "units", 3, count)).toBe(3);
  });
});

describe("formatValue", () => {
  it.each([
    [Number.NaN, "NaN"],
    ["a\nb", '"a\\nb"'],
    [10n, "10n"],
    [null, "null"],
    [undefined, "undefined"],
    [[1, [2]], "[1, […]]"],
    [{ a: 1, b: {} }, "{ a: 1, b: {…} }"],
    [{}, "{}"],
    [new Map(), "a Map"],
    [new Int32Array(2), "an Int32Array"],
    [() => 1, "a function"],
    [Object.create(null), "{}"],
    [Symbol("s"), "Symbol(s)"],
  ])("%s", (value, words) => {
    expect(formatValue(value)).toBe(words);
  });
  it("stays short", () => {
    expect(formatValue("x".repeat(1e6)).length).toBeLessThan(70);
    expect(formatValue(new Array(1e6).fill(1)).length).toBeLessThan(70);
  });
});
