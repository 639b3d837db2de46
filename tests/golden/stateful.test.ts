/** Stateful layers against Keras: training steps and predictions that go on from one another, and beginning anew. */
import { describe, expect, it } from "vitest";
import { sgd } from "../../src/optimizers/index.js";
import type { NestedArray } from "../../src/tensor/tensor.js";
import { expectClose } from "../conformance/run-equations.js";
import { engines, flat, goldenCases } from "./golden.js";
import { type LayerRow, modelFromTable } from "./model-from-table.js";

interface StatefulCase {
  readonly name: string;
  readonly layers: readonly LayerRow[];
  readonly weights: NestedArray[];
  readonly x: NestedArray[];
  readonly y: NestedArray[];
  readonly losses: number[];
  readonly trainedWeights: NestedArray[];
  /** Of x[2]: going on, going on again, after a reset. */
  readonly outputs: NestedArray[];
}

const cases = goldenCases<StatefulCase>("stateful.json");

async function check(golden: StatefulCase, [, engine, tolerance]: (typeof engines)[number]) {
  const model = modelFromTable(golden.layers, [null, 2], { engine });
  model.compile({ optimizer: sgd({ learningRate: 0.1 }), loss: "meanSquaredError" });
  model.setWeights(golden.weights);
  for (const [i, loss] of golden.losses.entries()) {
    expectClose([(await model.trainOnBatch(golden.x[i]!, golden.y[i]!)).loss!], [loss], tolerance, `loss ${i}`);
  }
  model.getWeights().forEach(({ data }, i) => {
    expectClose(data, flat(golden.trainedWeights[i]!), tolerance, `weight ${i}`);
  });
  for (const [i, output] of golden.outputs.entries()) {
    if (i === 2) model.resetStates();
    expectClose((await model.predict(golden.x[2]!)).data, flat(output), tolerance, `output ${i}`);
  }
}

describe.each(engines)("stateful layers in %s compute what Keras computed", (...engine) => {
  it.each(cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    await check(golden, engine);
  });
});

describe("the file turns red", () => {
  it.each(cases.map((golden) => [golden.name, golden] as const))("when states do not go on: %s", async (_, golden) => {
    const layers = golden.layers.map(({ stateful, ...row }) => row);
    await expect(check({ ...golden, layers }, engines[0]!)).rejects.toThrow("loss 1");
  });
});
