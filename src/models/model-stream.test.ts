import { expect, it } from "vitest";
import { DataError, ShapeError } from "../errors.js";
import { simpleRNN } from "../layers/index.js";
import { sequential } from "./sequential.js";

const open = async () => {
  const model = sequential([simpleRNN(3, { inputShape: [null, 2], returnSequences: true })], { seed: 1 });
  return { model, stream: await model.stream({ batch: 2 }) };
};

it("reads lists and typed arrays alike, and writes into a given array", async () => {
  const step = [1, -1, 0.5, 2];
  const first = [...(await open()).stream.step(step)];
  expect(first).toHaveLength(6);
  expect([...(await open()).stream.step(Float32Array.from(step))]).toEqual(first);
  expect([...(await open()).stream.step(Float64Array.from(step))]).toEqual(first);
  const into = new Float32Array(6);
  expect((await open()).stream.step(step, into)).toBe(into);
  expect([...into]).toEqual(first);
});

it("refuses other data, another number of values and numbers that are not finite, and goes on after it", async () => {
  const { stream } = await open();
  for (const x of ["1234", { length: 4 }, null, undefined, 4, BigInt64Array.of(1n, 2n, 3n, 4n)]) {
    expect(() => stream.step(x as number[])).toThrow("a list or a typed array of numbers");
  }
  expect(() => stream.step([1, 2, 3])).toThrow(ShapeError);
  expect(() => stream.step([1, 2, 3, 4, 5])).toThrow("received 5");
  expect(() => stream.step([1, 2, 3, Number.NaN])).toThrow(DataError);
  expect([...stream.step([1, -1, 0.5, 2])]).toEqual([...(await open()).stream.step([1, -1, 0.5, 2])]);
});
