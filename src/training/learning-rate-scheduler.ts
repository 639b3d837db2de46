/** A learning rate for every epoch. */
import { ConfigError } from "../errors.js";
import type { Callback } from "./callbacks.js";

/**
 * Sets the learning rate at the begin of every epoch, as Keras's LearningRateScheduler does. The rate joins the logs as `learningRate`.
 *
 * @param schedule from the epoch, from 0, and the learning rate so far to the new one
 * @throws ConfigError while training, when the schedule gives no positive number
 * @example learningRateScheduler((epoch, learningRate) => (epoch < 10 ? learningRate : learningRate * 0.9))
 */
export function learningRateScheduler(schedule: (epoch: number, learningRate: number) => number): Callback {
  return {
    reports: { learningRate: undefined },
    onEpochBegin(epoch, { model }) {
      const learningRate = schedule(epoch, model.learningRate);
      if (!(learningRate > 0 && Number.isFinite(learningRate))) {
        throw new ConfigError(
          `learningRateScheduler: the schedule must give a positive number, in epoch ${epoch + 1} it gave ${learningRate}.`,
        );
      }
      model.learningRate = learningRate;
    },
    onEpochEnd: (_, __, { model }) => ({ learningRate: model.learningRate }),
  };
}
