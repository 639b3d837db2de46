/** GB/s, read and written, of elementwise kernels: in the first cache, in the second, and in memory. */
import type { Operand, Program, ScalarStep } from "../../src/compiler/program.js";
import { wasmEngine } from "../../src/engines/wasm/wasm-engine.js";
import { fastest } from "./fastest.js";

interface Kernel {
  readonly name: string;
  readonly inputs: number;
  readonly steps: readonly ScalarStep[];
  /** Values that are written, by number: inputs first, then steps. */
  readonly results: readonly number[];
}

const unary = (op: "tanh" | "sigmoid" | "exp"): Kernel => ({
  name: op,
  inputs: 1,
  steps: [{ op, arguments: [0] }],
  results: [1],
});

const constant = (value: number): ScalarStep => ({ op: "constant", arguments: [], value });

const kernels: readonly Kernel[] = [
  { name: "a + b", inputs: 2, steps: [{ op: "add", arguments: [0, 1] }], results: [2] },
  unary("tanh"),
  unary("sigmoid"),
  unary("exp"),
  {
    // w, g, v → v' = 0.9·v + 0.1·g², w' = w − 0.001·g / √(v' + 1e−7)
    name: "RMSprop update",
    inputs: 3,
    steps: [
      constant(0.9), // 3
      { op: "multiply", arguments: [3, 2] },
      constant(0.1), // 5
      { op: "square", arguments: [1] },
      { op: "multiply", arguments: [5, 6] },
      { op: "add", arguments: [4, 7] }, // 8: v'
      constant(1e-7),
      { op: "add", arguments: [8, 9] },
      { op: "sqrt", arguments: [10] },
      constant(0.001), // 12
      { op: "multiply", arguments: [12, 1] },
      { op: "divide", arguments: [13, 11] },
      { op: "subtract", arguments: [0, 14] }, // 15: w'
    ],
    results: [15, 8],
  },
];

export const sizes = { "first cache": 2048, "second cache": 32768, memory: 8 * 2 ** 20 } as const;
type Size = keyof typeof sizes;

function programFor({ name, inputs, steps, results }: Kernel, size: number, length: number): Program {
  const view = (buffer: number): Operand => ({ buffer, offset: 0, strides: [1], step: 0 });
  const read = Array.from({ length: inputs }, (_, i) => i);
  const written = results.map((_, i) => inputs + i);
  const map = {
    kind: "map",
    shape: [size],
    inputs: read.map(view),
    inputTypes: read.map(() => "float" as const),
    steps,
    results,
    outputs: written.map(view),
  } as const;
  return {
    name,
    buffers: [...read, ...written].map((i) => ({ role: "scratch", dtype: "float", size, offset: i * size })),
    // Filled here and not from outside, so that the inputs are not copied in at each run.
    instructions: [
      ...read.map((buffer) => ({ kind: "fill", size, value: 0.5, output: view(buffer) }) as const),
      { kind: "loop", length, reverse: false, body: [map] },
    ],
    inputs: [],
    variables: [],
    outputs: [],
    arenaSize: (inputs + results.length) * size,
  };
}

async function speed(kernel: Kernel, size: number, seconds: number): Promise<number> {
  const length = Math.max(4, Math.round(4e6 / size));
  const device = wasmEngine.createDevice();
  const [long, short] = [
    await device.load(programFor(kernel, size, 2 * length)),
    await device.load(programFor(kernel, size, length)),
  ];
  // The difference leaves out the filling and the call.
  const milliseconds = fastest(seconds / 2, () => long.run({})) - fastest(seconds / 2, () => short.run({}));
  return (4 * size * (kernel.inputs + kernel.results.length) * length) / milliseconds / 1e6;
}

export interface ElementwiseSpeed {
  readonly name: string;
  readonly gigabytes: Readonly<Record<Size, number>>;
}

/** @param seconds for each kernel and size */
export async function elementwiseSpeeds(seconds: number): Promise<ElementwiseSpeed[]> {
  const speeds: ElementwiseSpeed[] = [];
  for (const kernel of kernels) {
    const gigabytes: Record<string, number> = {};
    for (const [where, size] of Object.entries(sizes)) gigabytes[where] = await speed(kernel, size, seconds);
    speeds.push({ name: kernel.name, gigabytes: gigabytes as Record<Size, number> });
  }
  return speeds;
}
