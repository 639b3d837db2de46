/** Regularizers and constraints against Keras: by themselves, and while a model trains, on one thread and on two. */
import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engines/engine.js";
import { differentiate, input } from "../../src/equations/index.js";
import { type Sequential, sequential } from "../../src/models/index.js";
import { resolveConstraint, resolveRegularizer } from "../../src/regularizers/index.js";
import { type NestedArray, toTensor } from "../../src/tensor/tensor.js";
import { expectClose, runEquations } from "../conformance/run-equations.js";
import { engines, flat, goldenCases } from "./golden.js";
import { layerOf, type Options } from "./layer-golden.js";

interface RuleCase {
  readonly name: string;
  readonly regularizer?: Options;
  readonly constraint?: Options;
  readonly weight: NestedArray;
  readonly penalty?: number;
  readonly gradient?: NestedArray;
  readonly held?: NestedArray;
}

interface TrainingCase {
  readonly name: string;
  readonly layers: readonly Options[];
  readonly loss: Options;
  readonly optimizer: Options;
  readonly x: NestedArray[];
  readonly y: NestedArray[];
  readonly initialWeights: NestedArray[];
  readonly losses: number[];
  readonly finalWeights: NestedArray[];
  readonly evaluate: number;
}

const all = goldenCases<RuleCase | TrainingCase>("regularizers.json");
const rules = all.filter((golden): golden is RuleCase => "weight" in golden);
const trainings = all.filter((golden): golden is TrainingCase => "layers" in golden);
const titled = <Case extends { name: string }>(list: readonly Case[]) => list.map((each) => [each.name, each] as const);

function modelOf(
  { layers, x, loss, optimizer, initialWeights }: TrainingCase,
  engine: Engine,
  threads = 1,
): Sequential {
  const [, ...inputShape] = toTensor(x).shape;
  const model = sequential(
    layers.map((layer, i) => layerOf(i === 0 ? { ...layer, inputShape } : layer)),
    { engine, threads },
  );
  model.compile({ optimizer, loss });
  model.setWeights(initialWeights);
  return model;
}

async function train(golden: TrainingCase, model: Sequential, tolerance: number, copies = 1) {
  const repeated = (rows: NestedArray[]) => Array.from({ length: copies }, () => rows).flat();
  const [x, y] = [repeated(golden.x), repeated(golden.y)];
  for (const [step, expected] of golden.losses.entries()) {
    const { loss } = await model.trainOnBatch(x, y);
    expectClose([loss!], [expected], tolerance, `loss of step ${step}`);
  }
  const weights = model.getWeights();
  for (const [i, weight] of golden.finalWeights.entries()) {
    expectClose(weights[i]!.data, flat(weight), tolerance, `weight ${i}`);
  }
  const { loss } = await model.evaluate(x, y, { batchSize: 4 * copies });
  expectClose([loss!], [golden.evaluate], tolerance, "evaluate");
}

describe.each(engines)("regularizers and constraints in %s are Keras's", (_, engine, tolerance) => {
  it.each(titled(rules))("%s", async (_, golden) => {
    const { data, shape } = toTensor(golden.weight);
    const w = input("w", shape);
    if (golden.regularizer) {
      const penalty = resolveRegularizer(golden.regularizer).penalty(w);
      const outputs = { penalty, d: differentiate(penalty, [w])[0]! };
      const result = await runEquations({ name: "penalty", inputs: { w }, outputs }, { w: data }, { engine });
      expectClose(result.penalty!, [golden.penalty!], tolerance, "penalty");
      expectClose(result.d!, flat(golden.gradient!), tolerance, "gradient");
    } else {
      const held = resolveConstraint(golden.constraint!).apply(w);
      const result = await runEquations({ name: "held", inputs: { w }, outputs: { held } }, { w: data }, { engine });
      expectClose(result.held!, flat(golden.held!), tolerance, "held");
    }
  });

  it.each(titled(trainings))("%s", async (_, golden) => {
    await train(golden, modelOf(golden, engine), tolerance);
  });

  it.each(titled(trainings))("%s, each example twice, on two threads", async (_, golden) => {
    await train(golden, modelOf(golden, engine, 2), tolerance, 2);
  });
});

describe("the file of regularizers", () => {
  it("turns red when a rule is left out of a layer", async () => {
    for (const golden of trainings.slice(0, 2)) {
      const options = golden.layers.flatMap((layer, i) => Object.keys(layer).map((option) => [i, option] as const));
      const ruled = options.filter(([, option]) => /(Regularizer|Constraint)$/.test(option));
      expect(ruled.length).toBeGreaterThan(4);
      for (const [place, option] of ruled) {
        const layers = golden.layers.map((layer, i): Options => {
          const { [option]: _, ...rest } = layer;
          return i === place ? (rest as Options) : layer;
        });
        const changed = { ...golden, layers };
        await expect(train(changed, modelOf(changed, engines[0]![1]), 1e-10), option).rejects.toThrow();
      }
    }
  });
});
