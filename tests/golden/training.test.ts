/** Whole models against Keras: ten steps, or three epochs, from given weights; every loss, the final weights, the optimizer's memory. */
import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engines/engine.js";
import { type Layer, layerFromConfig } from "../../src/layers/index.js";
import { type ClassWeight, type Sequential, sequential } from "../../src/models/index.js";
import { type NestedArray, type TensorLike, toTensor } from "../../src/tensor/tensor.js";
import type { Logs } from "../../src/training/index.js";
import { expectClose } from "../conformance/run-equations.js";
import { evaluateAsKeras } from "./batch-average.js";
import { engines, flat, goldenCases } from "./golden.js";

type Table = { readonly type: string; readonly layer?: Table };

interface TrainingCase {
  readonly name: string;
  readonly inputShape: number[];
  readonly layers: readonly Table[];
  readonly compile: { optimizer: Table; loss: Table; metrics: string[]; weightedMetrics?: string[] };
  readonly initialWeights: NestedArray[];
  readonly finalWeights: NestedArray[];
  readonly optimizerVariables: readonly { name: string; value: NestedArray }[];
  readonly x: NestedArray[];
  readonly y: NestedArray[];
  readonly evaluateBatchSize: number;
  readonly evaluate: Logs;
  readonly predict: NestedArray;
}

interface StepCase extends TrainingCase {
  readonly mode: "trainOnBatch";
  readonly batches: number[][];
  readonly losses: number[];
  readonly accuracies: number[] | null;
}

interface FitCase extends TrainingCase {
  readonly mode: "fit";
  readonly fit: {
    readonly batchSize: number;
    readonly epochs: number;
    readonly shuffle: boolean;
    readonly sampleWeight: TensorLike | null;
    readonly classWeight: ClassWeight | null;
    readonly validationData: [TensorLike, TensorLike, TensorLike?] | null;
    readonly validationSplit: number;
  };
  readonly batchLogs: readonly Logs[];
  readonly history: Readonly<Record<string, number[]>>;
}

const cases = goldenCases<StepCase | FitCase>("training.json");
const steps = cases.filter((golden) => golden.mode === "trainOnBatch");
const fits = cases.filter((golden) => golden.mode === "fit");
const titled = <Case extends { name: string }>(list: Case[]) => list.map((golden) => [golden.name, golden] as const);

function layerOf({ type, layer, ...options }: Table, inputShape?: number[]): Layer {
  const inner = layer && layerOf(layer).config;
  return layerFromConfig({
    type: type[0]!.toUpperCase() + type.slice(1),
    ...(inner && { layer: inner }),
    ...options,
    inputShape,
  });
}

function modelOf({ layers, inputShape, compile, initialWeights }: TrainingCase, engine: Engine): Sequential {
  const model = sequential(
    layers.map((layer, i) => layerOf(layer, i === 0 ? inputShape : undefined)),
    { engine },
  );
  model.compile(compile);
  model.setWeights(initialWeights);
  return model;
}

/** Keras's `val_weighted_accuracy` is our `valWeightedAccuracy`. */
const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const renamed = <Value>(logs: Readonly<Record<string, Value>>) =>
  Object.fromEntries(Object.entries(logs).map(([name, value]) => [camelCase(name), value]));

function expectLogs(
  actual: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, unknown>>,
  tolerance: number,
  what: string,
) {
  expect(Object.keys(actual).sort(), what).toEqual(Object.keys(renamed(expected)).sort());
  for (const [name, value] of Object.entries(renamed(expected))) {
    expectClose([actual[name]].flat() as number[], [value].flat() as number[], tolerance, `${what}: ${name}`);
  }
}

async function expectSameEnd(model: Sequential, golden: TrainingCase, tolerance: number) {
  const { finalWeights, optimizerVariables, x, y, evaluateBatchSize: batchSize } = golden;
  const weights = model.getWeights();
  for (const [i, weight] of finalWeights.entries()) {
    expect(weights[i]!.shape).toEqual(toTensor(weight).shape);
    expectClose(weights[i]!.data, flat(weight), tolerance, `weight ${i}`);
  }
  const { iteration, slots } = model.optimizerState()!;
  const [steps, learningRate, ...theirs] = optimizerVariables;
  expect(iteration).toBe(steps!.value);
  expect(model.learningRate).toBe(learningRate!.value);
  expect(slots).toHaveLength(theirs.length);
  for (const [i, { name, value }] of theirs.entries()) {
    expect(name.endsWith(`_${slots[i]!.name.split("/").at(-1)}`), `${name} is ${slots[i]!.name}`).toBe(true);
    expectClose(slots[i]!.values.data, flat(value), tolerance, name);
  }
  expectLogs(await evaluateAsKeras(model, x, y, batchSize), golden.evaluate, tolerance, "evaluate");
  expectClose((await model.predict(x, { batchSize })).data, flat(golden.predict), tolerance, "predict");
}

describe.each(engines)("models in %s train as Keras's do", (_, engine, tolerance) => {
  it.each(titled(steps))("step by step: %s", async (_, golden) => {
    const model = modelOf(golden, engine);
    for (const [step, rows] of golden.batches.entries()) {
      const pick = (values: NestedArray[]) => rows.map((row) => values[row]!);
      const logs = await model.trainOnBatch(pick(golden.x), pick(golden.y));
      expectClose([logs.loss!], [golden.losses[step]!], tolerance, `loss of step ${step}`);
      if (golden.accuracies) expectClose([logs.accuracy!], [golden.accuracies[step]!], tolerance, `step ${step}`);
    }
    await expectSameEnd(model, golden, tolerance);
  });

  it.each(titled(fits))("%s", async (_, golden) => {
    const model = modelOf(golden, engine);
    const { sampleWeight, classWeight, validationData, ...options } = golden.fit;
    const batchLogs: Logs[] = [];
    const { history, epoch } = await model.fit(golden.x, golden.y, {
      ...options,
      ...(sampleWeight && { sampleWeight }),
      ...(classWeight && { classWeight }),
      ...(validationData && { validationData }),
      verbose: 0,
      callbacks: [{ onBatchEnd: (_, logs) => void batchLogs.push(logs) }],
    });
    expect(epoch).toEqual([0, 1, 2]);
    for (const [batch, logs] of golden.batchLogs.entries()) {
      expectLogs(batchLogs[batch]!, logs, tolerance, `after batch ${batch}`);
    }
    expectLogs(history, golden.history, tolerance, "history");
    await expectSameEnd(model, golden, tolerance);
  });
});
