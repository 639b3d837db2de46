/**
 * Inspection of a model on some examples: states and gates at every step, the gradient that arrives there, and what each
 * step adds to the gradient of each weight. The values are further outputs of the same scans that
 * training runs (equations/gradients-through-time.ts). By default the reference engine computes them, in float64, where gradients too
 * small for float32 still show.
 */

import { compile } from "../compiler/compile.js";
import { type Engine, referenceEngine } from "../engines/index.js";
import type { Node } from "../equations/index.js";
import { StateError } from "../errors.js";
import type { DataLike, LossTrace, Model, WeightOptions } from "../models/index.js";
import { expectModel } from "../models/index.js";
import { anObject, anything, checkOptions, checkWindow, flag, type OptionChecks } from "../options/index.js";
import type { Tensor } from "../tensor/tensor.js";
import { describeLayer } from "./describe-layer.js";
import type { Inspection } from "./inspection.js";
import { layerPorts, lossPorts } from "./inspection-ports.js";
import { findRecurrences } from "./recurrences.js";

/** Options of `inspect`. */
export interface InspectOptions extends WeightOptions {
  /** Keep ∂J/∂W(t) itself for every step and weight, [time, ...shape of W]. Default false. */
  readonly terms?: boolean;
  /** Show what `fit` with this `truncate` sees: gradients of the layers are cut as its windows cut them. */
  readonly truncate?: { readonly window: number; readonly stride?: number };
  /** The engine; default: the reference engine, in float64. */
  readonly engine?: Engine;
}

const inspectOptions: OptionChecks<InspectOptions> = {
  terms: flag,
  truncate: anything,
  engine: anObject,
  sampleWeight: anything,
  classWeight: anything,
};

/**
 * Gradients through time, as data.
 *
 * @param model built and compiled; it is not changed
 * @param x batch-first inputs, a few examples
 * @param y their targets
 * @returns hidden states, gates, ‖∂J/∂h(t)‖, each step's part of every recurrent weight's gradient, spectral radii and a diagnosis
 * @throws StateError when the model has no recurrent layer or is not compiled; ShapeError and DataError when the data does not fit
 * @example
 * const { layers } = await inspect(model, x, y);
 * console.log(layers[0].diagnosis.text, layers[0].states.h.gradientNorms);
 */
export function inspect(model: Model, x: DataLike, y: DataLike, options: InspectOptions = {}): Promise<Inspection> {
  expectModel("inspect", model);
  return model.inTurn(() => lookInto(model, x, y, options));
}

async function lookInto(model: Model, x: DataLike, y: DataLike, options: InspectOptions): Promise<Inspection> {
  const checked = checkOptions("inspect", options, inspectOptions);
  const { terms = false, engine = referenceEngine, truncate, ...weights } = checked;
  const truncation = truncate && checkWindow("inspect: truncate", truncate);
  const trace = await model.traceLoss(x, y, weights, truncation);
  const recurrences = findRecurrences(trace.loss, trace.parameters);
  if (recurrences.length === 0) {
    throw new StateError(
      `inspect: "${model.name}" has no recurrent layer that its loss depends on, so nothing flows through time.`,
    );
  }
  const read = await run(trace, { ...lossPorts(trace), ...layerPorts(trace, recurrences, terms) }, engine);
  return {
    loss: read("loss").data[0]!,
    steps: Math.max(...recurrences.map(({ scan }) => scan.attributes.length)),
    ...(trace.stepLosses ? { stepLosses: [...read("stepLosses").data] } : {}),
    layers: recurrences.map((recurrence, i) =>
      describeLayer(recurrence, (port) => read(`${i}/${port}`), { terms, readWeight: trace.read }),
    ),
  };
}

/** Runs the equations once on a separate device. */
async function run(
  { inputs, values, parameters, read }: LossTrace,
  outputs: Record<string, Node>,
  engine: Engine,
): Promise<(port: string) => Tensor> {
  const program = compile({ name: "inspect", inputs, outputs });
  const device = engine.createDevice();
  for (const { id, shape } of parameters) {
    device.createVariable({ name: id, shape, dtype: "float" });
    device.writeVariable(id, read(id));
  }
  const executable = await device.load(program);
  executable.run(Object.fromEntries(program.inputs.map(({ name }) => [name, values[name]!])));
  const shapes = new Map(program.outputs.map(({ name, shape }) => [name, shape]));
  return (port) => ({ data: executable.output(port), shape: shapes.get(port)! });
}
