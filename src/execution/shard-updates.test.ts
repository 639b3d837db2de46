import { expect, it } from "vitest";
import type { Network } from "./network.js";
import { updatePartCount } from "./shard-updates.js";

const networkOf = (...parameters: object[]): Network =>
  ({ parameters: parameters.map((parameter) => ({ trainable: true, ...parameter })) }) as unknown as Network;

it.each<[string, number, number, object[]]>([
  ["as many parts as shards for a weight of 4096 numbers", 2, 2, [{ shape: [8] }, { shape: [64, 64] }]],
  ["one part for small weights", 2, 1, [{ shape: [63, 65] }]],
  ["one part for one shard", 1, 1, [{ shape: [64, 64] }]],
  ["parts for as many rows as shards", 4, 4, [{ shape: [4, 1024] }]],
  ["one part for fewer rows than shards", 4, 1, [{ shape: [3, 4096] }]],
  ["one part for a weight with a regularizer", 2, 1, [{ shape: [64, 64], regularizer: {} }]],
  ["one part for a weight with a constraint", 2, 1, [{ shape: [64, 64], constraint: {} }]],
  ["one part for a weight that is not trained", 2, 1, [{ shape: [64, 64], trainable: false }]],
])("an update has %s", (_, shards, parts, parameters) => {
  expect(updatePartCount(networkOf(...parameters), shards)).toBe(parts);
});
