import { describe, expect, it } from "vitest";
import { compile } from "../compiler/compile.js";
import { createWasmEngine, referenceEngine } from "../engines/index.js";
import { add, input, variable } from "../equations/index.js";
import { dense, embedding, lstm } from "../layers/index.js";
import { sequential } from "../models/sequential.js";
import { ProgramCache } from "./program-cache.js";

const engines = [
  ["reference", referenceEngine],
  ["wasm", createWasmEngine({ threads: 2 })],
] as const;

describe.each(engines)("programs in the memory of the %s engine", (_, engine) => {
  const setting = (capacity: number) => {
    const cache = new ProgramCache(capacity);
    const device = engine.createDevice();
    const compiled: number[] = [];
    const load = (size: number) =>
      cache.load(`${size}`, 0, {
        device,
        sharded: false,
        createVariable: (port) => device.createVariable(port),
        make: () => {
          compiled.push(size);
          const [x, weight] = [input("x", [size]), variable("weight", [1])];
          return { program: compile({ name: "sum", inputs: { x }, outputs: { sum: add(x, weight) } }) };
        },
      });
    return { cache, compiled, load };
  };

  it("are unloaded when they were not used for longest", async () => {
    const { cache, compiled, load } = setting(2);
    const first = await load(1);
    for (const size of [2, 1, 3]) await load(size);
    cache.trim();
    for (const size of [1, 3, 2]) await load(size);
    expect(compiled).toEqual([1, 2, 3, 2]);
    expect(first.executable.run({ x: [1] })).toBeUndefined();
    cache.trim();
    expect(() => first.executable.run({ x: [1] })).toThrow(/was unloaded from its device/);
  });

  it("stay while they are held", async () => {
    const { cache, load } = setting(1);
    const { executable } = await load(1);
    cache.hold("1");
    for (const size of [2, 3]) await load(size);
    cache.trim();
    executable.run({ x: [4] });
    expect([...executable.output("sum")]).toEqual([4]);
    cache.release("1");
    await load(4);
    cache.trim();
    expect(() => executable.run({ x: [1] })).toThrow(/was unloaded/);
  });
});

it("hundreds of lengths leave a device's memory as large as it was, on several threads", async () => {
  const model = sequential([embedding(9, 4, { inputShape: [null] }), lstm(4), dense(1)], {
    seed: 1,
    threads: 2,
    engine: createWasmEngine({ threads: 2 }),
  });
  const memory = () => {
    const { variables } = model as unknown as {
      variables: { store: { device: { heap: { memory: { buffer: { byteLength: number } } } } } };
    };
    return variables.store.device.heap.memory.buffer.byteLength;
  };
  const stream = await model.stream();
  const beginning = [...stream.step([1])];
  const predict = (length: number) => model.predict({ data: new Int32Array(16 * length).fill(2), shape: [16, length] });
  const first = await predict(300);
  for (let length = 1; length <= 280; length++) await predict(length);
  const before = memory();
  for (let length = 301; length <= 420; length++) await predict(length % 300 || 299);
  expect(memory()).toBe(before);
  expect(await predict(300)).toEqual(first);
  stream.state = undefined;
  expect([...stream.step([1])]).toEqual(beginning);
});

it("a stream that was closed leaves its place to the next one", async () => {
  const model = sequential([embedding(9, 4, { inputShape: [null] }), lstm(4, { returnSequences: true })], { seed: 1 });
  const [one, two] = [await model.stream(), await model.stream()];
  const [a, b] = [[...one.step([1])], [...one.step([2])]];
  expect([...two.step([1])]).toEqual(a);
  one.close();
  one.close();
  expect(() => one.step([1])).toThrow(/this stream is closed/);
  const three = await model.stream();
  expect([...three.step([1])]).toEqual(a);
  expect([...two.step([2])]).toEqual(b);
});
