/**
 * Session of runs, each of which continues from the one before: the states of all recurrent layers stay on the device and are read
 * only on request. There are two programs for each shape of the data, since a first run begins with the layers' own initial states.
 */
import { compile } from "../compiler/compile.js";
import type { Executable } from "../engines/engine.js";
import type { Shape } from "../tensor/shape.js";
import type { Rows } from "../training/index.js";
import { CarriedStates, statesOf } from "./carried-states.js";
import type { Executor } from "./executor.js";
import { predictEquations } from "./inference-equations.js";
import { checkState, type ModelState } from "./model-state.js";
import { portName, type Signature } from "./ports.js";
import { type Prediction, predictionsOf } from "./predict-batches.js";

/** Result of `run`. */
export interface RunResult {
  /** The first output, batch-first. */
  readonly output: Prediction;
  /** Every output, in the order in which the model names them. */
  readonly outputs: readonly Prediction[];
  /** The states from which the next run continues. */
  readonly state: ModelState;
}

/** The programs for one shape of data. */
export interface SessionPrograms {
  /** Starts from the layers' initial states. */
  readonly fresh: Executable;
  /** Starts from the states that the variables hold. */
  readonly resumed: Executable;
}

export class StateSession {
  readonly #executor: Executor;
  readonly #states: ReadonlyMap<string, Shape>;
  readonly #prefix: string;

  /** @param rows number of sequences @param name unique among the sessions of the executor */
  constructor(executor: Executor, rows: number, name: string) {
    this.#executor = executor;
    this.#states = statesOf(executor.network, rows);
    this.#prefix = `${name} ${executor.group.id}.${rows}/`;
  }

  /** The programs for data of these shapes; their variables exist afterwards. */
  async load(signature: Signature): Promise<SessionPrograms> {
    const program = async (startsFresh: boolean) => {
      const plan = { prefix: this.#prefix, every: true, startsFresh };
      const { network } = this.#executor;
      const { executable } = await this.#executor.group.load(this.#keyOf(signature, startsFresh), 0, () => ({
        program: compile(predictEquations(network, signature, new CarriedStates(plan))),
      }));
      return executable;
    };
    return { fresh: await program(true), resumed: await program(false) };
  }

  /** Keeps the programs for such data in memory. @returns a function that releases them */
  hold(signature: Signature): () => void {
    const { programs } = this.#executor.group;
    const keys = [true, false].map((startsFresh) => this.#executor.group.keyOf(this.#keyOf(signature, startsFresh)));
    for (const key of keys) programs.hold(key);
    return () => {
      for (const key of keys) programs.release(key);
    };
  }

  #keyOf(signature: Signature, startsFresh: boolean): string {
    return JSON.stringify(["session", this.#prefix, signature, startsFresh]);
  }

  /** Runs on data; from a state, or from the beginning. */
  async run(
    data: Readonly<Record<string, Rows>>,
    state: ModelState | undefined,
  ): Promise<{ outputs: Prediction[]; state: ModelState }> {
    if (state) checkState(state, this.#states);
    const { fresh, resumed } = await this.load(
      Object.fromEntries(Object.entries(data).map(([name, { shape }]) => [name, shape])),
    );
    // From here on nothing waits, so no other run comes between.
    if (state) this.write(state);
    const executable = state ? resumed : fresh;
    executable.run({
      [portName("seed")]: [0],
      ...Object.fromEntries(Object.entries(data).map(([name, rows]) => [name, rows.data])),
    });
    const result = { outputs: predictionsOf(executable), state: this.read() };
    this.#executor.group.programs.trim();
    return result;
  }

  /** True if the model's numbers have moved to another device: the programs are then outdated. */
  get isMoved(): boolean {
    return this.#executor.device !== this.#executor.variables.device;
  }

  /** The states as the last run left them. */
  read(): ModelState {
    const { device } = this.#executor.variables;
    return Object.fromEntries(
      [...this.#states].map(([name, shape]) => [
        name,
        { data: Array.from(device.readVariable(this.#prefix + name)), shape },
      ]),
    );
  }

  /** Replaces the states. @throws StateError, ShapeError or DataError for a state that does not fit this model and number of sequences */
  write(state: ModelState): void {
    checkState(state, this.#states);
    const { device } = this.#executor;
    for (const [name, { data }] of Object.entries(state)) device.writeVariable(this.#prefix + name, data);
  }
}
