/**
 * Runs a model's programs: compiles each once per shape of its data, keeps staging memory for the batches, and reads back no more than
 * scalars while training. A large batch is cut into shards, one per thread; what they find is put together in the order of the shards, so
 * that equal seeds and equal numbers of threads give equal bits.
 */
import { compile, type Equations } from "../compiler/compile.js";
import type { Port } from "../compiler/program.js";
import { sizeOf } from "../tensor/shape.js";
import type { Batch, Diagnosis, Examples, StepTotals } from "../training/index.js";
import { CarriedStates, type CarryPlan, isCarried } from "./carried-states.js";
import { workOf } from "./device-work.js";
import { gradientEquations, outputEquations } from "./diagnose-equations.js";
import { learningRateOf } from "./learning-rate.js";
import { type CompiledModel, lossCount, type Signature, scaleInput } from "./loss-equations.js";
import type { ModelDevice } from "./model-device.js";
import { type Network, trainedOf } from "./network.js";
import { createSlots } from "./optimizer-state.js";
import { sumsOf, totalsOfParts } from "./part-totals.js";
import { joinPredictions, type Prediction, predictionsOf } from "./predict-batches.js";
import type { LoadedProgram, ProgramCache } from "./program-cache.js";
import { isSeen, seenInSlots } from "./row-gradients.js";
import type { IdCounts } from "./shard-names.js";
import { type StepEquations, type StepProgram, shardNoise } from "./shard-programs.js";
import { batchSignature, StagingMemory, stageBatch, type TimePart, timePartOf } from "./stage-batch.js";
import { StateKeeper } from "./state-keeper.js";
import {
  countEquations,
  predictEquations,
  type StepSettings,
  shardEquations,
  testEquations,
  trainEquations,
} from "./step-equations.js";
import { metricsOfRun } from "./step-totals.js";
import { StreamNumbers } from "./stream-numbers.js";
import {
  iterationName,
  needsNorms,
  normEquations,
  type UpdatePart,
  updateEquations,
  updatePartCount,
} from "./update-equations.js";
import type { Variables } from "./variables.js";

/** Rows below which a shard is not worth a thread. */
const ROWS_PER_SHARD = 8;

type Data = Examples["data"];
type Rows = Pick<Batch, "rows" | "window">;

/** A batch on its way to the programs of its shards. */
interface Staging {
  readonly data: Data;
  /** The rows of each. */
  readonly shards: readonly Uint32Array[];
  readonly part: TimePart | undefined;
}

/** A training step whose programs are in memory. */
type Step = (learningRate: readonly number[]) => StepTotals;

type MakeEquations = (signature: Signature, carry: CarriedStates | undefined) => StepEquations;

/** Programs go with the last who could run them. */
const abandoned = /* @__PURE__ */ new FinalizationRegistry<{ programs: ProgramCache; prefix: string }>(
  ({ programs, prefix }) => programs.forget(prefix),
);

/** Numbers of executors, so that programs of one device do not meet each other's. */
let executors = 0;

export class Executor {
  /** Unique among the executors of a device. */
  readonly id = ++executors;
  readonly streams = new StreamNumbers();
  readonly #staging = new StagingMemory();
  readonly #states: StateKeeper;
  #threads: number | undefined;

  /** @param threads how many shards a batch may have; the device's own number if undefined */
  constructor(
    readonly network: Network,
    readonly variables: Variables,
    readonly device: ModelDevice,
    threads: number | undefined,
  ) {
    this.#threads = threads;
    this.#states = new StateKeeper(network, variables);
    abandoned.register(this, { programs: this.programs, prefix: this.keyOf("") });
  }

  /** The programs of the device, this model's and others'. */
  get programs(): ProgramCache {
    return workOf(this.device.store.device).programs;
  }

  async train(compiled: CompiledModel, { data }: Examples, whole: Batch): Promise<StepTotals> {
    const { rows, window } = whole;
    createSlots(compiled.optimizer, this.network, this.variables);
    const batch: Staging = { data, shards: await this.#shardsOf(rows), part: timePartOf(whole) };
    const plans = this.#states.plans(rows.length, batch.shards.length, window);
    const prepare = batch.shards.length === 1 ? this.#prepareWhole : this.#prepareShards;
    const step = await prepare.call(this, compiled, batch, whole, plans);
    // From here on nothing waits, so that no other run comes between.
    const totals = step([learningRateOf(compiled.optimizer, this.variables)]);
    this.#end(plans, rows.length);
    return totals;
  }

  /** A training step in one program. */
  async #prepareWhole(
    compiled: CompiledModel,
    batch: Staging,
    whole: Batch,
    plans: readonly CarryPlan[],
  ): Promise<Step> {
    const lossSteps = whole.window?.lossSteps;
    const parts = await this.#prepare("train", batch, plans, (signature, carry) =>
      trainEquations(this.network, compiled, signature, { carry, lossSteps }),
    );
    return (learningRate) => {
      this.#run(parts, batch, (_) => ({ seed: [whole.noise | 0], learningRate }));
      return totalsOfParts(compiled, whole, parts);
    };
  }

  /** A training step in a program for each shard, and one for each thread that updates. */
  async #prepareShards(
    compiled: CompiledModel,
    batch: Staging,
    whole: Batch,
    plans: readonly CarryPlan[],
  ): Promise<Step> {
    const { rows, noise, window } = whole;
    const lossSteps = window?.lossSteps;
    const parts = await this.#prepare(`shard of ${rows.length}`, batch, plans, (signature, carry) =>
      shardEquations(this.network, compiled, signature, rows.length, { carry, lossSteps }),
    );
    const updates = await this.#updatesOf(
      compiled,
      parts.map(({ idCounts }) => idCounts),
    );
    const counts =
      compiled.outputs.length === 1
        ? []
        : await this.#prepare("counts", batch, [], (signature) =>
            countEquations(this.network, compiled, signature, lossSteps),
          );
    return (learningRate) => {
      const scales = counts.length === 0 ? {} : this.#scales(compiled, batch, counts);
      this.#run(parts, batch, (i) => ({ ...scales, seed: [shardNoise(noise, i)] }));
      // Read now: updates run in the memory where shards left them.
      const metrics = metricsOfRun(compiled, sumsOf(parts));
      this.#update(compiled.optimizer, updates, learningRate);
      return totalsOfParts(compiled, whole, updates.last.slice(0, 1), metrics);
    };
  }

  /** The programs that end a step of several shards: what measures gradients where they are clipped by norm, then what updates. */
  async #updatesOf(
    compiled: CompiledModel,
    idCounts: readonly IdCounts[],
  ): Promise<{ norms: readonly LoadedProgram[]; last: readonly LoadedProgram[] }> {
    const parts = updatePartCount(this.network, idCounts.length);
    const shards = idCounts.length;
    const load = async (kind: string, equations: (updatePart: UpdatePart) => Equations) => {
      const programs: LoadedProgram[] = [];
      const key = JSON.stringify([kind, idCounts]);
      for (let part = 0; part < parts; part++) {
        const make = () => ({ program: compile(equations({ shards, part, parts, idCounts })) });
        programs.push(await this.load(key, part, make));
      }
      return programs;
    };
    return {
      norms: needsNorms(compiled.optimizer)
        ? await load("norms", (updatePart) => normEquations(this.network, compiled, updatePart))
        : [],
      last: await load("update", (updatePart) => updateEquations(this.network, compiled, updatePart)),
    };
  }

  #update(
    optimizer: CompiledModel["optimizer"],
    { norms, last }: { readonly norms: readonly LoadedProgram[]; readonly last: readonly LoadedProgram[] },
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
  #scales(
    compiled: CompiledModel,
    batch: Staging,
    counts: readonly LoadedProgram[],
  ): Record<string, ArrayLike<number>> {
    this.#run(counts, batch, () => ({ seed: [0] }));
    return Object.fromEntries(
      compiled.outputs.map(({ lossWeight }, i) => [
        scaleInput(i),
        [lossWeight / Math.max(1, sumsOf(counts)(lossCount(i))[0]!)],
      ]),
    );
  }

  /** What is not finite in a training step with the weights as they are: the noise is that step's, nothing is updated. */
  async diagnose(compiled: CompiledModel, { data }: Examples, step: Batch): Promise<Diagnosis> {
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
        equations(signature, { carry, lossSteps: window?.lossSteps }),
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

  test(compiled: CompiledModel, { data }: Examples, batch: Batch): Promise<StepTotals> {
    return this.#runShards(
      { kind: "test", equations: (signature, carry) => testEquations(this.network, compiled, signature, carry) },
      data,
      batch,
      (parts) => totalsOfParts(compiled, batch, parts),
    );
  }

  /** Every output of a batch. */
  predict(data: Data, rows: Uint32Array): Promise<Prediction[]> {
    return this.#runShards(
      { kind: "predict", equations: (signature, carry) => predictEquations(this.network, signature, carry) },
      data,
      { rows },
      (parts) => joinPredictions(parts.map(({ executable }) => predictionsOf(executable))),
    );
  }

  /** @param read takes what the caller wants before anything else runs */
  async #runShards<Result>(
    { kind, equations }: { readonly kind: string; readonly equations: MakeEquations },
    data: Data,
    { rows, window }: Rows,
    read: (parts: readonly LoadedProgram[]) => Result,
  ): Promise<Result> {
    const shards = await this.#shardsOf(rows);
    const plans = this.#states.plans(rows.length, shards.length, window, true);
    const batch = { data, shards, part: window };
    const parts = await this.#prepare(kind, batch, plans, equations);
    // From here on nothing waits, so that no other run comes between.
    this.#run(parts, batch, () => ({ seed: [0] }));
    const result = read(parts);
    this.#end(plans, rows.length);
    return result;
  }

  #end(plans: readonly CarryPlan[], rows: number): void {
    this.#states.recordRows(plans, rows);
    this.programs.trim();
  }

  /** Stages each shard's rows, and runs all shards at the same time. */
  #run(
    parts: readonly LoadedProgram[],
    { data, shards, part: steps }: Staging,
    scalarsOf: (shard: number) => Record<string, ArrayLike<number>>,
  ): void {
    const runs = parts.map(({ executable }, i) => {
      const staged = this.#staging.of(i, executable.program.inputs, data, this.device.engine.precision);
      stageBatch(staged, data, shards[i]!, steps);
      return { executable, inputs: { ...staged, ...scalarsOf(i) } };
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
  ): Promise<LoadedProgram[]> {
    const parts: LoadedProgram[] = [];
    if (shards.length > 1) await this.device.startThreads(shards.length);
    for (const [i, { length }] of shards.entries()) {
      const signature = batchSignature(data, length, part);
      const plan = plans[i];
      const key = JSON.stringify([kind, signature, plan]);
      const make = () => {
        const traced = equations(signature, plan && new CarriedStates(plan));
        return { program: compile(traced), idCounts: traced.idCounts };
      };
      parts.push(await this.load(key, i, make, true));
    }
    return parts;
  }

  /** A program, compiled when it is first asked for. @param sharded whether `make` gives that of shard 0, from which those of others follow */
  load(key: string, thread: number, make: () => StepProgram, sharded = false): Promise<LoadedProgram> {
    const createVariable = (port: Port) => this.#createVariable(port);
    return this.programs.load(this.keyOf(key), thread, { make, sharded, device: this.device, createVariable });
  }

  /** A key of this executor among all programs of the device. */
  keyOf(key: string): string {
    return `${this.id} ${key}`;
  }

  /** What shards leave for one another belongs to the device, states that go on to the model. */
  #createVariable(port: Port): void {
    const { name, shape } = port;
    if (isCarried(name)) this.variables.create(name, shape, new Float64Array(sizeOf(shape)));
    else if (isSeen(name)) this.variables.create(name, shape, seenInSlots(name, shape, this.variables));
    else this.device.createVariable(port);
  }
}
