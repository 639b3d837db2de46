/** Layers against Keras: outputs, masks and every gradient. */
import { describe, expect, it } from "vitest";
import { type Layer, layerFromConfig } from "../../src/layers/index.js";
import type { NestedArray } from "../../src/tensor/tensor.js";
import { expectClose, runEquations } from "../conformance/run-equations.js";
import { type LayerInput, lossEquations, traceLayer } from "../conformance/trace-layer.js";
import { engines, flat, goldenCases } from "./golden.js";

type Options = Record<string, unknown> & { type: string };

interface RecurrentCase {
  readonly name: string;
  readonly layer: Options;
  readonly x: NestedArray;
  readonly mask: NestedArray | null;
  readonly initialState: NestedArray[] | null;
  readonly weights: NestedArray[];
  readonly coefficients: NestedArray[];
  readonly outputs: NestedArray[];
  readonly loss: number;
  readonly gradWeights: NestedArray[];
  readonly gradX: NestedArray;
  readonly gradInitialState: NestedArray[] | null;
}

interface LayerCase {
  readonly name: string;
  readonly layer: Options;
  readonly inputDtype: "float" | "int";
  readonly x: NestedArray;
  readonly mask: NestedArray | null;
  readonly weights: NestedArray[];
  readonly coefficients: NestedArray;
  readonly output: NestedArray | null;
  readonly outputMask: NestedArray | null;
  readonly loss: number | null;
  readonly gradWeights: NestedArray[];
  readonly gradX: NestedArray | null;
}

/** `simpleRNN` → `SimpleRNN`: the golden files call layers by their functions. */
function layerOf({ type, layer, ...options }: Options): Layer {
  const className = type[0]!.toUpperCase() + type.slice(1);
  return layerFromConfig({
    type: className,
    ...options,
    ...(layer ? { layer: layerOf(layer as Options).config } : {}),
  });
}

type Results = Record<string, number[]>;

async function evaluate(
  layer: Layer,
  given: LayerInput,
  coefficients: readonly NestedArray[],
  wrt: (parameters: readonly string[]) => string[],
  engine: (typeof engines)[number][1],
): Promise<{ results: Results; parameters: readonly string[] }> {
  const traced = traceLayer(layer, given);
  const { loss: _, ...equations } = lossEquations(traced, coefficients, wrt(traced.parameters));
  const outputs = traced.outputMask ? { ...equations.outputs, mask: traced.outputMask } : equations.outputs;
  return {
    results: await runEquations({ ...equations, outputs }, traced.values, { engine }),
    parameters: traced.parameters,
  };
}

async function runRecurrent(golden: RecurrentCase, engine: (typeof engines)[number][1], timeMajor = false) {
  const states = (golden.initialState ?? []).map((_, i) => `state${i}`);
  return evaluate(
    layerOf(golden.layer),
    { x: golden.x, mask: golden.mask, states: golden.initialState, weights: golden.weights, timeMajor },
    golden.coefficients,
    (parameters) => [...parameters, "x", ...states],
    engine,
  );
}

async function checkRecurrent(
  golden: RecurrentCase,
  [, engine, tolerance]: (typeof engines)[number],
  timeMajor = false,
) {
  const { results, parameters } = await runRecurrent(golden, engine, timeMajor);
  const check = (port: string, expected: NestedArray) => expectClose(results[port]!, flat(expected), tolerance, port);
  check("loss", [golden.loss]);
  for (const [i, output] of golden.outputs.entries()) check(`output${i}`, output);
  for (const [i, gradient] of golden.gradWeights.entries()) check(`d_${parameters[i]}`, gradient);
  check("d_x", golden.gradX);
  for (const [i, gradient] of (golden.gradInitialState ?? []).entries()) check(`d_state${i}`, gradient);
}

const recurrentCases = goldenCases<RecurrentCase>("simple-rnn.json");

describe.each(engines)("SimpleRNN in %s computes what Keras computes, and every gradient", (...engine) => {
  it.each(recurrentCases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    await checkRecurrent(golden, engine);
  });
});

describe("the golden file of SimpleRNN", () => {
  it("agrees as well when the sequence arrives time-major", async () => {
    for (const golden of recurrentCases.filter(({ layer }) => layer.goBackwards)) {
      await checkRecurrent(golden, engines[0]!, true);
    }
  });

  it("turns red when kernel and recurrent kernel are swapped", async () => {
    const square = recurrentCases.find(({ name }) => name.endsWith("features 4, units 4"))!;
    const [kernel, recurrentKernel, bias] = square.weights;
    await checkRecurrent(square, engines[0]!);
    const swapped = { ...square, weights: [recurrentKernel!, kernel!, bias!] };
    await expect(checkRecurrent(swapped, engines[0]!)).rejects.toThrow(/loss: element 0/);
  });
});

/** Where we differ from Keras on purpose. */
const differs: Readonly<Record<string, string>> = {
  "globalAveragePooling1D, a row all masked gives NaN (null)": "a sequence without any valid step is 0 here",
};

describe.each(engines)("layers in %s compute what Keras computes, and every gradient", (_, engine, tolerance) => {
  const cases = goldenCases<LayerCase>("layers.json").filter(({ name }) => !(name in differs));
  it.each(cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    const { results, parameters } = await evaluate(
      layerOf(golden.layer),
      { x: golden.x, mask: golden.mask, dtype: golden.inputDtype, weights: golden.weights },
      [golden.coefficients],
      (names) => [...names, ...(golden.gradX ? ["x"] : [])],
      engine,
    );
    const check = (port: string, expected: NestedArray) => expectClose(results[port]!, flat(expected), tolerance, port);
    check("output0", golden.output!);
    check("loss", [golden.loss!]);
    for (const [i, gradient] of golden.gradWeights.entries()) check(`d_${parameters[i]}`, gradient);
    if (golden.gradX) check("d_x", golden.gradX);
    if (golden.outputMask) check("mask", golden.outputMask);
    else expect(results.mask).toBeUndefined();
  });

  it.each(Object.entries(differs))("%s: %s", async (name) => {
    const golden = goldenCases<LayerCase>("layers.json").find((candidate) => candidate.name === name)!;
    const { x, mask } = golden;
    const layer = layerOf(golden.layer);
    const { results } = await evaluate(layer, { x, mask }, [golden.coefficients], () => ["x"], engine);
    const expected = flat((golden.output as (number | null)[][]).map((row) => row.map((value) => value ?? 0)));
    expectClose(results.output0!, expected, tolerance);
    expect(results.d_x!.every(Number.isFinite)).toBe(true);
  });
});
