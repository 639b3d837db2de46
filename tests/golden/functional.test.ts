/** Functional models against Keras: predictions, losses of some steps, the weights after them, and the summary letter by letter. */
import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engines/engine.js";
import { type Functional, functionalFromConfig, type ValueConfig } from "../../src/models/index.js";
import type { PartialShape } from "../../src/tensor/shape.js";
import { type NestedArray, toTensor } from "../../src/tensor/tensor.js";
import type { Logs } from "../../src/training/index.js";
import { expectClose } from "../conformance/run-equations.js";
import { evaluateAsKeras } from "./batch-average.js";
import { engines, flat, goldenCases } from "./golden.js";
import type { LayerRow } from "./model-from-table.js";

interface Graph {
  readonly inputs: Readonly<Record<string, PartialShape>>;
  readonly layers: Readonly<Record<string, LayerRow>>;
  readonly calls: readonly (readonly [string, readonly ValueConfig[]])[];
  readonly outputs: readonly ValueConfig[];
}

interface TrainedCase {
  readonly name: string;
  readonly graph: Graph;
  readonly compile: { optimizer: LayerRow; loss: LayerRow[]; lossWeights: number[] | null; metrics: string[][] | null };
  readonly initialWeights: NestedArray[];
  readonly x: NestedArray[][];
  readonly y: NestedArray[][];
  readonly firstPredictions: NestedArray[];
  readonly batches: number[][];
  readonly losses: number[];
  readonly finalWeights: NestedArray[];
  readonly evaluate: Logs;
  readonly predictions: NestedArray[];
}

interface SummaryCase {
  readonly name: string;
  readonly graph: Graph;
  readonly modelName: string | null;
  readonly terminalColumns: number;
  readonly options: { readonly lineLength?: number; readonly showTrainable?: boolean };
  readonly summary: string;
}

const cases = ["functional.json", "tied.json"].flatMap((file) => goldenCases<TrainedCase | SummaryCase>(file));
const trained = cases.filter((golden) => "losses" in golden).map((golden) => [golden.name, golden] as const);
const drawn = cases.filter((golden) => "summary" in golden).map((golden) => [golden.name, golden] as const);

const className = (type: string) =>
  ["lstm", "gru"].includes(type) ? type.toUpperCase() : type[0]!.toUpperCase() + type.slice(1);
const configOf = ({ type, layer, ...options }: LayerRow): { type: string; [option: string]: unknown } => ({
  type: className(type),
  ...options,
  ...(layer ? { layer: configOf(layer) } : {}),
});

function modelOf({ inputs, layers, calls, outputs }: Graph, engine: Engine, name = "functional"): Functional {
  const config = {
    type: "Functional",
    name,
    inputs: Object.entries(inputs).map(([name, shape]) => ({ name, shape })),
    layers: Object.entries(layers).map(([name, row]) => configOf({ ...row, name })),
    calls: calls.map(([layer, read]) => ({ layer, inputs: read })),
    outputs: outputs.map((value) => ({ name: value[0], value })),
  };
  return functionalFromConfig(config, { engine });
}

describe.each(engines)("functional models in %s", (_, engine, tolerance) => {
  it.each(trained)("%s: predict and train as Keras's do", async (_, golden) => {
    const { compile, graph, batches, losses } = golden;
    const whole = (values: NestedArray[][]) => (values.length === 1 ? values[0]! : values);
    const [x, y] = [whole(golden.x), whole(golden.y)];
    const model = modelOf(graph, engine);
    const { lossWeights, metrics, ...rest } = compile;
    model.compile({ ...rest, ...(lossWeights && { lossWeights }), ...(metrics && { metrics }) } as never);
    model.setWeights(golden.initialWeights);
    const expectPredictions = async (expected: NestedArray[], what: string) => {
      const predictions = await model.predictAll(x);
      expected.forEach((values, i) => {
        expect(predictions[i]!.shape).toEqual(toTensor(values).shape);
        expectClose(predictions[i]!.data, flat(values), tolerance, `${what} ${i}`);
      });
    };
    await expectPredictions(golden.firstPredictions, "first prediction");
    for (const [step, rows] of batches.entries()) {
      const pick = (values: NestedArray[][]) => whole(values.map((ofPort) => rows.map((row) => ofPort[row]!)));
      const logs = await model.trainOnBatch(pick(golden.x), pick(golden.y));
      expectClose([logs.loss!], [losses[step]!], tolerance, `loss of step ${step}`);
    }
    golden.finalWeights.forEach((weight, i) => {
      expectClose(model.getWeights()[i]!.data, flat(weight), tolerance, model.weightNames[i]!);
    });
    await expectPredictions(golden.predictions, "prediction");
    const logs = await evaluateAsKeras(model, x, y, 3, { x: golden.x.length, y: golden.y.length });
    const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    expect(Object.keys(logs).sort()).toEqual(Object.keys(golden.evaluate).map(camelCase).sort());
    for (const [name, value] of Object.entries(golden.evaluate)) {
      expectClose([logs[camelCase(name)]!], [value], tolerance, name);
    }
  });
});

describe("summaries of functional models are Keras's, letter by letter", () => {
  const [[, engine]] = engines as [(typeof engines)[number]];
  it.each(drawn)("%s", (_, { graph, modelName, terminalColumns, options, summary }) => {
    const model = modelOf(graph, engine, modelName ?? undefined);
    const chain = !summary.includes("Connected to");
    const widest = (chain ? 88 : 108) + (options.showTrainable ? 12 : 0);
    const lineLength = options.lineLength ?? Math.min(widest, terminalColumns - 4);
    expect(model.summary({ ...options, lineLength, print: false })).toBe(summary);
  });
});
