/** Watching one number of the logs: which way is better, by how much, and what to say when nobody reports it. */
import { ConfigError } from "../errors.js";
import type { TrainingControl } from "./callbacks.js";
import type { Logs } from "./logs.js";

/** What can be watched, and how. */
export interface MonitorOptions {
  /** The number to watch; default "valLoss". */
  readonly monitor?: string;
  /** How much counts as improvement; default 0, for `reduceLROnPlateau` 1e-4. */
  readonly minDelta?: number;
  /** Whether less or more is better; "auto" takes more for accuracy, acc, auc, precision and recall, else less. */
  readonly mode?: "auto" | "min" | "max";
}

/** A number of the logs that ought to get better. */
export class Monitor {
  readonly name: string;
  readonly #owner: string;
  readonly #minDelta: number;
  readonly #upwards: boolean;

  constructor(owner: string, { monitor = "valLoss", minDelta = 0, mode = "auto" }: MonitorOptions) {
    this.name = monitor;
    this.#owner = owner;
    this.#minDelta = Math.abs(minDelta);
    this.#upwards = mode === "max" || (mode === "auto" && /(acc(uracy)?|auc|precision|recall)$/i.test(monitor));
  }

  /**
   * The number of this epoch; undefined after an epoch without validation where it is the validation's.
   *
   * @throws ConfigError when it is not among the logs, naming those that are
   */
  valueIn(logs: Logs, { validates }: TrainingControl): number | undefined {
    const value = logs[this.name];
    if (value !== undefined) return value;
    if (validates && logs.valLoss === undefined && /^val[A-Z]/.test(this.name)) return undefined;
    throw new ConfigError(
      `${this.#owner}: there is no "${this.name}" to monitor; this training reports ${Object.keys(logs).join(", ")}. ` +
        'Names that begin with "val" need validationSplit or validationData.',
    );
  }

  /** Whether `value` is better than `reference` by more than `minDelta`; any number is better than none, and NaN never is. */
  isBetter(value: number, reference: number | undefined): boolean {
    if (reference === undefined) return !Number.isNaN(value);
    return this.#upwards ? value - this.#minDelta > reference : value + this.#minDelta < reference;
  }
}
