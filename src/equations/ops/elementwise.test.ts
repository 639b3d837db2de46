import { expect, test } from "vitest";
import { ConfigError } from "../../errors.js";
import { input, isOp } from "../graph.js";
import { add2, exp, opOf, relu, sub } from "./elementwise.js";

test("opOf gives the operation that an elementwise function makes nodes of", () => {
  const x = input("x", [2]);
  expect(isOp(exp(x), opOf(exp))).toBe(true);
  expect(isOp(sub(x, 1), opOf(sub))).toBe(true);
  expect(isOp(sub(x, 1), opOf(add2))).toBe(false);
});

test("opOf refuses a function that is made of several operations, and names it", () => {
  expect(() => opOf(relu)).toThrow(ConfigError);
  expect(() => opOf(relu)).toThrow(/^opOf: relu is made of several operations/);
});
