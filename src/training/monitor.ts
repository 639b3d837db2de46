/** Watching one number of the logs: which way is better, by how much, and what to say when nobody reports it. */
import { ConfigError } from "../errors.js";
import { finite, nameText, type OptionChecks, oneOf } from "../options/index.js";
import type { TrainingControl } from "./callbacks.js";
import type { Logs } from "./logs.js";

/** What can be watched, and how. */
export interface MonitorOptions {
  /** The number to watch; default "valLoss". */
  readonly monitor?: string;
  /** How much counts as improvement; default 0, for `reduceLROnPlateau` 1e-4. */
  readonly minDelta?: number;
  /** Whether less or more is better; "auto", the default, asks the loss or the metric, which say it of themselves. */
  readonly mode?: "auto" | "min" | "max";
}

/** Checks of `MonitorOptions`. */
export const monitorOptions: OptionChecks<MonitorOptions> = {
  monitor: nameText,
  minDelta: finite,
  mode: oneOf("auto", "min", "max"),
};

/** A number of the logs that ought to get better. */
export class Monitor {
  readonly name: string;
  readonly #owner: string;
  readonly #minDelta: number;
  readonly #mode: "auto" | "min" | "max";
  #upwards: boolean;

  constructor(owner: string, { monitor = "valLoss", minDelta = 0, mode = "auto" }: MonitorOptions) {
    this.name = monitor;
    this.#owner = owner;
    this.#minDelta = Math.abs(minDelta);
    this.#mode = mode;
    this.#upwards = mode === "max";
  }

  /**
   * Finds the number among those that the training reports; called before it begins.
   *
   * @throws ConfigError when it is not among them, naming them, or when nothing says which way it gets better
   */
  begin({ numbers: { known, complete } }: TrainingControl): void {
    if (!Object.hasOwn(known, this.name)) {
      if (complete) throw this.#unknown(Object.keys(known));
      if (this.#mode === "auto") {
        throw this.#unknown(
          Object.keys(known),
          ` A callback that adds it says so: { reports: { ${this.name}: "higher" }, onEpochEnd … }; or give mode: "min" or "max".`,
        );
      }
    }
    if (this.#mode !== "auto") return;
    const better = known[this.name];
    if (better === undefined) {
      throw new ConfigError(
        `${this.#owner}: nothing says whether less or more of "${this.name}" is better. Give mode: "min" or "max"; ` +
          'a metric of your own says it as better: "lower" or "higher".',
      );
    }
    this.#upwards = better === "higher";
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
    throw this.#unknown(Object.keys(logs));
  }

  #unknown(known: readonly string[], more = ""): ConfigError {
    const validation = known.some((name) => /^val[A-Z]/.test(name))
      ? ""
      : ' Names that begin with "val" need validationSplit or validationData.';
    return new ConfigError(
      `${this.#owner}: there is no "${this.name}" to monitor; this training reports ${known.join(", ")}.${validation}${more}`,
    );
  }

  /** Whether `value` is better than `reference` by more than `minDelta`; any number is better than none, and NaN never is. */
  isBetter(value: number, reference: number | undefined): boolean {
    if (reference === undefined) return !Number.isNaN(value);
    return this.#upwards ? value - this.#minDelta > reference : value + this.#minDelta < reference;
  }
}
