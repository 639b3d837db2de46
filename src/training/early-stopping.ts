/** Ends training when it no longer gets better. */
import { ConfigError } from "../errors.js";
import type { Callback, TrainingControl } from "./callbacks.js";
import type { Logs } from "./logs.js";
import type { Snapshot } from "./trainable.js";

/** Options of `earlyStopping`. */
export interface EarlyStoppingOptions {
  /** The number to watch; default "valLoss". */
  readonly monitor?: string;
  /** Epochs without improvement to wait for; default 0. */
  readonly patience?: number;
  /** How much counts as improvement; default 0. */
  readonly minDelta?: number;
  /** Whether less or more is better; "auto" takes more for accuracy, acc, auc, precision and recall, else less. */
  readonly mode?: "auto" | "min" | "max";
  /** At the end of training go back to the best epoch, its weights and the optimizer's memory of then; default false. */
  readonly restoreBestWeights?: boolean;
}

/**
 * Stops when the monitored number has not improved for `patience` epochs, as Keras's EarlyStopping does; never in the first epoch. Epochs
 * without validation (`validationFreq`) do not count where a number of the validation is monitored.
 *
 * @throws ConfigError when the monitored number is not among the logs, naming those that are
 * @example earlyStopping({ monitor: "valAccuracy", patience: 2, restoreBestWeights: true })
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): Callback {
  const { monitor = "valLoss", patience = 0, minDelta = 0, mode = "auto", restoreBestWeights = false } = options;
  const upwards = mode === "max" || (mode === "auto" && /(acc(uracy)?|auc|precision|recall)$/i.test(monitor));
  let best = upwards ? -Infinity : Infinity;
  let waited = 0;
  let bestWeights: Snapshot | undefined;
  return {
    onTrainBegin() {
      best = upwards ? -Infinity : Infinity;
      waited = 0;
      bestWeights = undefined;
    },
    async onEpochEnd(epoch, logs, control) {
      const value = logs[monitor];
      if (value === undefined) {
        if (isUnvalidated(logs, control) && /^val[A-Z]/.test(monitor)) return;
        throw new ConfigError(
          `earlyStopping: there is no "${monitor}" to monitor; this training reports ${Object.keys(logs).join(", ")}. ` +
            'Names that begin with "val" need validationSplit or validationData.',
        );
      }
      const better = upwards ? value - Math.abs(minDelta) > best : value + Math.abs(minDelta) < best;
      if (better) {
        best = value;
        waited = 0;
        if (restoreBestWeights) bestWeights = await control.model.snapshot();
      } else if (++waited >= patience && epoch > 0) control.stopTraining = true;
    },
    async onTrainEnd(_, control) {
      if (bestWeights) await control.model.restore(bestWeights);
    },
  };
}

function isUnvalidated(logs: Logs, { validates }: TrainingControl): boolean {
  return validates && logs.valLoss === undefined;
}
