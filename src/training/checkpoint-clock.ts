/** Schedule of checkpoints. */
import { ConfigError } from "../errors.js";
import { checkOptions, count, type OptionChecks, positive } from "../options/index.js";
import type { CheckpointOptions } from "./training-state.js";

const everyOptions: OptionChecks<NonNullable<CheckpointOptions["every"]>> = {
  epochs: count,
  steps: count,
  seconds: positive,
};

/** Counts epochs, steps and seconds since the last checkpoint. */
export class CheckpointClock {
  readonly #every: NonNullable<CheckpointOptions["every"]>;
  readonly #now: () => number;
  #epochs = 0;
  #steps = 0;
  #since: number;

  /** @throws ConfigError for counts that are not positive, or nothing to count */
  constructor(every: CheckpointOptions["every"] = { epochs: 1 }, now: () => number = () => performance.now()) {
    const { epochs, steps, seconds } = checkOptions("fit: checkpoint.every", every, everyOptions);
    if (epochs === undefined && steps === undefined && seconds === undefined) {
      throw new ConfigError("fit: checkpoint.every names no interval; give epochs, steps or seconds.");
    }
    this.#every = every;
    this.#now = now;
    this.#since = now();
  }

  /** Whether a checkpoint is due after one more step. */
  afterStep(): boolean {
    this.#steps++;
    const { steps = Number.POSITIVE_INFINITY, seconds = Number.POSITIVE_INFINITY } = this.#every;
    return this.#steps >= steps || (this.#now() - this.#since) / 1000 >= seconds;
  }

  /** Whether one is due after one more epoch. */
  afterEpoch(): boolean {
    this.#epochs++;
    return this.#epochs >= (this.#every.epochs ?? Number.POSITIVE_INFINITY);
  }

  /** A checkpoint was made: the next interval begins. */
  restart(): void {
    this.#epochs = 0;
    this.#steps = 0;
    this.#since = this.#now();
  }
}
