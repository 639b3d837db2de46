/**
 * Executor of a model: runs training steps, evaluations and predictions of batches, and reads back no more than scalars while training. A large
 * batch is divided into shards; their results are put together in the order of the shards, so that equal seeds and equal numbers of threads give
 * equal bits.
 */
import type { Equations } from "../compiler/compile.js";
import type { Batch, Diagnosis, Examples, StepTotals } from "../training/index.js";
import type { CarryPlan } from "./carried-states.js";
import type { CompiledModel } from "./compiled-model.js";
import { gradientEquations, outputEquations } from "./diagnose-equations.js";
import { predictEquations, testEquations } from "./inference-equations.js";
import { learningRateOf } from "./learning-rate.js";
import type { ModelDevice } from "./model-device.js";
import { type Network, trainedOf } from "./network.js";
import { createSlots } from "./optimizer-state.js";
import { totalsOfParts } from "./part-totals.js";
import { portName, type Signature } from "./ports.js";
import { joinPredictions, type Prediction, predictionsOf } from "./predict-batches.js";
import type { LoadedProgram } from "./program-cache.js";
import { prepareTrainingStep } from "./run-training-step.js";
import { type BatchRows, type ShardedBatch, ShardGroup, type TraceShard } from "./shard-group.js";
import { shardNoise } from "./shard-programs.js";
import { timePartOf } from "./stage-batch.js";
import { StateKeeper } from "./state-keeper.js";
import { StreamNumbers } from "./stream-numbers.js";
import type { StepSettings } from "./training-step.js";
import type { Variables } from "./variables.js";

type Data = Examples["data"];

export class Executor {
  readonly streams = new StreamNumbers();
  readonly group: ShardGroup;
  readonly #states: StateKeeper;

  /** @param threads largest number of shards of a batch; default: the device's number of threads */
  constructor(
    readonly network: Network,
    readonly variables: Variables,
    device: ModelDevice,
    threads: number | undefined,
  ) {
    this.group = new ShardGroup(variables, device, threads);
    this.#states = new StateKeeper(network, variables);
  }

  /** The device that runs the programs. */
  get device(): ModelDevice {
    return this.group.device;
  }

  /** Takes a step on a batch: the weights change. */
  async train(compiled: CompiledModel, { data }: Examples, whole: Batch): Promise<StepTotals> {
    const { rows, window } = whole;
    createSlots(compiled.optimizer, this.network, this.variables);
    const batch = { data, shards: await this.group.divide(rows), part: timePartOf(whole) };
    const plans = this.#states.plans(rows.length, batch.shards.length, window);
    const step = await prepareTrainingStep(this.group, this.network, compiled, [batch, whole], plans);
    // From here on nothing waits, so no other run comes between.
    const totals = step([learningRateOf(compiled.optimizer, this.variables)]);
    this.#end(plans, rows.length);
    return totals;
  }

  /** Finds what is not finite in a training step with the present weights: with that step's noise, without updates. */
  async diagnose(compiled: CompiledModel, { data }: Examples, step: Batch): Promise<Diagnosis> {
    const { rows, noise, window } = step;
    const shards = await this.group.divide(rows);
    const batch: ShardedBatch = { data, shards, part: timePartOf(step) };
    const plans = this.#states.plans(rows.length, shards.length, window).map((plan) => ({ ...plan, steps: 0 }));
    const lostIn = async (
      kind: string,
      names: readonly string[],
      equations: (signature: Signature, settings: StepSettings) => Equations,
    ) => {
      const programs = await this.group.prepare(kind, batch, plans, (signature, carry) =>
        equations(signature, { carry, lossSteps: window?.lossSteps }),
      );
      this.group.run(programs, batch, (i) => ({ zero: [0], seed: [shardNoise(noise, i)] }));
      const isLost = (at: number) =>
        programs.some(({ executable }) => Number.isNaN(executable.output(portName("finite", at))[0]));
      return names.filter((_, at) => isLost(at));
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

  /** Losses and metrics of a batch. */
  test(compiled: CompiledModel, { data }: Examples, batch: Batch): Promise<StepTotals> {
    return this.#infer(
      { kind: "test", trace: (signature, carry) => testEquations(this.network, compiled, signature, carry) },
      data,
      batch,
      (programs) => totalsOfParts(compiled, batch, programs),
    );
  }

  /** Every output of a batch. */
  predict(data: Data, rows: Uint32Array): Promise<Prediction[]> {
    return this.#infer(
      { kind: "predict", trace: (signature, carry) => predictEquations(this.network, signature, carry) },
      data,
      { rows },
      (programs) => joinPredictions(programs.map(({ executable }) => predictionsOf(executable))),
    );
  }

  /** @param read reads the results before anything else runs */
  async #infer<Result>(
    { kind, trace }: { readonly kind: string; readonly trace: TraceShard },
    data: Data,
    { rows, window }: BatchRows,
    read: (programs: readonly LoadedProgram[]) => Result,
  ): Promise<Result> {
    const shards = await this.group.divide(rows);
    const plans = this.#states.plans(rows.length, shards.length, window, true);
    const batch = { data, shards, part: window };
    const programs = await this.group.prepare(kind, batch, plans, trace);
    // From here on nothing waits, so no other run comes between.
    this.group.run(programs, batch, () => ({ seed: [0] }));
    const result = read(programs);
    this.#end(plans, rows.length);
    return result;
  }

  #end(plans: readonly CarryPlan[], rows: number): void {
    this.#states.recordRows(plans, rows);
    this.group.programs.trim();
  }

  /** Stateful layers start from their initial states at the next batch. */
  resetStates(): void {
    this.#states.reset();
  }
}
