/** Random elementwise programs, every scalar operation, and the measured error of the transcendental functions. */
import { describe, expect, it } from "vitest";
import type { MapInstruction, Operand, Program, ScalarOp, ScalarStep } from "../../src/compiler/program.js";
import { referenceEngine } from "../../src/engines/reference/reference-engine.js";
import { scalarFunctions } from "../../src/engines/reference/scalar-functions.js";
import { createWasmEngine } from "../../src/engines/wasm/wasm-engine.js";
import { Random } from "../../src/tensor/random.js";
import { difference, RandomProgram, runOn } from "./random-program.js";

const engines = [
  ["plain SIMD", createWasmEngine({ relaxedSimd: false })],
  ["the best SIMD there is", createWasmEngine()],
] as const;

/** Operations that neither jump nor blow up, so that chains of them can be compared. */
const smooth: readonly [ScalarOp, number][] = [
  ...(["add", "subtract", "multiply", "maximum", "minimum"] as const).map((op): [ScalarOp, number] => [op, 2]),
  ...(["tanh", "sigmoid", "erf", "negate", "abs"] as const).map((op): [ScalarOp, number] => [op, 1]),
];
/** Operations that jump: on inputs only, which are the same numbers on every engine. */
const jumping: readonly [ScalarOp, number][] = [
  ...(["equal", "notEqual", "greater", "greaterEqual", "less", "lessEqual"] as const).map((op): [ScalarOp, number] => [
    op,
    2,
  ]),
  ...(["sign", "floor"] as const).map((op): [ScalarOp, number] => [op, 1]),
];

/** Every scalar operation of the reference with so many arguments; `constant` has a value instead. */
function operationsOf(count: number): ScalarOp[] {
  const names = (Object.keys(scalarFunctions) as ScalarOp[]).filter((op) => op !== "constant");
  return names.filter((op) => scalarFunctions[op].length === count);
}

function randomSteps(p: RandomProgram, inputs: number): ScalarStep[] {
  const steps: ScalarStep[] = [];
  const count = p.integer(0, 5);
  for (let i = 0; i < count; i++) {
    const value = (limit: number): number => p.random.integer(limit);
    const all = inputs + steps.length;
    if (all === 0 || p.chance(0.15)) steps.push({ op: "constant", arguments: [], value: p.pick([0.5, -1.25, 3]) });
    else if (inputs > 0 && p.chance(0.2)) {
      const [op, arity] = p.pick(jumping);
      steps.push({ op, arguments: Array.from({ length: arity }, () => value(inputs)) });
    } else if (inputs > 0 && p.chance(0.1)) {
      steps.push({ op: "where", arguments: [value(inputs), value(all), value(all)] });
    } else {
      const [op, arity] = p.pick(smooth);
      steps.push({ op, arguments: Array.from({ length: arity }, () => value(all)) });
    }
  }
  return steps;
}

/** @param many whether there are more views than registers, which are only added up */
function randomMap(seed: number, many = false): RandomProgram {
  const p = new RandomProgram(seed);
  const shape = p.shape(p.pick([0, 1, 1, 2, 2, 3, 4, 5])).map((size) => Math.min(size, 17));
  while (shape.reduce((a, b) => a * b, 1) > 4000) shape[shape.indexOf(Math.max(...shape))] = 2;
  const length = p.pick([1, 1, 1, 4]);
  const inputTypes = Array.from({ length: many ? p.integer(8, 11) : p.integer(0, 4) }, () =>
    many ? "float" : p.pick(["float", "float", "int"] as const),
  );
  const inputs = inputTypes.map((dtype) => p.view(shape, { dtype, repeat: true, length }));
  if (inputTypes.length === 0) inputTypes.push("float");
  if (inputs.length === 0) inputs.push(p.view(shape, { length }));
  const sums = inputs
    .slice(1)
    .map((_, i): ScalarStep => ({ op: "add", arguments: [i === 0 ? 0 : inputs.length + i - 1, i + 1] }));
  const steps = many ? sums : randomSteps(p, inputs.length);
  const results = Array.from({ length: p.pick([1, 1, 2]) }, () => p.random.integer(inputs.length + steps.length));
  const outputs = results.map((): Operand => p.view(shape, { length }));
  // In place: an output that is also read, through the same view.
  if (p.chance(0.4)) {
    inputs.push(outputs[0]!);
    inputTypes.push("float");
    for (const step of steps)
      (step.arguments as number[]).forEach((n, i, all) => {
        if (n >= inputs.length - 1) all[i] = n + 1;
      });
    results.forEach((n, i) => {
      if (n >= inputs.length - 1) results[i] = n + 1;
    });
    steps.push({ op: "add", arguments: [results[0]!, inputs.length - 1] });
    results[0] = inputs.length + steps.length - 1;
  }
  const map: MapInstruction = { kind: "map", shape, inputs, inputTypes, steps, results, outputs };
  p.instructions.push(length === 1 ? map : { kind: "loop", length, reverse: p.chance(0.5), body: [map] });
  return p;
}

/** y = op(inputs) over whole vectors. */
function mapOf(op: ScalarOp, arity: number, size: number): Program {
  const whole = (buffer: number): Operand => ({ buffer, offset: 0, strides: [1], step: 0 });
  const offset = Math.ceil(size / 16) * 16;
  const numbers = Array.from({ length: arity + 1 }, (_, i) => i);
  const port = (buffer: number) => ({ name: `b${buffer}`, shape: [size], dtype: "float", buffer }) as const;
  return {
    name: op,
    buffers: numbers.map((i) => ({ role: "scratch", dtype: "float", size, offset: i * offset })),
    instructions: [
      {
        kind: "map",
        shape: [size],
        inputs: numbers.slice(0, arity).map(whole),
        inputTypes: numbers.slice(0, arity).map(() => "float" as const),
        steps: [{ op, arguments: numbers.slice(0, arity) }],
        results: [arity],
        outputs: [whole(arity)],
      },
    ],
    inputs: numbers.slice(0, arity).map(port),
    variables: [],
    outputs: [port(arity)],
    arenaSize: (arity + 1) * offset,
  };
}

const special = [
  0, -0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 2.5, 20, -20, 88.7, 89, -87.4, 100, -100, -103.9, -104, 1e-10, -1e-10,
];
const extreme = [...special, 1e-38, 1e-40, -1e-40, 1.4e-45, 3e38, -3e38, Infinity, -Infinity, NaN].map(Math.fround);

/** Whether a float32 result is right: the rounded exact value, or within `relative` of it, or within `floor`. */
function agrees(got: number, exact: number, relative: number, floor = 3e-45): boolean {
  const want = Math.fround(exact);
  if (Object.is(got, want) || (got === 0 && want === 0)) return true;
  return Math.abs(got - exact) <= Math.max(relative * Math.abs(exact), floor);
}

describe.each(engines)("map with %s", (_, engine) => {
  it("agrees with the reference for random steps and views", async () => {
    for (let seed = 0; seed < 320; seed++) {
      const p = randomMap(seed, seed >= 250);
      const program = p.build();
      const expected = await runOn(referenceEngine, program, p.inputs);
      expect(difference(await runOn(engine, program, p.inputs), expected, p.inputs), `seed ${seed}`).toBeLessThan(1e-5);
    }
  });

  it.each(operationsOf(1))("%s agrees with the reference at special values", async (op) => {
    const got = (await runOn(engine, mapOf(op, 1, extreme.length), { b0: extreme })).b1!;
    const floor = op === "sigmoid" ? 2e-38 : 3e-45; // sigmoid is 0 where it would not be normal
    const wrong = extreme.filter((x, i) => !agrees(got[i]!, scalarFunctions[op](x, 0, 0), 4e-7, floor));
    expect(wrong).toEqual([]);
  });

  it.each(operationsOf(2))("%s agrees with the reference at special values", async (op) => {
    const pairs = extreme.flatMap((a) => extreme.map((b) => [a, b] as const));
    const inputs = { b0: pairs.map(([a]) => a), b1: pairs.map(([, b]) => b) };
    const got = (await runOn(engine, mapOf(op, 2, pairs.length), inputs)).b2!;
    const wrong = pairs.filter(([a, b], i) => !agrees(got[i]!, scalarFunctions[op](a, b, 0), 4e-7));
    expect(wrong).toEqual([]);
  });

  it.each(operationsOf(3))("%s agrees with the reference at special values", async (op) => {
    const few = [0, -0, 1, -2.5, 1e-40, Infinity, Number.NaN].map(Math.fround);
    const all = few.flatMap((a) => few.flatMap((b) => few.map((c) => [a, b, c] as const)));
    const inputs = { b0: all.map(([a]) => a), b1: all.map(([, b]) => b), b2: all.map(([, , c]) => c) };
    const got = (await runOn(engine, mapOf(op, 3, all.length), inputs)).b3!;
    const wrong = all.filter(([a, b, c], i) => !agrees(got[i]!, scalarFunctions[op](a, b, c), 4e-7));
    expect(wrong).toEqual([]);
  });

  it.each([
    [
      "exp",
      1.2,
      [
        [-104, 88.7],
        [-1, 1],
      ],
    ],
    [
      "log",
      1.1,
      [
        [1e-3, 10],
        [0.5, 2],
        [1e-45, 1e-37],
        [1, 3e38],
      ],
    ],
    [
      "log1p",
      1.6,
      [
        [-0.999, 1],
        [-1e-3, 1e-3],
        [0, 1e6],
      ],
    ],
    [
      "tanh",
      5,
      [
        [-1e-2, 1e-2],
        [-1, 1],
        [-12, 12],
      ],
    ],
    [
      "sigmoid",
      2.6,
      [
        [-20, 20],
        [-87, -20],
      ],
    ],
    [
      "erf",
      1.5,
      [
        [-1e-2, 1e-2],
        [-1.5, 1.5],
        [-4.5, 4.5],
      ],
    ],
  ] as const)("%s is within %s units in the last place", async (op, limit, ranges) => {
    const size = 1 << 17;
    const program = mapOf(op, 1, size);
    for (const [low, high] of ranges) {
      const x = Float32Array.from({ length: size }, (_, i) => low + ((high - low) * i) / (size - 1));
      const y = (await runOn(engine, program, { b0: x })).b1!;
      let worst = 0;
      for (let i = 0; i < size; i++) {
        const exact = scalarFunctions[op](x[i]!, 0, 0);
        const unit = 2 ** Math.max(-149, Math.floor(Math.log2(Math.abs(exact))) - 23);
        if (exact !== 0) worst = Math.max(worst, Math.abs(y[i]! - exact) / unit);
      }
      expect(worst, `from ${low} to ${high}`).toBeLessThan(limit);
    }
  });

  it("power is within 1e-7 of the exact value", async () => {
    const random = new Random(1);
    const size = 50000;
    const a = Float32Array.from({ length: size }, () => Math.exp(random.uniform() * 20 - 10));
    const b = Float32Array.from({ length: size }, () => random.uniform() * 16 - 8);
    const y = (await runOn(engine, mapOf("power", 2, size), { b0: a, b1: b })).b2!;
    const worst = y.reduce((most, value, i) => Math.max(most, Math.abs(value / a[i]! ** b[i]! - 1)), 0);
    expect(worst).toBeLessThan(1e-7);
  });
});

it("every scalar operation has one, two or three arguments", () => {
  const compared = [1, 2, 3].flatMap(operationsOf);
  expect(new Set(["constant", ...compared])).toEqual(new Set(Object.keys(scalarFunctions)));
});

it("loads a program of hundreds of kilobytes of kernels", { timeout: 120_000 }, async () => {
  const p = new RandomProgram(11);
  const view = p.view([16], { contiguous: true });
  for (let i = 0; i < 80; i++) {
    const chain = (["tanh", "erf", "sigmoid", "erf", "tanh", "log1p"] as const).map(
      (op, j): ScalarStep => ({ op, arguments: [j === 0 ? 2 : j + 2] }),
    );
    const steps: ScalarStep[] = [
      { op: "constant", arguments: [], value: i / 10 },
      { op: "add", arguments: [0, 1] },
      ...chain,
    ];
    const ends = { inputs: [view], inputTypes: ["float" as const], outputs: [view], results: [steps.length] };
    p.instructions.push({ kind: "map", shape: [16], steps, ...ends });
  }
  const expected = await runOn(referenceEngine, p.build(), p.inputs);
  const got = await runOn(createWasmEngine(), p.build(), p.inputs);
  expect(difference(got, expected, p.inputs)).toBeLessThan(1e-5);
});
