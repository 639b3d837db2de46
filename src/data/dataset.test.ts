import { describe, expect, test } from "vitest";
import { tensor, toNested } from "../tensor/tensor.js";
import { Dataset } from "./index.js";

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const numbers = (count: number) => Dataset.from(Array.from({ length: count }, (_, i) => i));

describe("sources", () => {
  test("rows of arrays are views; numbers and texts are rows, too", async () => {
    const x = tensor([1, 2, 3, 4, 5, 6], [3, 2]);
    const rows = await all(Dataset.fromArrays([x, Int32Array.of(7, 8, 9), ["a", "b", "c"]] as const));
    expect(rows[1]).toEqual([{ data: Float32Array.of(3, 4), shape: [2] }, 8, "b"]);
    expect(rows).toHaveLength(3);
    const named = await all(Dataset.fromArrays({ x, y: [1, 2, 3] }));
    expect(named[2]).toEqual({ x: { data: Float32Array.of(5, 6), shape: [2] }, y: 3 });
    expect(await all(Dataset.fromArrays(Float32Array.of(1, 2)))).toEqual([1, 2]);
  });
  test("arrays of unequal numbers of rows are refused with both", () => {
    expect(() => Dataset.fromArrays([[1, 2], [3]])).toThrow("array 0 has 2 rows, but array 1 has 1");
    expect(() =>
      Dataset.fromArrays([
        [[1, 2], [3]],
        [1, 2],
      ]),
    ).toThrow("rows of unequal length");
  });
  test("a generator function gives every pass anew; a generator can be read once", async () => {
    const twice = Dataset.from(function* () {
      yield* [1, 2];
    });
    expect([await all(twice), await all(twice)]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    const once = Dataset.from(
      (function* () {
        yield 1;
      })(),
    );
    expect(await all(once)).toEqual([1]);
    await expect(all(once)).rejects.toThrow("can be read once only");
    expect(() => Dataset.from(3 as never)).toThrow("the number 3");
    expect(() => Dataset.from("abc" as never)).toThrow('a string "abc"');
  });
  test("a reader that stops early ends the source", async () => {
    let ended = false;
    const source = Dataset.from(function* () {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        ended = true;
      }
    });
    for await (const item of source.map((i) => i * 2).prefetch(3)) if (item === 4) break;
    expect(ended).toBe(true);
  });
});

describe("stages", () => {
  test("sizes are known where they can be", () => {
    const data = numbers(10);
    expect([data.size, data.map((i) => i).size, data.filter(() => true).size]).toEqual([10, 10, undefined]);
    expect([data.take(3).size, data.skip(8).size, data.batch(3).size]).toEqual([3, 2, 4]);
    expect([data.batch(3, { dropRemainder: true }).size, data.repeat(2).size, data.repeat().size]).toEqual([
      3,
      20,
      Number.POSITIVE_INFINITY,
    ]);
  });
  test("map, filter, take and skip follow one another", async () => {
    const data = numbers(10)
      .map(async (i) => i * i)
      .filter((i) => i % 2 === 0)
      .skip(1)
      .take(3);
    expect(await all(data)).toEqual([4, 16, 36]);
  });
  test("shuffle gives every item once, in another order in every epoch, and the same for the same seed", async () => {
    const data = numbers(50).shuffle(20);
    const [a, b, again, other] = await Promise.all([
      all(data.epoch(0)),
      all(data.epoch(1)),
      all(data.epoch(0)),
      all(data.epoch(0, { seed: 1 })),
    ]);
    expect(a.toSorted((x, y) => x - y)).toEqual([...Array(50).keys()]);
    expect(again).toEqual(a);
    for (const unequal of [b, other, [...Array(50).keys()]]) expect(unequal).not.toEqual(a);
  });
  test("a buffer that holds all items makes every order equally likely", async () => {
    const counts = new Map<string, number>();
    const data = numbers(3).shuffle(3);
    for (let epoch = 0; epoch < 600; epoch++) {
      const order = (await all(data.epoch(epoch))).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(40);
  });
  test("batches have a row for each item; the last may be shorter", async () => {
    const data = Dataset.fromArrays([tensor([1, 2, 3, 4, 5, 6], [3, 2]), Int32Array.of(7, 8, 9)] as const).batch(2);
    const [first, last] = await all(data);
    expect(toNested(first![0])).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(first![1]).toMatchObject({ shape: [2] });
    expect(last![0].shape).toEqual([1, 2]);
  });
  test("items of unequal shape name padBatch, which pads at the end or at the start", async () => {
    const data = Dataset.from<readonly [number[], number]>([
      [[1, 2, 3], 0],
      [[4], 1],
      [[], 2],
    ]);
    await expect(all(data.batch(2))).rejects.toThrow("Use padBatch");
    const [post] = await all(data.padBatch(3));
    expect(toNested(post![0])).toEqual([
      [1, 2, 3],
      [4, 0, 0],
      [0, 0, 0],
    ]);
    const [pre] = await all(data.padBatch(3, { padding: "pre", value: [-1, 0], paddedLength: 4 }));
    expect(toNested(pre![0])).toEqual([
      [-1, 1, 2, 3],
      [-1, -1, -1, 4],
      [-1, -1, -1, -1],
    ]);
    await expect(all(data.padBatch(3, { paddedLength: 2 }))).rejects.toThrow("3 steps, more than paddedLength, 2");
  });
  test("buckets hold items of similar length", async () => {
    const lengths = [1, 9, 2, 8, 3, 7, 4];
    const data = Dataset.from(lengths.map((length) => [new Int32Array(length).fill(length), length] as const));
    const batches = await all(data.bucketByLength({ boundaries: [5], batchSize: [2, 2] }));
    expect(batches.map(([x]) => x.shape)).toEqual([
      [2, 2],
      [2, 9],
      [2, 4],
      [1, 7],
    ]);
    expect(() => data.bucketByLength({ boundaries: [5, 5], batchSize: 2 })).toThrow("boundaries must rise");
    expect(() => data.bucketByLength({ boundaries: [5], batchSize: [2] })).toThrow("2 buckets");
  });
  test("repeat makes new passes, and an empty dataset without end is empty", async () => {
    const orders = await all(numbers(4).shuffle(4).repeat(2));
    expect(orders.slice(0, 4)).not.toEqual(orders.slice(4));
    expect(await all(numbers(0).repeat())).toEqual([]);
    expect(await all(numbers(2).repeat().take(5))).toEqual([0, 1, 0, 1, 0]);
  });
  test("prefetch asks ahead, but no more than it says", async () => {
    let asked = 0;
    const data = Dataset.from(function* () {
      for (let i = 0; i < 10; i++) {
        asked++;
        yield i;
      }
    }).prefetch(2);
    const reader = data.epoch(0);
    await reader.next();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(asked).toBe(3);
    await reader.return();
  });
  test("a pass that begins later gives the same items as one that was read so far", async () => {
    const data = numbers(40)
      .map((i, { random }) => i + random.uniform())
      .shuffle(10)
      .batch(3)
      .repeat(2)
      .prefetch(2);
    const whole = await all(data.epoch(5, { seed: 3 }));
    for (const skip of [0, 1, 7, 14, 20]) {
      expect(await all(data.epoch(5, { seed: 3, skip }))).toEqual(whole.slice(skip));
    }
  });
  test("errors name the item", async () => {
    const data = numbers(5).map((i) => {
      if (i === 3) throw new Error("no such word");
      return i;
    });
    await expect(all(data)).rejects.toThrow("item 3: the function of map failed: no such word");
    await expect(all(Dataset.fromArrays([1, 2, 3]).map(() => Promise.reject(new Error("bad"))))).rejects.toThrow(
      "row 0",
    );
  });
  test("options that do not exist are refused", () => {
    expect(() => numbers(3).batch(2, { drop: true } as never)).toThrow('there is no option "drop"');
    expect(() => numbers(3).batch(0)).toThrow("batch must be");
    expect(() => numbers(3).map(3 as never)).toThrow("map must be a function");
  });
});
