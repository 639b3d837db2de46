import { describe, expect, it } from "vitest";
import { DataError, ShapeError } from "../errors.js";
import { adviceFor, kindOf } from "./kind.js";
import { isRecord, isTensor, type NestedData, tensor, toTensor } from "./tensor.js";

const read = (value: unknown, name = "x") => toTensor(value as NestedData, name);

describe("tensor", () => {
  it("takes the shape of nested lists", () => {
    expect(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    ).toEqual({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] });
    expect(tensor([[[1], [2]]]).shape).toEqual([1, 2, 1]);
    expect(tensor([1, 2, 3, 4, 5, 6], [2, 3])).toEqual({ data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] });
    expect(
      tensor(
        [
          [1, 2],
          [3, 4],
        ],
        [4],
      ).shape,
    ).toEqual([4]);
    expect(tensor(7)).toEqual({ data: Float32Array.of(7), shape: [] });
    expect(tensor([[], []]).shape).toEqual([2, 0]);
  });

  it("uses a typed array in place", () => {
    for (const data of [Float32Array.of(1), Float64Array.of(1), Int32Array.of(1), Uint8Array.of(1), Int16Array.of(1)]) {
      expect(tensor(data).data).toBe(data);
      expect(read({ data, shape: [1] }).data).toBe(data);
    }
    const clamped = new Uint8ClampedArray([1, 2]);
    expect(tensor(clamped, [2, 1]).data).toEqual(Uint8Array.of(1, 2));
    expect(tensor(clamped).data.buffer).toBe(clamped.buffer);
    expect(tensor(BigInt64Array.of(-3n, 4n)).data).toEqual(Float64Array.of(-3, 4));
  });

  it("refuses a shape that does not fit", () => {
    expect(() => tensor([1, 2, 3], [2, 2])).toThrow("tensor: shape [2, 2] holds 4 numbers, but 3 were given.");
    expect(() => tensor([1, 2], [-1, -2])).toThrow("every axis must be a non-negative integer");
    expect(() => tensor([1, 2], "2" as never)).toThrow(
      'a shape is a list of sizes such as [2, 3], received a string "2".',
    );
  });
});

describe("toTensor", () => {
  it.each<[string, unknown, readonly number[], readonly number[]]>([
    ["booleans", [[true, false]], [1, 0], [1, 2]],
    ["BigInts", [[1n], [-2n]], [1, -2], [2, 1]],
    ["rows of typed arrays", [Float32Array.of(1, 2), Int8Array.of(3, 4)], [1, 2, 3, 4], [2, 2]],
    ["rows of BigInts in typed arrays", [BigUint64Array.of(5n)], [5], [1, 1]],
    ["a list of tensors", [tensor([[1, 2]]), tensor([[3, 4]])], [1, 2, 3, 4], [2, 1, 2]],
    ["a tensor from JSON", { data: [1, 2], shape: [2, 1] }, [1, 2], [2, 1]],
    ["a number", 3, [3], []],
    ["nothing", [], [], [0]],
  ])("takes %s", (_, value, data, shape) => {
    const made = read(value);
    expect([[...made.data], made.shape]).toEqual([data, shape]);
  });

  it.each<[unknown, string]>([
    [[[1, 2], [3]], "x[1] has 1 item, but x[0] has 2 items;"],
    [
      [
        [[1, 2], [1]],
        [
          [1, 2],
          [3, 4],
        ],
      ],
      "x[0][1] has 1 item, but x[0][0] has 2 items;",
    ],
    [[[], [1]], "x[1] has 1 item, but x[0] has 0 items;"],
    [[[1, 2], 3], "x[1] is the number 3, but x[0] has the shape [2];"],
    [[[1, [2]]], "x[0][1] is a list of 1, but x[0][0] is a number;"],
    [[[1], Float32Array.of(1, 2)], "x[1] has 2 items, but x[0] has 1 item;"],
    [[tensor([1, 2]), tensor([1, 2, 3])], "x[1] is a tensor [3], but x[0] has the shape [2];"],
    [[[[1]], Float32Array.of(1)], "x[1] is a Float32Array, but x[0] has the shape [1, 1];"],
  ])("names lists that differ: %j", (value, message) => {
    expect(() => read(value)).toThrow(ShapeError);
    expect(() => read(value)).toThrow(message);
  });

  it.each<[unknown, string]>([
    [
      [
        [1, 2],
        [3, "a"],
      ],
      'x[1][1] is a string "a"; expected a number. Turn texts into ids first',
    ],
    [[["1"]], 'x[0][0] is a string "1"; expected a number. Write it without quotes, or convert it with Number(…).'],
    [[1, null], "x[1] is null; expected a number."],
    [[1, undefined], "x[1] is undefined; expected a number."],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
    [[[1, , 2]], "x[0][1] is missing: the list has a hole there."],
    [[[1], undefined], "x[1] is undefined; expected a list."],
    [[1, 2n ** 60n], "x[1] is the BigInt 1152921504606846976n, which is too large to be a number"],
    [BigInt64Array.of(2n ** 62n), "x[0] is the BigInt"],
    ["abc", 'x is a string "abc"; expected numbers: a tensor, a typed array or a list. Turn texts into ids first'],
    [undefined, "x is undefined;"],
    [Promise.resolve([1]), "x is a Promise; expected numbers: a tensor, a typed array or a list. Await it."],
    [[Promise.resolve(1)], "x[0] is a Promise; expected a number. Await it."],
    [
      [1].values(),
      "x is a generator; expected numbers: a tensor, a typed array or a list. Collect what it yields into a list first",
    ],
    [
      new Map(),
      "x is a Map; expected numbers: a tensor, a typed array or a list. Give its values as a list: [...map.values()].",
    ],
    [
      new Set([1]),
      "x is a Set; expected numbers: a tensor, a typed array or a list. Give its items as a list: [...set].",
    ],
    [new ArrayBuffer(8), "x is an ArrayBuffer;"],
    [new DataView(new ArrayBuffer(8)), "x is a DataView;"],
    [
      () => 1,
      "x is a function; expected numbers: a tensor, a typed array or a list. Call it, and give what it returns.",
    ],
    [{ data: {}, shape: [1] }, "x.data is an object; expected a typed array or a list of numbers."],
    [{ a: 1 }, "x is an object;"],
  ])("names what is no data, and its place: %o", (value, message) => {
    expect(() => read(value)).toThrow(DataError);
    expect(() => read(value)).toThrow(message);
  });

  it("terminates on lists that contain themselves, and on lists too large for memory", () => {
    const list: unknown[] = [];
    list[0] = list;
    expect(() => read(list)).toThrow("x: lists are nested more than 16 deep");
    const [long, row] = [new Array(1e6).fill([]), new Array(1e6).fill(0)];
    long[0] = row;
    expect(() => read(long)).toThrow("a tensor [1000000, 1000000] of 1000000000000 numbers is too large to hold");
  });

  it("reads large lists as fast as their numbers can be copied", () => {
    const rows = Array.from({ length: 2000 }, () => new Array<number>(500).fill(0.5));
    const begin = performance.now();
    expect(read(rows).data.length).toBe(1e6);
    expect(performance.now() - begin).toBeLessThan(1000);
  });
});

describe("kindOf and adviceFor", () => {
  it("never call a method of the value", () => {
    const hostile = new Proxy({}, { get: (_, key) => (key === "constructor" ? 1 : undefined) });
    expect(kindOf(hostile)).toBe("an object");
    expect(kindOf(Object.create(null))).toBe("an object");
    expect(kindOf("x".repeat(1000)).length).toBeLessThan(60);
    expect(adviceFor(Object.create(null))).toBeUndefined();
  });

  it("know a record from a tensor, a list, a layer and an instance of a class", () => {
    expect([{}, { a: 1 }, Object.create(null), { data: 1 }].map(isRecord)).toEqual([true, true, true, true]);
    const others = [
      [],
      null,
      3,
      "a",
      new Map(),
      { data: [1], shape: [1] },
      tensor([1]),
      { call() {}, apply() {} },
      new Date(),
    ];
    expect(others.map(isRecord)).toEqual(others.map(() => false));
    expect([tensor([1]), { data: [1], shape: [1] }].map(isTensor)).toEqual([true, false]);
  });
});
