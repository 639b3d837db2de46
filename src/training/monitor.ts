/** Monitors: one number of the logs, its better direction, the least improvement, and errors if it is not reported. */
import { ConfigError } from "../errors.js";
import { finite, nameText, type OptionChecks, oneOf } from "../options/index.js";
import type { TrainingControl } from "./callbacks.js";
import type { Logs } from "./logs.js";

/** Options of callbacks that monitor a number. */
export interface MonitorOptions {
  /** The number to monitor; default "valLoss". */
  readonly monitor?: string;
  /** The least improvement that counts; default 0, for `reduceLROnPlateau` 1e-4. */
  readonly minDelta?: number;
  /** Whether lower ("min") or higher ("max") is better; "auto", the default, takes the `better` of the loss or the metric. */
  readonly mode?: "auto" | "min" | "max";
}

/** Checks of `MonitorOptions`. */
export const monitorOptions: OptionChecks<MonitorOptions> = {
  monitor: nameText,
  minDelta: finite,
  mode: oneOf("auto", "min", "max"),
};

/** A number of the logs that should get better. */
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
   * @throws ConfigError when it is not among them, or when its better direction is not known
   */
  begin({ numbers: { known, complete } }: TrainingControl): void {
    if (!Object.hasOwn(known, this.name)) {
      if (complete) throw this.#unknown(Object.keys(known));
      if (this.#mode === "auto") {
        throw this.#unknown(
          Object.keys(known),
          ` A callback that adds it must declare it: { reports: { ${this.name}: "higher" }, onEpochEnd … }; or give mode: "min" or "max".`,
        );
      }
    }
    if (this.#mode !== "auto") return;
    const better = known[this.name];
    if (better === undefined) {
      throw new ConfigError(
        `${this.#owner}: it is not known whether lower or higher values of "${this.name}" are better. Give mode: "min" or "max"; ` +
          'a custom metric declares better: "lower" or "higher".',
      );
    }
    this.#upwards = better === "higher";
  }

  /**
   * The number of this epoch; undefined for a number of the validation after an epoch without validation.
   *
   * @throws ConfigError when it is not among the logs; the message lists them
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

  /** Whether `value` is better than `reference` by more than `minDelta`; any number is better than undefined, and NaN never is. */
  isBetter(value: number, reference: number | undefined): boolean {
    if (reference === undefined) return !Number.isNaN(value);
    return this.#upwards ? value - this.#minDelta > reference : value + this.#minDelta < reference;
  }
}
