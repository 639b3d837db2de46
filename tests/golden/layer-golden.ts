/** Layers by themselves against golden files: outputs, masks and every gradient. */
import { type Layer, layerFromConfig } from "../../src/layers/index.js";
import type { NestedArray } from "../../src/tensor/tensor.js";
import { expectClose, runEquations } from "../conformance/run-equations.js";
import { type LayerInput, lossEquations, traceLayer } from "../conformance/trace-layer.js";
import { type engines, flat } from "./golden.js";

/** A layer as golden files write it. */
export type Options = Record<string, unknown> & { type: string };

/** A recurrent layer's golden, see keras/recurrent.py. */
export interface RecurrentCase {
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

/** `simpleRNN` → `SimpleRNN`, `lstm` → `LSTM`: the golden files call layers by their functions. */
export function layerOf({ type, layer, ...options }: Options): Layer {
  const className = ["lstm", "gru"].includes(type) ? type.toUpperCase() : type[0]!.toUpperCase() + type.slice(1);
  return layerFromConfig({
    type: className,
    ...options,
    ...(layer ? { layer: layerOf(layer as Options).config } : {}),
  });
}

type Results = Record<string, number[]>;

/** Outputs, loss and gradients of the layer alone; its mask as `mask`. */
export async function evaluate(
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

async function runRecurrent(
  golden: RecurrentCase,
  engine: (typeof engines)[number][1],
  timeMajor: boolean,
  layer: Layer,
) {
  const states = (golden.initialState ?? []).map((_, i) => `state${i}`);
  return evaluate(
    layer,
    { x: golden.x, mask: golden.mask, states: golden.initialState, weights: golden.weights, timeMajor },
    golden.coefficients,
    (parameters) => [...parameters, "x", ...states],
    engine,
  );
}

/** Runs a golden and compares everything it holds. @param layer another one than the golden's, to see whether it is told apart */
export async function checkRecurrent(
  golden: RecurrentCase,
  [, engine, tolerance]: (typeof engines)[number],
  timeMajor = false,
  layer = layerOf(golden.layer),
) {
  const { results, parameters } = await runRecurrent(golden, engine, timeMajor, layer);
  const check = (port: string, expected: NestedArray) => expectClose(results[port]!, flat(expected), tolerance, port);
  check("loss", [golden.loss]);
  for (const [i, output] of golden.outputs.entries()) check(`output${i}`, output);
  for (const [i, gradient] of golden.gradWeights.entries()) check(`d_${parameters[i]}`, gradient);
  check("d_x", golden.gradX);
  for (const [i, gradient] of (golden.gradInitialState ?? []).entries()) check(`d_state${i}`, gradient);
}
