import { expect, test } from "vitest";
import { compile } from "../compiler/compile.js";
import { add, input, variable } from "../equations/index.js";
import { shardName } from "./shard-names.js";
import { ofShard } from "./shard-programs.js";

test("a shard's program is that of the first, with variables of its own", () => {
  const [x, weight] = [input("x", [2]), variable("weight", [2])];
  const updates = [[variable(shardName(0, "sum"), [2]), add(x, weight)]] as const;
  const made = { program: compile({ name: "sum, shard 0", inputs: { x }, outputs: {}, updates }) };
  const [first, second] = [ofShard(0, made).program, ofShard(1, made).program];
  expect(first.variables.map(({ name }) => name).toSorted()).toEqual(["shard 0/sum", "weight"]);
  expect(second.variables.map(({ name }) => name).toSorted()).toEqual(["shard 1/sum", "weight"]);
  const named = (buffers: typeof first.buffers) =>
    buffers.flatMap(({ role, name }) => (role === "variable" ? name! : []));
  expect(named(second.buffers).toSorted()).toEqual(["shard 1/sum", "weight"]);
  expect([first.name, second.name]).toEqual(["sum, shard 0", "sum, shard 1"]);
  expect(second.instructions).toEqual(first.instructions);
});
