import { expect, it } from "vitest";
import { HistoryRecorder } from "./history.js";

it("accepts names of numbers that every object has", () => {
  const recorder = new HistoryRecorder();
  for (const epoch of [0, 1]) recorder.add(epoch, { loss: epoch, constructor: 2, ["__proto__"]: 3 } as never);
  expect(Object.entries(recorder.history)).toEqual([
    ["loss", [0, 1]],
    ["constructor", [2, 2]],
    ["__proto__", [3, 3]],
  ]);
});
