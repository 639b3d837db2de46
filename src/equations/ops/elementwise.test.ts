import { expect, test } from "vitest";
import { ConfigError } from "../../errors.js";
import { input, isOp } from "../graph.js";
import { add2, exp, opOf, relu, sub } from "./elementwise.js";

test("opOf returns the operation that an elementwise function applies", () => {
  const x = input("x", [2]);
  expect(isOp(exp(x), opOf(exp))).toBe(true);
  expect(isOp(sub(x, 1), opOf(sub))).toBe(true);
  expect(isOp(sub(x, 1), opOf(add2))).toBe(false);
});

test("opOf refuses a function that consists of several operations, and names it", () => {
  expect(() => opOf(relu)).toThrow(ConfigError);
  expect(() => opOf(relu)).toThrow(/^opOf: relu consists of several operations/);
});
