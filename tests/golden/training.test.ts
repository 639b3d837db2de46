/** Whole training runs, held to Keras: every loss, the last weights, the optimizer's memory, evaluation and prediction. */
import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engines/engine.js";
import type { Sequential } from "../../src/models/index.js";
import { type NestedArray, tensor, toTensor } from "../../src/tensor/tensor.js";
import { engines, flat, goldenCases } from "./golden.js";
import { type LayerRow, modelFromTable } from "./model-from-table.js";

interface TrainingCase {
  readonly name: string;
  readonly inputShape: number[];
  readonly layers: LayerRow[];
  readonly compile: { optimizer: never; loss: never; metrics: string[]; weightedMetrics?: string[] };
  readonly initialWeights: NestedArray[];
  readonly mode: "trainOnBatch" | "fit";
  readonly x: NestedArray[];
  readonly y: NestedArray[];
  readonly batches?: number[][];
  readonly losses?: number[];
  readonly accuracies?: number[] | null;
  readonly fit?: {
    batchSize: number;
    epochs: number;
    sampleWeight: NestedArray | null;
    classWeight: Record<number, number> | null;
    validationData: [NestedArray, NestedArray, NestedArray?] | null;
    validationSplit: number | null;
  };
  readonly history?: Record<string, number[]>;
  readonly finalWeights: NestedArray[];
  readonly optimizerVariables: { name: string; value: NestedArray }[];
  readonly evaluateBatchSize: number;
  readonly evaluate: Record<string, number>;
  readonly predict: NestedArray;
}

const cases = goldenCases<TrainingCase>("training.json");

/** "val_weighted_accuracy" → "valWeightedAccuracy" */
const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function close(actual: ArrayLike<number>, expected: readonly number[], tolerance: number, what: string): void {
  expect(actual.length, what).toBe(expected.length);
  const scale = Math.max(1, ...expected.map(Math.abs));
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i]! - value), `${what}[${i}]: ${actual[i]} instead of ${value}`).toBeLessThanOrEqual(
      tolerance * scale,
    );
  });
}

function start(golden: TrainingCase, engine: Engine): Sequential {
  const model = modelFromTable(golden.layers, golden.inputShape, { engine });
  model.setWeights(golden.initialWeights);
  return model.compile(golden.compile);
}

async function train(model: Sequential, golden: TrainingCase, tolerance: number): Promise<void> {
  if (golden.mode === "fit") {
    const { sampleWeight, classWeight, validationData, validationSplit, batchSize, epochs } = golden.fit!;
    const { history } = await model.fit(golden.x, golden.y, {
      batchSize,
      epochs,
      shuffle: false,
      sampleWeight: sampleWeight ?? undefined,
      classWeight: classWeight ?? undefined,
      validationData: validationData ?? undefined,
      validationSplit: validationSplit ?? undefined,
      verbose: 0,
    });
    for (const [name, values] of Object.entries(golden.history!)) close(history[camel(name)]!, values, tolerance, name);
    return;
  }
  for (const [i, rows] of golden.batches!.entries()) {
    const pick = (data: NestedArray[]) => rows.map((row) => data[row]!);
    const logs = await model.trainOnBatch(pick(golden.x), pick(golden.y));
    close([logs.loss!], [golden.losses![i]!], tolerance, `loss of step ${i}`);
    if (golden.accuracies) close([logs.accuracy!], [golden.accuracies[i]!], tolerance, `accuracy of step ${i}`);
  }
}

for (const [precision, engine, tolerance] of engines) {
  describe(`training in ${precision} gives Keras's numbers`, () => {
    for (const golden of cases) {
      it(golden.name, async () => {
        const model = start(golden, engine);
        await train(model, golden, tolerance);
        model.getWeights().forEach(({ data }, i) => {
          close(data, flat(golden.finalWeights[i]!), tolerance, `weight ${i}`);
        });
        const { iteration, slots } = model.optimizerState()!;
        const [steps, , ...values] = golden.optimizerVariables;
        expect(iteration).toBe(steps!.value);
        slots.forEach(({ values: slot, name }, i) => {
          close(slot.data, flat(values[i]!.value), tolerance, name);
        });
        const logs = await model.evaluate(golden.x, golden.y, { batchSize: golden.evaluateBatchSize });
        for (const [name, value] of Object.entries(golden.evaluate)) {
          // Keras's evaluate was given no weights, so the weighted metric is the plain one.
          close([logs[camel(name)]!], [value], tolerance, `evaluate ${name}`);
        }
        close((await model.predict(golden.x)).data, flat(golden.predict), tolerance, "predict");
      });
    }
  });
}

describe("the goldens can fail", () => {
  it("a transposed recurrent kernel turns the first loss red", async () => {
    const golden = cases[0]!;
    const model = start(golden, engines[0]![1]);
    const weights = golden.initialWeights.map((value) => toTensor(value));
    const [n] = weights[2]!.shape as [number];
    const turned = weights[2]!.data.map((_, i) => weights[2]!.data[(i % n) * n + Math.floor(i / n)]!);
    model.setWeights(weights.map((weight, i) => (i === 2 ? tensor(turned, weight.shape) : weight)));
    await expect(train(model, golden, 1e-5)).rejects.toThrow(/loss of step 0/);
  });
});
