/** Learning-rate schedules against Keras. */
import { describe, it } from "vitest";
import { resolveSchedule } from "../../src/optimizers/index.js";
import { expectClose } from "../conformance/run-equations.js";
import { goldenCases } from "./golden.js";

interface ScheduleCase {
  readonly name: string;
  readonly schedule: { readonly type: string };
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

describe("learning rates are what Keras computes", () => {
  const cases = goldenCases<ScheduleCase>("schedules.json");
  it.each(cases.map((golden) => [golden.name, golden] as const))("%s", (_, { schedule, steps, values }) => {
    const { at } = resolveSchedule(schedule);
    expectClose(steps.map(at), values, 1e-14);
  });
});
