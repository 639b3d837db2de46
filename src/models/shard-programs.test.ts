import { expect, test } from "vitest";
import { add, input, variable } from "../equations/index.js";
import { shardName } from "./shard-names.js";
import { ShardPrograms } from "./shard-programs.js";

test("shards of equal shape are compiled once, and each has variables of its own", () => {
  let compiled = 0;
  const equations = () => {
    compiled++;
    const [x, weight] = [input("x", [2]), variable("weight", [2])];
    return {
      name: "sum, shard 0",
      inputs: { x },
      outputs: {},
      updates: [[variable(shardName(0, "sum"), [2]), add(x, weight)]] as const,
    };
  };
  const programs = new ShardPrograms();
  const [first, second] = [programs.of(0, "key", equations).program, programs.of(1, "key", equations).program];
  expect(compiled).toBe(1);
  expect(first.variables.map(({ name }) => name).toSorted()).toEqual(["shard 0/sum", "weight"]);
  expect(second.variables.map(({ name }) => name).toSorted()).toEqual(["shard 1/sum", "weight"]);
  const named = (buffers: typeof first.buffers) =>
    buffers.flatMap(({ role, name }) => (role === "variable" ? name! : []));
  expect(named(second.buffers).toSorted()).toEqual(["shard 1/sum", "weight"]);
  expect([first.name, second.name]).toEqual(["sum, shard 0", "sum, shard 1"]);
  expect(second.instructions).toEqual(first.instructions);
  programs.of(1, "another key", equations);
  expect(compiled).toBe(2);
});
