/** Early stopping: ends training when it no longer gets better. */
import {
  checkOptions,
  either,
  finite,
  flag,
  notNegative,
  type OptionChecks,
  oneOf,
  orNull,
  wholeNumber,
} from "../options/index.js";
import { anyNumber, fields, is, mapOf, optional, tensor } from "../schema/index.js";
import type { Callback } from "./callbacks.js";
import { Monitor, type MonitorOptions, monitorOptions } from "./monitor.js";
import type { Snapshot } from "./trainable.js";
import { checkedMemory } from "./training-state.js";

/** Options of `earlyStopping`. */
export interface EarlyStoppingOptions extends MonitorOptions {
  /** Epochs without improvement to wait for; default 0. Infinity never stops, but still keeps the best weights. */
  readonly patience?: number;
  /** A value that the number must be better than to count as an improvement. Default: no limit. */
  readonly baseline?: number;
  /** The first epoch, from 0, that counts; default 0. */
  readonly startFromEpoch?: number;
  /** Restore the weights and the optimizer's state of the best epoch at the end of training; default false. */
  readonly restoreBestWeights?: boolean;
}

const earlyStoppingOptions = /* @__PURE__ */ ((): OptionChecks<EarlyStoppingOptions> => ({
  ...monitorOptions,
  // Infinity never stops: for the best weights alone.
  patience: either(wholeNumber(0), oneOf(Number.POSITIVE_INFINITY)),
  baseline: orNull(finite),
  startFromEpoch: wholeNumber(0),
  restoreBestWeights: flag,
}))();

type Memory = {
  readonly best?: number | undefined;
  readonly waited: number;
  readonly bestWeights?: Snapshot | undefined;
};
const memorySchema = fields({
  best: optional(anyNumber),
  waited: is(notNegative),
  bestWeights: optional(mapOf(tensor)),
});

/**
 * Stops when the monitored number has not improved for `patience` epochs, as Keras's EarlyStopping does; never in the first epoch. Epochs
 * without validation (`validationFreq`) do not count where a number of the validation is monitored.
 *
 * @throws ConfigError before training, when the training does not report the monitored number; the message lists the numbers that it reports
 * @example earlyStopping({ monitor: "valAccuracy", patience: 2, restoreBestWeights: true })
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): Callback {
  checkOptions("earlyStopping", options, earlyStoppingOptions);
  const { patience = 0, startFromEpoch = 0, restoreBestWeights = false } = options;
  const baseline = options.baseline ?? undefined;
  const monitor = new Monitor("earlyStopping", options);
  let memory: Memory = { waited: 0 };
  return {
    name: "earlyStopping",
    reports: {},
    onTrainBegin(control) {
      monitor.begin(control);
      memory = { waited: 0 };
    },
    async onEpochEnd(epoch, logs, control) {
      const value = monitor.valueIn(logs, control);
      if (value === undefined || epoch < startFromEpoch) return;
      const { best, waited } = memory;
      if (monitor.isBetter(value, best)) {
        const resets = monitor.isBetter(value, baseline);
        const bestWeights = restoreBestWeights ? await control.model.snapshot() : undefined;
        memory = { best: value, waited: resets ? 0 : waited + 1, bestWeights };
        return;
      }
      memory = { ...memory, waited: waited + 1 };
      if (waited + 1 >= patience && epoch > 0) control.stopTraining = true;
    },
    async onTrainEnd(_, control) {
      if (memory.bestWeights) await control.model.restore(memory.bestWeights);
    },
    state: () => memory,
    restore(state) {
      memory = checkedMemory("earlyStopping", state, memorySchema);
    },
  };
}
