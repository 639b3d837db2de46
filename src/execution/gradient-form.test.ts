import { expect, test } from "vitest";
import { gradientForm, maxSparseIds } from "./gradient-form.js";

test("gradientForm is sparse where all shards together name at most a quarter of a table's rows", () => {
  expect(gradientForm([80, 3], 20, 1)).toEqual({ kind: "sparse", count: 20 });
  expect(gradientForm([79, 3], 20, 1)).toEqual({ kind: "table" });
  expect(gradientForm([80, 3], 10, 2)).toEqual({ kind: "sparse", count: 10 });
  expect(gradientForm([79, 3], 10, 2)).toEqual({ kind: "table" });
  expect(gradientForm([80, 3], undefined, 1)).toEqual({ kind: "dense" });
});

test("gradientForm is the same for all shards of a batch that does not divide evenly", () => {
  // 25 examples of 7 ids in 3 shards.
  for (const examples of [8, 9]) expect(gradientForm([700, 2], 7 * examples, 25 / examples).kind).toBe("sparse");
  for (const examples of [8, 9]) expect(gradientForm([699, 2], 7 * examples, 25 / examples).kind).toBe("table");
});

test("maxSparseIds has room for the largest sparse gradient", () => {
  for (const rows of [3, 4, 79, 80, 81]) {
    const most = maxSparseIds(rows);
    expect(gradientForm([rows, 1], most, 1).kind).toBe("sparse");
    expect(gradientForm([rows, 1], most + 1, 1).kind).toBe("table");
  }
});
