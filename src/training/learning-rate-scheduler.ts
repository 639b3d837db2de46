/** A learning rate for every epoch. */

import { aFunction, checkOption, notNegative } from "../options/index.js";
import type { Callback } from "./callbacks.js";

/**
 * Sets the learning rate at the begin of every epoch, as Keras's LearningRateScheduler does. The rate joins the logs as `learningRate`.
 *
 * @param schedule from the epoch, from 0, and the learning rate so far to the new one
 * @throws ConfigError while training, when the schedule gives anything but a number of at least 0
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
