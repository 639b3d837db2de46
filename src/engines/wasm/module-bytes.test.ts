import { describe, expect, it, test } from "vitest";
import { subroutine } from "./assembler.js";
import { type Local, signed, unsigned, type ValueType, type WasmFunction, writeFunction } from "./function-code.js";
import { block, br_if, call, f32x4, i32, if_, local, loop, v128 } from "./instructions.js";
import { moduleBytes } from "./module-bytes.js";
import { webAssembly } from "./web-assembly.js";

type Call = (...values: number[]) => number;

/** Compiles functions of integers. */
async function compiled(exports: Record<string, WasmFunction>): Promise<Record<string, Call>> {
  const instance = await webAssembly.instantiate(await webAssembly.compile(moduleBytes({ exports })), {});
  return instance.exports as Record<string, Call>;
}

/** A function from integers to an integer. */
function integers(parameters: number, write: (...args: Local<"i32">[]) => void): WasmFunction {
  const type = { parameters: new Array<ValueType>(parameters).fill("i32"), results: ["i32"] } as const;
  return writeFunction(type, (args) => write(...(args as Local<"i32">[])));
}

describe("numbers in modules", () => {
  it("take as many bytes as they need", () => {
    expect([0, 127, 128, 624485].map(unsigned)).toEqual([[0], [127], [128, 1], [0xe5, 0x8e, 0x26]]);
    expect([0, 63, 64, -64, -65, -123456].map(signed)).toEqual([
      [0],
      [63],
      [192, 0],
      [64],
      [191, 127],
      [192, 187, 120],
    ]);
  });

  it.each([0, 63, 64, -64, -65, 2 ** 31 - 1, -(2 ** 31)])("constant %i is read as it was written", async (value) => {
    const { f } = await compiled({ f: integers(0, () => i32.const(value)) });
    expect(f!()).toBe(value);
  });
});

describe("operands", () => {
  it("stand in their order, whichever is on the stack already", async () => {
    const double = (a: Local<"i32">) => i32.mul(a, 2);
    const exports = await compiled({
      stackLast: integers(2, (a, b) => i32.sub(a, double(b))),
      stackFirst: integers(2, (a, b) => i32.sub(double(a), b)),
      both: integers(2, (a, b) => i32.sub(double(a), double(b))),
      between: integers(2, (a, b) => i32.sub(100, i32.sub(a, i32.sub(double(b), 1)))),
      given: integers(2, (a, b) => {
        local.get(a);
        i32.add(b, 1);
        i32.sub();
      }),
    });
    const results = Object.fromEntries(Object.entries(exports).map(([name, f]) => [name, f(7, 3)]));
    expect(results).toEqual({ stackLast: 1, stackFirst: 11, both: 8, between: 98, given: 3 });
  });

  it("that are not there are an error", () => {
    expect(() => integers(0, () => i32.add())).toThrow(/takes more than is on the stack/);
    expect(() => i32.const(1)).toThrow(/outside of a function/);
  });

  it("of a block are not those outside of it", () => {
    const reachesOut = () =>
      integers(1, (a) => {
        local.get(a);
        block(() => i32.eqz());
      });
    expect(reachesOut).toThrow(/takes more than is on the stack/);
  });
});

test("jumps lead to the block or loop that their label names", async () => {
  // The sum of n, n − 1, …, but no more than ten of them.
  const sum = subroutineWithResult((asm, [n]) => {
    const [total, left] = [asm.integer(0), asm.integer(10)];
    block((done) => {
      loop((again) => {
        i32.eqz(n!);
        br_if(done);
        asm.advance(total, n!);
        asm.advance(n!, -1);
        asm.advance(left, -1);
        local.get(left);
        if_(() => {
          i32.const(1);
          br_if(again);
        });
      });
    });
    return total;
  });
  const { f } = await compiled({ f: sum });
  expect([f!(4), f!(10), f!(11)]).toEqual([10, 55, 65]);
});

/** A subroutine that returns a local. */
function subroutineWithResult(build: (...args: Parameters<Parameters<typeof subroutine>[2]>) => Local<"i32">) {
  let result: Local<"i32"> | undefined;
  const made = subroutine(false, 1, (asm, args) => {
    result = build(asm, args);
    local.get(result);
  });
  return { ...made, type: { ...made.type, results: ["i32"] } } satisfies WasmFunction;
}

test("functions that are called, and called by those, are in the module once", async () => {
  const memory = { maximumPages: 1, shared: false };
  const storeAt = (address: number) =>
    subroutine(false, 1, (asm, [value]) =>
      v128.store({}, asm.integer(address), f32x4.add(asm.constant(1), i32x4OfFloats(value!))),
    );
  const i32x4OfFloats = (value: Local<"i32">) => f32x4.convert_i32x4_s(v128.load({}, value));
  const first = storeAt(64);
  const both = subroutine(false, 1, (asm, [value]) => {
    asm.call(first, [value!]);
    call(first, [0]);
  });
  const bytes = moduleBytes({ exports: { both, again: both, first }, memory });
  const module = await webAssembly.compile(bytes);
  const shared = new webAssembly.Memory({ initial: 1, maximum: 1, shared: false });
  const { exports } = await webAssembly.instantiate(module, { tavali: { memory: shared } });
  new Int32Array(shared.buffer).set([3, 4, 5, 6]);
  (exports.both as Call)(128);
  expect([...new Float32Array(shared.buffer, 64, 4)]).toEqual([4, 5, 6, 7]);
  const bodies = bytes.length - moduleBytes({ exports: { first }, memory }).length;
  expect(bodies).toBeLessThan(60);
});

test("locals of several kinds and constants of the prologue keep apart", async () => {
  const memory = { maximumPages: 1, shared: false };
  const f = subroutine(false, 1, (asm, [at]) => {
    const x = asm.vector(v128.load({}, at!));
    asm.scope(() => {
      const y = asm.multiplyAdd(x, asm.constant(2), asm.constant(0.5));
      v128.store({ offset: 16 }, asm.integer(at!), y);
    });
    v128.store({ offset: 32 }, asm.integer(at!), asm.vector(f32x4.sub(x, asm.constant(-0))));
  });
  expect(f.locals).toEqual(["v128", "v128", "v128", "v128", "i32", "v128"]);
  const module = await webAssembly.compile(moduleBytes({ exports: { f }, memory }));
  const own = new webAssembly.Memory({ initial: 1, maximum: 1, shared: false });
  const { exports } = await webAssembly.instantiate(module, { tavali: { memory: own } });
  new Float32Array(own.buffer).set([1, 2, -3, 4]);
  (exports.f as Call)(0);
  expect([...new Float32Array(own.buffer, 16, 8)]).toEqual([2.5, 4.5, -5.5, 8.5, 1, 2, -3, 4]);
});
