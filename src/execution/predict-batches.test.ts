import { expect, it } from "vitest";
import { predictBatches } from "./predict-batches.js";

it("gives the event loop a turn between batches that take long", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const busy = (milliseconds: number): void => {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
  };
  const predictions = await predictBatches(4, 1, async (rows) => {
    busy(60);
    return [{ data: Float64Array.from(rows), shape: [rows.length] }];
  });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(1);
  expect(predictions).toEqual([{ data: Float64Array.of(0, 1, 2, 3), shape: [4] }]);
});
