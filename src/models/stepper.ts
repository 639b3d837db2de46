/**
 * Runs a model's programs: compiles each once per shape of its data, keeps staging memory for the batches, and reads back no more than
 * scalars while training.
 */
import { compile, type Equations } from "../compiler/compile.js";
import type { Engine, Executable } from "../engines/engine.js";
import type { Shape } from "../tensor/shape.js";
import { sizeOf } from "../tensor/shape.js";
import type { Examples, Rows, StepTotals } from "../training/index.js";
import type { Network } from "./network.js";
import {
  type Compiled,
  iterationName,
  predictEquations,
  type Signature,
  slotName,
  testEquations,
  trainEquations,
} from "./step-equations.js";
import type { Variables } from "./variables.js";

type Staged = Float32Array | Float64Array | Int32Array;

interface Ready {
  readonly executable: Executable;
  /** Batch memory by input name, reused by every run. */
  readonly staging: Record<string, Staged>;
}

export class Stepper {
  readonly #ready = new Map<string, Promise<Ready>>();

  constructor(
    readonly network: Network,
    readonly variables: Variables,
    readonly engine: Engine,
  ) {}

  async train(compiled: Compiled, examples: Examples, rows: Uint32Array, noise: number): Promise<StepTotals> {
    this.#createSlots(compiled);
    const ready = await this.#prepare("train", examples, rows.length, (signature) =>
      trainEquations(this.network, compiled, signature),
    );
    stage(ready, examples, rows);
    run(ready, { seed: [noise | 0], learningRate: [compiled.optimizer.learningRate] });
    return totals(ready, compiled, rows.length);
  }

  async test(compiled: Compiled, examples: Examples, rows: Uint32Array): Promise<StepTotals> {
    const ready = await this.#prepare("test", examples, rows.length, (signature) =>
      testEquations(this.network, compiled, signature),
    );
    stage(ready, examples, rows);
    run(ready, { seed: [0] });
    return totals(ready, compiled, rows.length);
  }

  /** Every output of a batch: its numbers and its shape. */
  async predict(x: Rows, rows: Uint32Array): Promise<{ data: Float32Array | Float64Array; shape: Shape }[]> {
    const ready = await this.#prepare("predict", { x }, rows.length, (signature) =>
      predictEquations(this.network, signature),
    );
    stage(ready, { x }, rows);
    run(ready, { seed: [0] });
    const { executable } = ready;
    return executable.program.outputs.map(({ name, shape }) => ({
      data: executable.output(name) as Float32Array | Float64Array,
      shape,
    }));
  }

  /** The optimizer's memory, made before the first training step. */
  #createSlots({ optimizer }: Compiled): void {
    if (this.variables.has(iterationName(optimizer))) return;
    this.variables.create(iterationName(optimizer), [], [0]);
    for (const parameter of this.network.parameters) {
      if (!parameter.trainable) continue;
      for (const { name, initial } of optimizer.slots) {
        const values = new Float64Array(sizeOf(parameter.shape)).fill(initial);
        this.variables.create(slotName(optimizer, parameter, name), parameter.shape, values);
      }
    }
  }

  #prepare(
    kind: string,
    data: Partial<Examples>,
    batch: number,
    equations: (signature: Signature) => Equations,
  ): Promise<Ready> {
    const shapeOf = (rows: Rows | undefined) => rows && [batch, ...rows.shape.slice(1)];
    const signature = { x: shapeOf(data.x)!, y: shapeOf(data.y), sampleWeight: shapeOf(data.sampleWeight) };
    const key = JSON.stringify([kind, signature]);
    let ready = this.#ready.get(key);
    if (!ready) {
      ready = this.#load(compile(equations(signature)));
      this.#ready.set(key, ready);
    }
    return ready;
  }

  async #load(program: ReturnType<typeof compile>): Promise<Ready> {
    const executable = await this.variables.device.load(program);
    const FloatArray = this.engine.precision === 64 ? Float64Array : Float32Array;
    const staging = Object.fromEntries(
      program.inputs
        .filter(({ name }) => name === "x" || name === "y" || name === "sampleWeight")
        .map(({ name, shape, dtype }) => [
          name,
          dtype === "int" ? new Int32Array(sizeOf(shape)) : new FloatArray(sizeOf(shape)),
        ]),
    );
    return { executable, staging };
  }
}

/** Copies the rows of a batch into its staging memory. */
function stage({ staging }: Ready, data: Partial<Examples>, rows: Uint32Array): void {
  for (const name of ["x", "y", "sampleWeight"] as const) {
    const source = data[name];
    const target = staging[name];
    if (!source || !target) continue;
    const width = target.length / rows.length;
    for (let i = 0; i < rows.length; i++) {
      const from = rows[i]! * width;
      target.set(source.data.subarray(from, from + width), i * width);
    }
  }
}

function run({ executable, staging }: Ready, scalars: Record<string, ArrayLike<number>>): void {
  const wanted = executable.program.inputs.map(({ name }) => [name, staging[name] ?? scalars[name]!]);
  executable.run(Object.fromEntries(wanted));
}

function totals({ executable }: Ready, { metrics }: Compiled, size: number): StepTotals {
  const scalar = (name: string) => executable.output(name)[0]!;
  return {
    size,
    loss: scalar("loss"),
    metrics: metrics.map(({ name }, i) => ({ name, total: scalar(`${i}/total`), count: scalar(`${i}/count`) })),
  };
}
