import { describe, expect, it } from "vitest";
import { subroutine } from "./assembler.js";
import { descriptor, kernel } from "./descriptor.js";
import { i32 } from "./instructions.js";
import { moduleBytes } from "./module-bytes.js";
import { callLayout, segmentLayout } from "./runner.js";
import { webAssembly } from "./web-assembly.js";

const layout = descriptor(
  { input: "pointer", size: "word", bias: "rows?", workspace: "address", output: "word" },
  { start: "pointer", stride: "word" },
);
const input = { buffer: 3, bytes: 40 };
const workspace = { buffer: "workspace", bytes: 8 } as const;
const bias = { buffer: 4, offset: 1, step: 2, strides: [3, 1] };
const values = { input: { buffer: 3, offset: 10, step: 5, strides: [] }, size: 7, workspace, output: 9 };

describe("a layout of descriptors", () => {
  it("is extended by fields behind its own", () => {
    const extended = descriptor({ rows: "pointer", count: "word" }).extended({ workspace: "address" });
    expect(extended.words({ workspace, count: 2, rows: [input, 0] })).toEqual([input, 0, 2, workspace]);
  });

  it("writes words in the order of its fields, zeros for what is absent, and then its items", () => {
    const items = [
      { start: [input, 1], stride: 2 },
      { start: [input, 3], stride: 4 },
    ] as const;
    const words = layout.words({ ...values, bias: undefined }, items);
    expect(words).toEqual([input, 20, 7, 0, 0, 0, workspace, 9, input, 1, 2, input, 3, 4]);
    expect(layout.words({ ...values, bias }).slice(3, 6)).toEqual([{ buffer: 4, bytes: 4 }, 8, 12]);
    expect(layout.at).toEqual({ input: 0, size: 2, bias: 3, workspace: 6, output: 7 });
    expect(layout.size).toBe(8);
  });

  it("takes the same fields of values as of numbers in a program", () => {
    const segment: number[] = segmentLayout.words({ firstCall: 1, calls: 2, length: 3, reverse: 0 });
    expect(segment).toEqual([1, 2, 3, 0]);
    expect(callLayout.words({ descriptor: 2, kernel: 1 })).toEqual([1, 2]);
  });

  it("refuses missing and unknown fields, and pointers read as words", () => {
    const small = descriptor({ rows: "pointer", count: "word" });
    const checks = [
      // @ts-expect-error: count is missing
      () => small.words({ rows: [input, 0] }),
      // @ts-expect-error: there is no width
      () => small.words({ rows: [input, 0], count: 1, width: 2 }),
      // @ts-expect-error: a pointer is two words
      () => small.words({ rows: 1, count: 1 }),
      // @ts-expect-error: a pointer is moved
      () => kernel(false, small, (_, read) => read.word("rows")),
      // @ts-expect-error: a number is not moved
      () => kernel(false, small, (_, read) => read.pointer("count")),
    ];
    expect(checks).toHaveLength(5);
  });

  it("reads in a kernel what it wrote", async () => {
    const memory = new webAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const words = new Int32Array(memory.buffer);
    const run = kernel(false, layout, (_, read) => {
      i32.store({}, read.word("output"), read.pointer("input"));
      i32.store({ offset: 4 }, read.word("output"), read.load("workspace"));
      i32.store({ offset: 8 }, read.word("output"), read.distance("bias"));
      i32.store({ offset: 12 }, read.word("output"), read.item(1).pointer("start"));
      i32.store({ offset: 16 }, read.word("output"), read.item(1).load("stride"));
    });
    const readTwice = subroutine(false, 1, (asm, [address]) => {
      const call = callLayout.reader(asm, address!);
      i32.store({ offset: 20 }, call.word("kernel"), call.load("descriptor"));
    });
    const bytes = moduleBytes({ exports: { run, readTwice }, memory: { maximumPages: 1, shared: true } });
    const module = await webAssembly.compile(bytes);
    const { exports } = await webAssembly.instantiate(module, { tavali: { memory } });
    const written = layout.words({ ...values, bias, output: 400 }, [
      { start: [input, 1], stride: 2 },
      { start: [input, 3], stride: 4 },
    ]);
    words.set(
      written.map((word) => (typeof word === "number" ? word : 1000 + word.bytes)),
      16,
    );
    (exports.run as (address: number, t: number) => void)(64, 10);
    words.set(callLayout.words({ kernel: 400, descriptor: 77 }), 50);
    (exports.readTwice as (address: number) => void)(200);
    expect([...words.subarray(100, 106)]).toEqual([1240, 1008, 12, 1070, 4, 77]);
  });
});
