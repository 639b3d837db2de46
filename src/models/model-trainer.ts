/** Trainer's view of a model: steps on batches of prepared examples, the numbers they report, and everything that training changes as a value. */
import type { CompiledModel } from "../execution/compiled-model.js";
import type { Executor } from "../execution/executor.js";
import { learningRateOf, setLearningRate } from "../execution/learning-rate.js";
import { restoreSnapshot, snapshotOf } from "../execution/model-snapshot.js";
import type { Network } from "../execution/network.js";
import { reportedBy, valueOfSums } from "../execution/step-totals.js";
import type { Variables } from "../execution/variables.js";
import type { Random } from "../tensor/random.js";
import type {
  Batch,
  Diagnosis,
  Examples,
  Fingerprint,
  ReportedNumbers,
  Snapshot,
  StepTotals,
  Trainable,
  Turn,
} from "../training/index.js";
import { describeModel } from "./describe-model.js";

/** The parts of a model that training works with; each as it is at the time of the call. */
export interface TrainedParts {
  /** Undefined until the model is built. */
  readonly network: Network | undefined;
  readonly executor: Executor;
  readonly variables: Variables;
  readonly random: Random;
  /** Largest number of shards of a batch; undefined for the device's number of threads. */
  readonly threads: number | undefined;
  /** Undefined until the model is compiled. */
  readonly compiled: CompiledModel | undefined;
  /** @throws StateError until the model is compiled @param what name of the call that needs it */
  compiledFor(what: string): CompiledModel;
  /** Does work in the order of the calls on the model's device. */
  inOrder<Result>(work: () => Promise<Result> | Result, turn?: Turn): Promise<Result>;
  inTurn<Result>(work: (turn: Turn) => Promise<Result>): Promise<Result>;
}

export class ModelTrainer implements Trainable {
  readonly #parts: TrainedParts;

  constructor(parts: TrainedParts) {
    this.#parts = parts;
  }

  trainStep(examples: Examples, batch: Batch, turn?: Turn): Promise<StepTotals> {
    const { inOrder, compiledFor } = this.#parts;
    return inOrder(() => this.#parts.executor.train(compiledFor("fit"), examples, batch), turn);
  }

  testStep(examples: Examples, batch: Batch, turn?: Turn): Promise<StepTotals> {
    const { inOrder, compiledFor } = this.#parts;
    return inOrder(() => this.#parts.executor.test(compiledFor("evaluate"), examples, batch), turn);
  }

  diagnose(examples: Examples, batch: Batch): Promise<Diagnosis> {
    const { inOrder, compiledFor } = this.#parts;
    return inOrder(() => this.#parts.executor.diagnose(compiledFor("fit"), examples, batch));
  }

  inTurn<Result>(work: (turn: Turn) => Promise<Result>): Promise<Result> {
    return this.#parts.inTurn(work);
  }

  get learningRate(): number {
    return learningRateOf(this.#parts.compiledFor("learningRate").optimizer, this.#parts.variables);
  }
  set learningRate(value: number) {
    setLearningRate(this.#parts.compiledFor("learningRate").optimizer, value, this.#parts.variables);
  }

  get randomState(): readonly number[] {
    return this.#parts.random.state;
  }
  set randomState(state: readonly number[]) {
    this.#parts.random.state = state;
  }

  get reported(): ReportedNumbers {
    return reportedBy(this.#parts.compiledFor("reported"));
  }

  metricValue(name: string, sums: readonly number[]): number {
    return valueOfSums(this.#parts.compiledFor("metricValue"), name, sums);
  }

  async describe(): Promise<Fingerprint> {
    const { executor, threads, variables } = this.#parts;
    const shards = threads ?? (await variables.device.threads());
    return describeModel(executor.network, this.#parts.compiledFor("fit"), variables.engine, shards);
  }

  async snapshot(): Promise<Snapshot> {
    return this.#parts.inOrder(() => snapshotOf(this.#parts.variables));
  }

  async restore(snapshot: Snapshot): Promise<void> {
    return this.#parts.inOrder(() => {
      const { compiled, network, variables } = this.#parts;
      restoreSnapshot(snapshot, compiled?.optimizer, network, variables);
    });
  }
}
