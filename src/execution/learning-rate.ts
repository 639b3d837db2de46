/** Learning rate of the next step: a number that users may change, or a schedule's. */
import { StateError } from "../errors.js";
import type { Optimizer } from "../optimizers/index.js";
import { checkOption, notNegative } from "../options/index.js";
import { iterationName } from "./optimizer-names.js";
import type { Variables } from "./variables.js";

/** The rate of the next step; a schedule is asked by the number of steps taken. */
export function learningRateOf(optimizer: Optimizer, variables: Variables): number {
  const { schedule, learningRate } = optimizer;
  if (!schedule) return learningRate;
  const iteration = iterationName(optimizer);
  return schedule.at(variables.has(iteration) ? variables.read(iteration)[0]! : 0);
}

/** Changes the rate. @throws StateError when a schedule sets another rate */
export function setLearningRate(optimizer: Optimizer, value: number, variables: Variables): void {
  checkOption("model", "learningRate", value, notNegative);
  if (value === learningRateOf(optimizer, variables)) return;
  if (optimizer.schedule) {
    throw new StateError(
      `learningRate: it follows the schedule ${optimizer.schedule.config.type}, which would undo the change at the next step. ` +
        "Compile with a number for a learning rate to change it by hand or by a callback.",
    );
  }
  optimizer.learningRate = value;
}
