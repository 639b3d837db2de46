import { expect, it } from "vitest";
import { dense } from "../layers/index.js";
import { sequential } from "../models/index.js";
import { reportTraining } from "./training-report.js";

it("reads the history of a checkpoint that has the names of version 0.1.0", () => {
  const model = sequential([dense(1, { inputShape: [1] })]).compile({ loss: "mse", optimizer: "sgd" });
  const plan = { decay: 1, patience: 0 };
  const { callbacks, finish } = reportTraining(model, plan, { name: "accuracy", better: "higher" }, {});
  const old = { epoch: 1, seconds: 1, loss: 2, validationLoss: 3, validationAccuracy: 0.5 };
  callbacks[0]!.restore!([old, { epoch: 2, seconds: 1, loss: 1, valLoss: 2, valAccuracy: 0.75 }]);
  expect(finish()).toMatchObject({
    history: [{ epoch: 1, seconds: 1, loss: 2, valLoss: 3, valAccuracy: 0.5 }, { valLoss: 2 }],
    bestEpoch: 2,
  });
});
