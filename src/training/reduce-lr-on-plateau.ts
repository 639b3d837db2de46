/** Learning rate reduction when training no longer gets better. */
import { checkOptions, expecting, notNegative, type OptionChecks, wholeNumber } from "../options/index.js";
import { anyNumber, fields, is, optional } from "../schema/index.js";
import type { Callback } from "./callbacks.js";
import { Monitor, type MonitorOptions, monitorOptions } from "./monitor.js";
import { checkedMemory } from "./training-state.js";

/** Options of `reduceLROnPlateau`. */
export interface ReduceLROnPlateauOptions extends MonitorOptions {
  /** Factor of the learning rate, in (0, 1); default 0.1. */
  readonly factor?: number;
  /** Epochs without improvement to wait for; default 10. */
  readonly patience?: number;
  /** Epochs after a reduction that do not count; default 0. */
  readonly cooldown?: number;
  /** The least learning rate; default 0. */
  readonly minLR?: number;
}

const plateauOptions = /* @__PURE__ */ ((): OptionChecks<ReduceLROnPlateauOptions> => ({
  ...monitorOptions,
  factor: expecting("a number above 0 and below 1", (value) => typeof value === "number" && value > 0 && value < 1),
  patience: wholeNumber(0),
  cooldown: wholeNumber(0),
  minLR: notNegative,
}))();

type Memory = { readonly best?: number | undefined; readonly waited: number; readonly cooling: number };
const memorySchema = fields({ best: optional(anyNumber), waited: is(notNegative), cooling: is(notNegative) });

/**
 * Multiplies the learning rate by `factor` when the monitored number has not improved for `patience` epochs, as Keras's ReduceLROnPlateau does.
 * The learning rate of the epoch is added to the logs as `learningRate`.
 *
 * @throws ConfigError for a factor outside (0, 1), or, before training, when the training does not report the monitored number
 * @example reduceLROnPlateau({ monitor: "valLoss", factor: 0.5, patience: 2 })
 */
export function reduceLROnPlateau(options: ReduceLROnPlateauOptions = {}): Callback {
  checkOptions("reduceLROnPlateau", options, plateauOptions);
  const { factor = 0.1, patience = 10, cooldown = 0, minLR = 0 } = options;
  const monitor = new Monitor("reduceLROnPlateau", { minDelta: 1e-4, ...options });
  let memory: Memory = { waited: 0, cooling: 0 };
  return {
    name: "reduceLROnPlateau",
    reports: { learningRate: undefined },
    onTrainBegin(control) {
      monitor.begin(control);
      memory = { waited: 0, cooling: 0 };
    },
    onEpochEnd(_, logs, control) {
      const { learningRate } = control.model;
      const value = monitor.valueIn(logs, control);
      if (value === undefined) return { learningRate };
      const cooling = Math.max(0, memory.cooling - 1);
      if (monitor.isBetter(value, memory.best)) memory = { best: value, waited: 0, cooling };
      else if (cooling > 0) memory = { ...memory, waited: 0, cooling };
      else {
        const waited = (memory.cooling > 0 ? 0 : memory.waited) + 1;
        const reduces = waited >= patience && learningRate > minLR;
        if (reduces) control.model.learningRate = Math.max(learningRate * factor, minLR);
        memory = { ...memory, waited: reduces ? 0 : waited, cooling: reduces ? cooldown : 0 };
      }
      return { learningRate };
    },
    state: () => memory,
    restore(state) {
      memory = checkedMemory("reduceLROnPlateau", state, memorySchema);
    },
  };
}
