/**
 * Shard group: divides a batch into shards, prepares the program of each, and runs all of them at the same time, today one on each thread. It has
 * all that runs need of a device: programs in its memory, and the memory in which batches are put together.
 */
import { compile } from "../compiler/compile.js";
import type { Port } from "../compiler/program.js";
import { sizeOf } from "../tensor/shape.js";
import type { Batch, Examples } from "../training/index.js";
import { CarriedStates, type CarryPlan, isCarried } from "./carried-states.js";
import { workOf } from "./device-work.js";
import type { ModelDevice } from "./model-device.js";
import type { ScalarKind, Signature } from "./ports.js";
import type { LoadedProgram, ProgramCache } from "./program-cache.js";
import type { StepEquations, StepProgram } from "./shard-programs.js";
import { isSeen, seenInSlots } from "./sparse-gradients.js";
import { batchSignature, StagingMemory, stageBatch, type TimePart } from "./stage-batch.js";
import type { Variables } from "./variables.js";

/** Rows below which a shard is not worth a thread. */
const ROWS_PER_SHARD = 8;

/** A batch on its way to the programs of its shards. */
export interface ShardedBatch {
  readonly data: Examples["data"];
  /** The rows of each. */
  readonly shards: readonly Uint32Array[];
  readonly part: TimePart | undefined;
}

/** Numbers that a run is given besides the data, by `portName`. */
export type Scalars = { readonly [Kind in ScalarKind]?: ArrayLike<number> };

/** Traces the equations of a shard, with the names of shard 0. */
export type TraceShard = (signature: Signature, carry: CarriedStates | undefined) => StepEquations;

/** Number of groups so far, so that groups of one device have different keys. */
let groups = 0;

/** Unloads the programs of models that are gone. */
const abandoned = /* @__PURE__ */ new FinalizationRegistry<{ programs: ProgramCache; prefix: string }>(
  ({ programs, prefix }) => programs.forget(prefix),
);

export class ShardGroup {
  /** Unique among the groups of a device. */
  readonly id = ++groups;
  readonly #staging = new StagingMemory();
  #threads: number | undefined;

  /** @param threads largest number of shards of a batch; default: the device's number of threads */
  constructor(
    readonly variables: Variables,
    readonly device: ModelDevice,
    threads: number | undefined,
  ) {
    this.#threads = threads;
    abandoned.register(this, { programs: this.programs, prefix: this.keyOf("") });
  }

  /** The programs of the device, this model's and others'. */
  get programs(): ProgramCache {
    return workOf(this.device.store.device).programs;
  }

  /** Divides rows into shards of nearly equal sizes, none too small. */
  async divide(rows: Uint32Array): Promise<Uint32Array[]> {
    this.#threads ??= await this.device.threads();
    const count = Math.max(1, Math.min(this.#threads, Math.floor(rows.length / ROWS_PER_SHARD)));
    if (count === 1) return [rows];
    const start = (shard: number) => Math.round((shard * rows.length) / count);
    return Array.from({ length: count }, (_, shard) => rows.subarray(start(shard), start(shard + 1)));
  }

  /** The program of each shard. @param kind distinguishes these programs from others for the same data */
  async prepare(
    kind: string,
    { data, shards, part }: ShardedBatch,
    plans: readonly CarryPlan[],
    trace: TraceShard,
  ): Promise<LoadedProgram[]> {
    const programs: LoadedProgram[] = [];
    if (shards.length > 1) await this.device.startThreads(shards.length);
    for (const [i, { length }] of shards.entries()) {
      const signature = batchSignature(data, length, part);
      const plan = plans[i];
      const key = JSON.stringify([kind, signature, plan]);
      const make = () => {
        const traced = trace(signature, plan && new CarriedStates(plan));
        return { program: compile(traced), forms: traced.forms };
      };
      programs.push(await this.load(key, i, make, true));
    }
    return programs;
  }

  /** Stages each shard's rows, and runs all shards at the same time. @param scalarsOf inputs of a shard besides the data */
  run(
    programs: readonly LoadedProgram[],
    { data, shards, part }: ShardedBatch,
    scalarsOf: (shard: number) => Scalars,
  ): void {
    const runs = programs.map(({ executable }, i) => {
      const staged = this.#staging.of(i, executable.program.inputs, data, this.device.engine.precision);
      stageBatch(staged, data, shards[i]!, part);
      return { executable, inputs: { ...staged, ...scalarsOf(i) } };
    });
    this.device.runTogether(runs);
  }

  /** A program, compiled when it is first asked for. @param sharded true if `make` gives the program of shard 0, from which those of the others follow */
  load(key: string, thread: number, make: () => StepProgram, sharded = false): Promise<LoadedProgram> {
    const createVariable = (port: Port) => this.#createVariable(port);
    return this.programs.load(this.keyOf(key), thread, { make, sharded, device: this.device, createVariable });
  }

  /** A key of this group among all programs of the device. */
  keyOf(key: string): string {
    return `${this.id} ${key}`;
  }

  /** Results that shards leave for one another belong to the device, carried states to the model. */
  #createVariable(port: Port): void {
    const { name, shape } = port;
    if (isCarried(name)) this.variables.create(name, shape, new Float64Array(sizeOf(shape)));
    else if (isSeen(name)) this.variables.create(name, shape, seenInSlots(name, shape, this.variables));
    else this.device.createVariable(port);
  }
}

/** The rows of a batch, and its window in time. */
export type BatchRows = Pick<Batch, "rows" | "window">;
