/** Learning rate scheduler: a learning rate for every epoch. */

import { aFunction, checkOption, notNegative } from "../options/index.js";
import type { Callback } from "./callbacks.js";

/**
 * Sets the learning rate at the start of every epoch, as Keras's LearningRateScheduler does. The rate is added to the logs as `learningRate`.
 *
 * @param schedule maps the epoch, from 0, and the current learning rate to the new one
 * @throws ConfigError while training, when the schedule returns a value that is not a number of at least 0
 * @example learningRateScheduler((epoch, learningRate) => (epoch < 10 ? learningRate : learningRate * 0.9))
 */
export function learningRateScheduler(schedule: (epoch: number, learningRate: number) => number): Callback {
  checkOption("learningRateScheduler", "schedule", schedule, aFunction);
  return {
    reports: { learningRate: undefined },
    onEpochBegin(epoch, { model }) {
      const learningRate = schedule(epoch, model.learningRate);
      checkOption(
        "learningRateScheduler",
        `the rate that the schedule gives in epoch ${epoch + 1}`,
        learningRate,
        notNegative,
      );
      model.learningRate = learningRate;
    },
    onEpochEnd: (_, __, { model }) => ({ learningRate: model.learningRate }),
  };
}
