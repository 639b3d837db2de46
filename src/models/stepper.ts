/**
 * Runs a model's programs: compiles each once per shape of its data, keeps staging memory for the batches, and reads back no more than
 * scalars while training. A large batch is cut into shards, one per thread; what they find is put together in the order of the shards, so
 * that equal seeds and equal numbers of threads give equal bits.
 */
import { compile, type Equations } from "../compiler/compile.js";
import type { Engine, Executable } from "../engines/engine.js";
import { sizeOf } from "../tensor/shape.js";
import type { Batch, Diagnosis, Examples, MetricSums, StepTotals } from "../training/index.js";
import { gradientEquations, outputEquations } from "./diagnose-equations.js";
import { type Compiled, lossCount, lossTotal, metricSums, metricsOf, type Signature, scaleInput } from "./judge.js";
import { learningRateOf } from "./learning-rate.js";
import type { Network } from "./network.js";
import { PENALTY } from "./penalties.js";
import { joinRows, type Prediction } from "./predict-batches.js";
import { countEquations, predictEquations, shardEquations, testEquations, trainEquations } from "./step-equations.js";
import {
  iterationName,
  needsNorms,
  normEquations,
  partsOf,
  type Share,
  slotName,
  updateEquations,
} from "./update-equations.js";
import type { Variables } from "./variables.js";

/** Rows below which a shard is not worth a thread. */
const ROWS_PER_SHARD = 8;

type Staged = Float32Array | Float64Array | Int32Array;

/** A program in memory, on the thread that runs it. */
interface Ready {
  readonly executable: Executable;
  /** Batch memory by input name, reused by every run. */
  readonly staging: Record<string, Staged>;
}

type Data = Examples["data"];

export class Stepper {
  readonly #ready = new Map<string, Promise<Ready>>();
  #threads: number | undefined;

  /** @param threads how many shards a batch may have; the device's own number if undefined */
  constructor(
    readonly network: Network,
    readonly variables: Variables,
    readonly engine: Engine,
    threads: number | undefined,
  ) {
    this.#threads = threads;
  }

  async train(compiled: Compiled, examples: Examples, rows: Uint32Array, noise: number): Promise<StepTotals> {
    this.#createSlots(compiled);
    const { data } = examples;
    const shards = await this.#shardsOf(rows);
    const learningRate = [learningRateOf(compiled.optimizer, this.variables)];
    if (shards.length === 1) {
      const whole = await this.#prepare("train", data, rows, 0, (signature) =>
        trainEquations(this.network, compiled, signature),
      );
      this.#run([whole], data, shards, (_) => ({ seed: [noise | 0], learningRate }));
      return totalsOf(compiled, rows.length, [whole], metricsOfRun(compiled, [whole]));
    }
    const parts: Ready[] = [];
    for (const [i, shard] of shards.entries()) {
      parts.push(
        await this.#prepare(`shard ${i}`, data, shard, i, (signature) =>
          shardEquations(this.network, compiled, signature, i),
        ),
      );
    }
    const updates = await this.#updatesOf(compiled, shards.length);
    const scales = await this.#scales(compiled, data, shards);
    this.#run(parts, data, shards, (i) => ({ ...scales, seed: [shardNoise(noise, i)] }));
    // Read now: updates run in the memory where shards left them.
    const metrics = metricsOfRun(compiled, parts);
    this.#update(compiled.optimizer, updates, learningRate);
    return totalsOf(compiled, rows.length, updates.last.slice(0, 1), metrics);
  }

  /** The programs that end a step of several shards: what measures gradients where they are clipped by norm, then what updates. */
  async #updatesOf(compiled: Compiled, shards: number): Promise<{ norms: readonly Ready[]; last: readonly Ready[] }> {
    const parts = partsOf(this.network, shards);
    const load = async (kind: string, equations: (share: Share) => Equations) => {
      const programs: Ready[] = [];
      for (let part = 0; part < parts; part++) {
        const share = { shards, part, parts };
        programs.push(await this.#load(`${kind} ${shards} ${part}`, part, () => equations(share)));
      }
      return programs;
    };
    return {
      norms: needsNorms(compiled.optimizer)
        ? await load("norms", (share) => normEquations(this.network, compiled, share))
        : [],
      last: await load("update", (share) => updateEquations(this.network, compiled, share)),
    };
  }

  #update(
    optimizer: Compiled["optimizer"],
    { norms, last }: { readonly norms: readonly Ready[]; readonly last: readonly Ready[] },
    learningRate: readonly number[],
  ): void {
    const { device } = this.variables;
    const counter = iterationName(optimizer);
    const iteration = [device.readVariable(counter)[0]! + 1];
    if (norms.length > 0) device.runTogether(norms.map(({ executable }) => ({ executable, inputs: {} })));
    device.runTogether(last.map(({ executable }) => ({ executable, inputs: { learningRate, iteration } })));
    device.writeVariable(counter, iteration);
  }

  /** What each shard multiplies its sums of losses by, where several outputs with counts of their own make up the loss. */
  async #scales(
    compiled: Compiled,
    data: Data,
    shards: readonly Uint32Array[],
  ): Promise<Record<string, ArrayLike<number>>> {
    if (compiled.outputs.length === 1) return {};
    const parts: Ready[] = [];
    for (const [i, shard] of shards.entries()) {
      parts.push(
        await this.#prepare("counts", data, shard, i, (signature) => countEquations(this.network, compiled, signature)),
      );
    }
    this.#run(parts, data, shards, () => ({ seed: [0] }));
    return Object.fromEntries(
      compiled.outputs.map(({ lossWeight }, i) => [
        scaleInput(i),
        [lossWeight / Math.max(1, sumOf(parts, lossCount(i)))],
      ]),
    );
  }

  /** What is not finite in a training step with the weights as they are: the noise is that step's, nothing is updated. */
  async diagnose(compiled: Compiled, { data }: Examples, { rows, noise }: Batch): Promise<Diagnosis> {
    const shards = await this.#shardsOf(rows);
    const lostIn = async (kind: string, names: readonly string[], equations: (signature: Signature) => Equations) => {
      const lost = new Set<string>();
      for (const [i, shard] of shards.entries()) {
        const part = await this.#prepare(kind, data, shard, 0, equations);
        this.#run([part], data, [shard], () => ({ zero: [0], seed: [shardNoise(noise, i)] }));
        for (const [at, name] of names.entries())
          if (Number.isNaN(part.executable.output(String(at))[0])) lost.add(name);
      }
      return names.filter((name) => lost.has(name));
    };
    const { nodes, parameters } = this.network;
    const layers = nodes.map(({ layer }) => layer.layer.name!);
    const trained = parameters.filter(({ trainable }) => trainable).map(({ id }) => id);
    const outputs = await lostIn("outputs", layers, (signature) => outputEquations(this.network, signature));
    const gradients = await lostIn("gradients", trained, (signature) =>
      gradientEquations(this.network, compiled, signature),
    );
    // Gradients come from the loss: the last weight is the nearest to it.
    return { outputs: outputs[0], gradients: gradients.at(-1) };
  }

  async test(compiled: Compiled, { data }: Examples, rows: Uint32Array): Promise<StepTotals> {
    const parts = await this.#runShards("test", data, rows, (signature) =>
      testEquations(this.network, compiled, signature),
    );
    return totalsOf(compiled, rows.length, parts, metricsOfRun(compiled, parts));
  }

  /** Every output of a batch. */
  async predict(data: Data, rows: Uint32Array): Promise<Prediction[]> {
    const parts = await this.#runShards("predict", data, rows, (signature) =>
      predictEquations(this.network, signature),
    );
    const names = new Set(parts[0]!.executable.program.outputs.map(({ name }) => name));
    const whole = (name: string) =>
      joinRows(
        parts.map(({ executable }) => {
          const { shape } = executable.program.outputs.find((port) => port.name === name)!;
          return { data: executable.output(name) as Float32Array, shape };
        }),
      );
    return this.network.outputs.map((_, i) => ({
      ...whole(`output${i}`),
      ...(names.has(`mask${i}`) ? { mask: whole(`mask${i}`) } : {}),
    }));
  }

  async #runShards(
    kind: string,
    data: Data,
    rows: Uint32Array,
    equations: (signature: Signature) => Equations,
  ): Promise<Ready[]> {
    const shards = await this.#shardsOf(rows);
    const parts: Ready[] = [];
    for (const [i, shard] of shards.entries()) parts.push(await this.#prepare(kind, data, shard, i, equations));
    this.#run(parts, data, shards, () => ({ seed: [0] }));
    return parts;
  }

  /** Stages each shard's rows, and runs all shards at the same time. */
  #run(
    parts: readonly Ready[],
    data: Data,
    shards: readonly Uint32Array[],
    scalarsOf: (shard: number) => Record<string, ArrayLike<number>>,
  ): void {
    const runs = parts.map((part, i) => {
      stage(part, data, shards[i]!);
      return { executable: part.executable, inputs: inputsOf(part, scalarsOf(i)) };
    });
    this.variables.device.runTogether(runs);
  }

  /** The rows of each thread: as equal as can be, none too few. */
  async #shardsOf(rows: Uint32Array): Promise<Uint32Array[]> {
    this.#threads ??= await this.variables.device.threads();
    const count = Math.max(1, Math.min(this.#threads, Math.floor(rows.length / ROWS_PER_SHARD)));
    const start = (shard: number) => Math.round((shard * rows.length) / count);
    return Array.from({ length: count }, (_, shard) => rows.subarray(start(shard), start(shard + 1)));
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
    data: Data,
    rows: Uint32Array,
    thread: number,
    equations: (signature: Signature) => Equations,
  ): Promise<Ready> {
    const signature: Signature = Object.fromEntries(
      Object.entries(data).map(([name, { shape }]) => [name, [rows.length, ...shape.slice(1)]]),
    );
    return this.#load(JSON.stringify([kind, signature, thread]), thread, () => equations(signature), Object.keys(data));
  }

  /** @param staged inputs whose memory is kept from run to run */
  #load(key: string, thread: number, equations: () => Equations, staged: readonly string[] = []): Promise<Ready> {
    let ready = this.#ready.get(key);
    if (!ready) {
      ready = this.#loadProgram(equations(), thread, new Set(staged));
      this.#ready.set(key, ready);
    }
    return ready;
  }

  async #loadProgram(equations: Equations, thread: number, names: ReadonlySet<string>): Promise<Ready> {
    const program = compile(equations);
    const { device } = this.variables;
    // What shards leave for one another belongs to the device, not to the model.
    for (const port of program.variables) if (!device.hasVariable(port.name)) device.createVariable(port);
    const executable = await device.load(program, { thread });
    const FloatArray = this.engine.precision === 64 ? Float64Array : Float32Array;
    const staging = Object.fromEntries(
      program.inputs
        .filter(({ name }) => names.has(name))
        .map(({ name, shape, dtype }) => [
          name,
          dtype === "int" ? new Int32Array(sizeOf(shape)) : new FloatArray(sizeOf(shape)),
        ]),
    );
    return { executable, staging };
  }
}

/** Each shard draws noise of its own. */
function shardNoise(noise: number, shard: number): number {
  return (noise + Math.imul(shard, 0x9e3779b9)) | 0;
}

/** Copies the rows of a batch into its staging memory. */
function stage({ staging }: Ready, data: Data, rows: Uint32Array): void {
  for (const [name, source] of Object.entries(data)) {
    const target = staging[name];
    if (!target) continue;
    const width = target.length / rows.length;
    for (let i = 0; i < rows.length; i++) {
      const from = rows[i]! * width;
      target.set(source.data.subarray(from, from + width), i * width);
    }
  }
}

function inputsOf({ executable, staging }: Ready, scalars: Record<string, ArrayLike<number>>) {
  return Object.fromEntries(executable.program.inputs.map(({ name }) => [name, staging[name] ?? scalars[name]!]));
}

/** A total of a batch that ran in parts. */
function sumOf(parts: readonly Ready[], name: string): number {
  return sumsOf(parts, name)[0]!;
}

function sumsOf(parts: readonly Ready[], name: string): number[] {
  const [first, ...rest] = parts.map(({ executable }) => Array.from(executable.output(name)));
  return first!.map((sum, i) => rest.reduce((total, part) => total + part[i]!, sum));
}

function metricsOfRun(compiled: Compiled, parts: readonly Ready[]): MetricSums[] {
  return metricsOf(compiled).map(({ name }, i) => ({ name, sums: sumsOf(parts, metricSums(i)) }));
}

/** The loss, then the losses of several outputs, then the metrics. */
function totalsOf(
  compiled: Compiled,
  size: number,
  parts: readonly Ready[],
  metrics: readonly MetricSums[],
): StepTotals {
  const losses = compiled.outputs.map((_, i) => sumOf(parts, lossTotal(i)) / Math.max(1, sumOf(parts, lossCount(i))));
  const own = compiled.outputs.map(({ lossName }, i) => ({ name: lossName, sums: [losses[i]! * size, size] }));
  // The weights are the same for every part.
  const { program } = parts[0]!.executable;
  const penalty = program.outputs.some(({ name }) => name === PENALTY) ? sumOf(parts.slice(0, 1), PENALTY) : 0;
  return {
    size,
    loss: losses.reduce((sum, loss, i) => sum + loss * compiled.outputs[i]!.lossWeight, penalty),
    metrics: [...(own.length > 1 ? own : []), ...metrics],
  };
}
