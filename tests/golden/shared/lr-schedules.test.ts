/** shared/keras-golden/lr_schedules.json: the rate of every step. */
import { resolveSchedule } from "../../../src/optimizers/index.js";
import { expectClose } from "../../conformance/run-equations.js";
import { holdCases, sharedCases } from "./keras-golden.js";
import { configOfCall } from "./keras-object.js";

interface ScheduleCase {
  readonly schedule: string;
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** Names of the arguments that titles give without one. */
const order: Readonly<Record<string, readonly string[]>> = {
  ExponentialDecay: ["initialLearningRate", "decaySteps", "decayRate"],
  InverseTimeDecay: ["initialLearningRate", "decaySteps", "decayRate"],
  PiecewiseConstantDecay: ["boundaries", "values"],
  PolynomialDecay: ["initialLearningRate", "decaySteps", "endLearningRate"],
  CosineDecay: ["initialLearningRate", "decaySteps"],
  CosineDecayRestarts: ["initialLearningRate", "firstDecaySteps"],
};

holdCases(
  "lr_schedules.json",
  sharedCases<ScheduleCase>("lr_schedules.json"),
  ({ schedule }) => schedule,
  ({ schedule, steps, values }) => {
    const { at } = resolveSchedule(configOfCall(schedule, order[schedule.replace(/\(.*/, "")]));
    expectClose(steps.map(at), values, 1e-14);
  },
);
