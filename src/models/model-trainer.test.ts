import { expect, test } from "vitest";
import { referenceEngine } from "../engines/index.js";
import { dense } from "../layers/index.js";
import type { Callback, Trainable } from "../training/index.js";
import { sequential } from "./sequential.js";

const compiled = () =>
  sequential([dense(1, { inputShape: [1] })], { engine: referenceEngine, seed: 1 }).compile({ loss: "mse" });

test("A model has no methods of training loops; its trainer has them, and callbacks get the trainer", async () => {
  const model = compiled();
  const names = ["trainStep", "testStep", "diagnose", "metricValue", "snapshot", "restore", "reported", "describe"];
  for (const name of names) expect([name, name in model, name in model.trainer]).toEqual([name, false, true]);
  const seen: Trainable[] = [];
  const callback: Callback = { onEpochEnd: (_, __, control) => void seen.push(control.model) };
  await model.fit([[1], [2]], [[1], [2]], { verbose: 0, callbacks: [callback] });
  expect(seen).toEqual([model.trainer]);
});

test("A trainer shares the learning rate and the random state with its model", () => {
  const model = compiled();
  model.learningRate = 0.5;
  expect(model.trainer.learningRate).toBe(0.5);
  model.trainer.learningRate = 0.25;
  expect(model.learningRate).toBe(0.25);
  model.trainer.randomState = [...compiled().randomState];
  expect(model.randomState).toEqual(compiled().randomState);
});

test("A trainer steps with the loss of the last compile, and goes back to a snapshot", async () => {
  const model = compiled();
  const rows = new Uint32Array([0]);
  const number = (value: number) => ({ data: new Float64Array([value]), shape: [1, 1] });
  const prepared = { count: 1, data: { x: number(2), y: number(1) } };
  await model.trainer.trainStep(prepared, { rows, noise: 0 });
  const [before, snapshot] = [
    await model.trainer.testStep(prepared, { rows, noise: 0 }),
    await model.trainer.snapshot(),
  ];
  await model.trainer.trainStep(prepared, { rows, noise: 0 });
  expect(await model.trainer.testStep(prepared, { rows, noise: 0 })).not.toEqual(before);
  await model.trainer.restore(snapshot);
  expect(await model.trainer.testStep(prepared, { rows, noise: 0 })).toEqual(before);
  model.compile({ loss: "mae" });
  const { loss } = await model.trainer.testStep(prepared, { rows, noise: 0 });
  expect(loss).toBeCloseTo(Math.sqrt(before.loss), 12);
});
