import { expect, it } from "vitest";
import { CheckpointClock } from "./checkpoint-clock.js";

it("starts a new interval with every checkpoint", () => {
  let now = 1000;
  const clock = new CheckpointClock({ seconds: 10 }, () => now);
  const steps = [5, 4, 1, 1, 8, 1].map((seconds) => {
    now += 1000 * seconds;
    const due = clock.afterStep();
    if (due) clock.restart();
    return due;
  });
  expect(steps).toEqual([false, false, true, false, false, true]);
});

it("resets the counts of steps and epochs, too", () => {
  const clock = new CheckpointClock({ steps: 3, epochs: 2 }, () => 0);
  const due = (ask: () => boolean): boolean => {
    const is = ask();
    if (is) clock.restart();
    return is;
  };
  expect([1, 2, 3, 4, 5, 6].map(() => due(() => clock.afterStep()))).toEqual([false, false, true, false, false, true]);
  expect([1, 2, 3, 4].map(() => due(() => clock.afterEpoch()))).toEqual([false, true, false, true]);
});
