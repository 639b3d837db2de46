/**
 * Runs a model's programs: compiles each once per shape of its data, keeps staging memory for the batches, and reads back no more than
 * scalars while training. A large batch is cut into shards, one per thread; what they find is put together in the order of the shards, so
 * that equal seeds and equal numbers of threads give equal bits.
 */
import { compile, type Equations } from "../compiler/compile.js";
import type { Device, Executable } from "../engines/engine.js";
import { sizeOf } from "../tensor/shape.js";
import type { Batch, Diagnosis, Examples, StepTotals } from "../training/index.js";
import { CarriedStates, type CarryPlan, isCarried } from "./carried-states.js";
import { gradientEquations, outputEquations } from "./diagnose-equations.js";
import { type Compiled, lossCount, type Signature, scaleInput } from "./judge.js";
import { learningRateOf } from "./learning-rate.js";
import { type Network, trainedOf } from "./network.js";
import { createSlots } from "./optimizer-state.js";
import { PENALTY } from "./penalties.js";
import { joinPredictions, type Prediction, predictionsOf } from "./predict-batches.js";
import { isSeen, seenInSlots } from "./row-gradients.js";
import type { IdCounts } from "./shard-names.js";
import { ShardPrograms, type StepEquations, type StepProgram } from "./shard-programs.js";
import { batchSignature, stageBatch, type TimePart, timePartOf } from "./stage-batch.js";
import { StateKeeper } from "./state-keeper.js";
import {
  countEquations,
  predictEquations,
  type StepSettings,
  shardEquations,
  testEquations,
  trainEquations,
} from "./step-equations.js";
import { hasPenalty, metricsOfRun, type ReadSums, totalsOf } from "./step-totals.js";
import { iterationName, needsNorms, normEquations, partsOf, type Share, updateEquations } from "./update-equations.js";
import type { Variables } from "./variables.js";

/** Rows below which a shard is not worth a thread. */
const ROWS_PER_SHARD = 8;

type Staged = Float32Array | Float64Array | Int32Array;

/** A program in memory, on the thread that runs it. */
export interface Ready {
  readonly executable: Executable;
  /** Batch memory by input name, reused by every run. */
  readonly staging: Record<string, Staged>;
  /** Of a shard: what it leaves of tables. */
  readonly idCounts: IdCounts;
}

type Data = Examples["data"];
type Rows = Pick<Batch, "rows" | "window">;

/** A batch on its way to the programs of its shards. */
interface Staging {
  readonly data: Data;
  /** The rows of each. */
  readonly shards: readonly Uint32Array[];
  readonly part: TimePart | undefined;
}

type MakeEquations = (signature: Signature, carry: CarriedStates | undefined) => StepEquations;

export class Stepper {
  readonly #ready = new Map<string, Promise<Ready>>();
  readonly #programs = new ShardPrograms();
  readonly #states: StateKeeper;
  #threads: number | undefined;

  /** @param threads how many shards a batch may have; the device's own number if undefined */
  constructor(
    readonly network: Network,
    readonly variables: Variables,
    readonly device: Device,
    threads: number | undefined,
  ) {
    this.#threads = threads;
    this.#states = new StateKeeper(network, variables);
  }

  async train(compiled: Compiled, { data }: Examples, whole: Batch): Promise<StepTotals> {
    const { rows, noise, window } = whole;
    createSlots(compiled.optimizer, this.network, this.variables);
    const shards = await this.#shardsOf(rows);
    const plans = this.#states.plans(rows.length, shards.length, window);
    const [batch, lastSteps]: [Staging, number | undefined] = [
      { data, shards, part: timePartOf(whole) },
      window?.judged,
    ];
    const learningRate = [learningRateOf(compiled.optimizer, this.variables)];
    if (shards.length === 1) {
      const [only] = await this.#prepare("train", batch, plans, (signature, carry) =>
        trainEquations(this.network, compiled, signature, { carry, lastSteps }),
      );
      this.#run([only!], batch, (_) => ({ seed: [noise | 0], learningRate }));
      this.#states.goOn(plans, rows.length);
      return this.#totals(compiled, rows, [only!]);
    }
    const parts = await this.#prepare(`shard of ${rows.length}`, batch, plans, (signature, carry) =>
      shardEquations(this.network, compiled, signature, rows.length, { carry, lastSteps }),
    );
    const updates = await this.#updatesOf(
      compiled,
      parts.map(({ idCounts }) => idCounts),
    );
    const scales = await this.#scales(compiled, batch, lastSteps);
    this.#run(parts, batch, (i) => ({ ...scales, seed: [shardNoise(noise, i)] }));
    // Read now: updates run in the memory where shards left them.
    const metrics = metricsOfRun(compiled, sumsOf(parts));
    this.#update(compiled.optimizer, updates, learningRate);
    this.#states.goOn(plans, rows.length);
    return this.#totals(compiled, rows, updates.last.slice(0, 1), metrics);
  }

  /** The programs that end a step of several shards: what measures gradients where they are clipped by norm, then what updates. */
  async #updatesOf(
    compiled: Compiled,
    idCounts: readonly IdCounts[],
  ): Promise<{ norms: readonly Ready[]; last: readonly Ready[] }> {
    const parts = partsOf(this.network, idCounts.length);
    const shards = idCounts.length;
    const load = async (kind: string, equations: (share: Share) => Equations) => {
      const programs: Ready[] = [];
      for (let part = 0; part < parts; part++) {
        const share = { shards, part, parts, idCounts };
        const key = JSON.stringify([kind, idCounts, part]);
        programs.push(await this.load(key, part, () => ({ program: compile(equations(share)) })));
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
    const { device } = this;
    const counter = iterationName(optimizer);
    const iteration = [device.readVariable(counter)[0]! + 1];
    if (norms.length > 0) device.runTogether(norms.map(({ executable }) => ({ executable, inputs: {} })));
    device.runTogether(last.map(({ executable }) => ({ executable, inputs: { learningRate, iteration } })));
    device.writeVariable(counter, iteration);
  }

  /** What each shard multiplies its sums of losses by, where several outputs with counts of their own make up the loss. */
  async #scales(
    compiled: Compiled,
    batch: Staging,
    lastSteps: number | undefined,
  ): Promise<Record<string, ArrayLike<number>>> {
    if (compiled.outputs.length === 1) return {};
    const parts = await this.#prepare("counts", batch, [], (signature) =>
      countEquations(this.network, compiled, signature, lastSteps),
    );
    this.#run(parts, batch, () => ({ seed: [0] }));
    return Object.fromEntries(
      compiled.outputs.map(({ lossWeight }, i) => [
        scaleInput(i),
        [lossWeight / Math.max(1, sumsOf(parts)(lossCount(i))[0]!)],
      ]),
    );
  }

  /** What is not finite in a training step with the weights as they are: the noise is that step's, nothing is updated. */
  async diagnose(compiled: Compiled, { data }: Examples, step: Batch): Promise<Diagnosis> {
    const { rows, noise, window } = step;
    const shards = await this.#shardsOf(rows);
    const batch: Staging = { data, shards, part: timePartOf(step) };
    const plans = this.#states.plans(rows.length, shards.length, window).map((plan) => ({ ...plan, steps: 0 }));
    const lostIn = async (
      kind: string,
      names: readonly string[],
      equations: (signature: Signature, settings: StepSettings) => Equations,
    ) => {
      const parts = await this.#prepare(kind, batch, plans, (signature, carry) =>
        equations(signature, { carry, lastSteps: window?.judged }),
      );
      this.#run(parts, batch, (i) => ({ zero: [0], seed: [shardNoise(noise, i)] }));
      return names.filter((_, at) => parts.some((part) => Number.isNaN(part.executable.output(String(at))[0])));
    };
    const layers = this.network.nodes.map(({ layer }) => layer.layer.name!);
    const trained = trainedOf(this.network).map(({ id }) => id);
    const outputs = await lostIn("outputs", layers, (signature, { carry }) =>
      outputEquations(this.network, signature, carry),
    );
    const gradients = await lostIn("gradients", trained, (signature, settings) =>
      gradientEquations(this.network, compiled, signature, settings),
    );
    // Gradients come from the loss: the last weight is the nearest to it.
    return { outputs: outputs[0], gradients: gradients.at(-1) };
  }

  async test(compiled: Compiled, { data }: Examples, batch: Batch): Promise<StepTotals> {
    const parts = await this.#runShards("test", data, batch, (signature, carry) =>
      testEquations(this.network, compiled, signature, carry),
    );
    return this.#totals(compiled, batch.rows, parts);
  }

  #totals(
    compiled: Compiled,
    rows: Uint32Array,
    parts: readonly Ready[],
    metrics = metricsOfRun(compiled, sumsOf(parts)),
  ): StepTotals {
    return totalsOf(compiled, rows.length, sumsOf(parts), penaltyIn(parts), metrics);
  }

  /** Every output of a batch. */
  async predict(data: Data, rows: Uint32Array): Promise<Prediction[]> {
    const parts = await this.#runShards("predict", data, { rows }, (signature, carry) =>
      predictEquations(this.network, signature, carry),
    );
    return joinPredictions(parts.map(({ executable }) => predictionsOf(executable)));
  }

  async #runShards(kind: string, data: Data, { rows, window }: Rows, equations: MakeEquations): Promise<Ready[]> {
    const shards = await this.#shardsOf(rows);
    const plans = this.#states.plans(rows.length, shards.length, window, true);
    const batch = { data, shards, part: window };
    const parts = await this.#prepare(kind, batch, plans, equations);
    this.#run(parts, batch, () => ({ seed: [0] }));
    this.#states.goOn(plans, rows.length);
    return parts;
  }

  /** Stages each shard's rows, and runs all shards at the same time. */
  #run(
    parts: readonly Ready[],
    { data, shards, part: steps }: Staging,
    scalarsOf: (shard: number) => Record<string, ArrayLike<number>>,
  ): void {
    const runs = parts.map((part, i) => {
      stageBatch(part.staging, data, shards[i]!, steps);
      return { executable: part.executable, inputs: inputsOf(part, scalarsOf(i)) };
    });
    this.device.runTogether(runs);
  }

  /** Stateful layers begin anew. */
  resetStates(): void {
    this.#states.reset();
  }

  /** The rows of each thread: as equal as can be, none too few. */
  async #shardsOf(rows: Uint32Array): Promise<Uint32Array[]> {
    this.#threads ??= await this.device.threads();
    const count = Math.max(1, Math.min(this.#threads, Math.floor(rows.length / ROWS_PER_SHARD)));
    const start = (shard: number) => Math.round((shard * rows.length) / count);
    return Array.from({ length: count }, (_, shard) => rows.subarray(start(shard), start(shard + 1)));
  }

  /** The program of each shard. */
  async #prepare(
    kind: string,
    { data, shards, part }: Staging,
    plans: readonly CarryPlan[],
    equations: MakeEquations,
  ): Promise<Ready[]> {
    const parts: Ready[] = [];
    if (shards.length > 1) await this.device.startThreads(shards.length);
    for (const [i, { length }] of shards.entries()) {
      const signature = batchSignature(data, length, part);
      const plan = plans[i];
      const key = JSON.stringify([kind, signature, plan]);
      const make = () => equations(signature, plan && new CarriedStates(plan));
      parts.push(await this.load(`${i} ${key}`, i, () => this.#programs.of(i, key, make), Object.keys(data)));
    }
    return parts;
  }

  /** A program, compiled when it is first asked for. @param staged inputs whose memory is kept from run to run */
  load(key: string, thread: number, make: () => StepProgram, staged: readonly string[] = []): Promise<Ready> {
    let ready = this.#ready.get(key);
    if (!ready) {
      ready = this.#loadProgram(make(), thread, new Set(staged));
      this.#ready.set(key, ready);
    }
    return ready;
  }

  async #loadProgram(
    { program, idCounts = {} }: StepProgram,
    thread: number,
    names: ReadonlySet<string>,
  ): Promise<Ready> {
    const { device } = this;
    for (const port of program.variables) {
      if (device.hasVariable(port.name)) continue;
      // What shards leave for one another belongs to the device, states that go on to the model.
      if (isCarried(port.name)) this.variables.create(port.name, port.shape, new Float64Array(sizeOf(port.shape)));
      else if (isSeen(port.name))
        this.variables.create(port.name, port.shape, seenInSlots(port.name, port.shape, this.variables));
      else device.createVariable(port);
    }
    const executable = await device.load(program, { thread });
    const FloatArray = this.device.engine.precision === 64 ? Float64Array : Float32Array;
    const staging = Object.fromEntries(
      program.inputs
        .filter(({ name }) => names.has(name))
        .map(({ name, shape, dtype }) => [
          name,
          dtype === "int" ? new Int32Array(sizeOf(shape)) : new FloatArray(sizeOf(shape)),
        ]),
    );
    return { executable, staging, idCounts };
  }
}

/** Each shard draws noise of its own. */
function shardNoise(noise: number, shard: number): number {
  return (noise + Math.imul(shard, 0x9e3779b9)) | 0;
}

function inputsOf({ executable, staging }: Ready, scalars: Record<string, ArrayLike<number>>) {
  return Object.fromEntries(executable.program.inputs.map(({ name }) => [name, staging[name] ?? scalars[name]!]));
}

/** Adds up what the shards of a batch give under a name. */
function sumsOf(parts: readonly Ready[]): ReadSums {
  return (name) => {
    const [first, ...rest] = parts.map(({ executable }) => Array.from(executable.output(name)));
    return first!.map((sum, i) => rest.reduce((total, part) => total + part[i]!, sum));
  };
}

/** What the weights cost, which is the same for every part. */
function penaltyIn([first]: readonly Ready[]): number | undefined {
  const { program } = first!.executable;
  return hasPenalty(program.outputs) ? first!.executable.output(PENALTY)[0] : undefined;
}
