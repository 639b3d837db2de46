import { expect, it } from "vitest";
import { DataError, ShapeError, StateError } from "../errors.js";
import { checkState, type ModelState } from "./model-state.js";

const expected = new Map([
  ["lstm/h", [2, 3]],
  ["lstm/c", [2, 3]],
]);
const tensor = (shape = [2, 3], data: number[] = [1, 2, 3, 4, 5, 6]) => ({ shape, data });
const good = { "lstm/h": tensor(), "lstm/c": tensor() };
const check = (state: object) => () => checkState(state as ModelState, expected);

it("takes a state of the right names and shapes, as an array or a typed array", () => {
  expect(check(good)).not.toThrow();
  expect(check({ ...good, "lstm/c": { shape: [2, 3], data: new Float32Array(6) } })).not.toThrow();
  expect(() => checkState({}, new Map())).not.toThrow();
});

it.each<[string, object, new (message: string) => Error, string]>([
  ["a missing name alone", { "lstm/h": tensor() }, StateError, '"lstm/c" is missing'],
  ["an unknown name alone", { ...good, x: tensor() }, StateError, '"x" is unknown'],
  ["a list", [], StateError, "give the state that run returned"],
  ["no tensor", { ...good, "lstm/h": null }, DataError, "{ data, shape }"],
  ["data that are a text", { ...good, "lstm/h": { shape: [2, 3], data: "123456" } }, DataError, "a list of numbers"],
  ["a shape that is a number", { ...good, "lstm/h": { shape: 6, data: [] } }, DataError, "{ data, shape }"],
  ["another batch", { ...good, "lstm/h": tensor([1, 3], [1, 2, 3]) }, ShapeError, "is of 1 sequence, but x has 2"],
  ["another size", { ...good, "lstm/h": tensor([2, 2], [1, 2, 3, 4]) }, ShapeError, "must be [2, 3], received [2, 2]"],
  ["too few numbers", { ...good, "lstm/h": tensor([2, 3], [1, 2]) }, ShapeError, "with 2 numbers"],
  ["NaN", { ...good, "lstm/h": tensor([2, 3], [1, 2, Number.NaN, 4, 5, 6]) }, DataError, 'number 2 of "lstm/h" is NaN'],
  ["NaN first", { ...good, "lstm/h": tensor([2, 3], [Number.NaN, 2, 3, 4, 5, 6]) }, DataError, "number 0"],
])("refuses %s", (_, state, error, message) => {
  expect(check(state)).toThrow(error);
  expect(check(state)).toThrow(message);
});

it("says when a model carries no state", () => {
  expect(() => checkState({ x: tensor() }, new Map())).toThrow(
    "none: it has no recurrent layer whose state it carries",
  );
});
