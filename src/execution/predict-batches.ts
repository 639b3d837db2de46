/** Predictions for any number of examples, some at a time. */
import type { Port } from "../compiler/program.js";
import type { Executable } from "../engines/engine.js";
import type { FloatArray, NumericArray, Tensor, TensorLike } from "../tensor/tensor.js";
import { eventLoopYielder } from "../training/index.js";
import { portName, portOf } from "./ports.js";

/** A sequence with a mask of its valid steps; models read such masks where they are given. */
export interface MaskedTensor extends Tensor {
  /** 1 at valid steps, 0 at padding: [batch, time]. */
  readonly mask?: TensorLike;
}

/** Numbers that a model predicted. */
export interface Prediction extends Tensor<FloatArray> {
  /** Mask of the output, if it has one: 1 at valid steps, 0 at padding, [batch, time]. */
  readonly mask?: Tensor<FloatArray>;
}

/**
 * Joins the predictions of a function for the rows of each batch.
 *
 * @param predict every output for the rows named, batch-first
 * @returns every output for all rows
 */
export async function predictBatches(
  count: number,
  batchSize: number,
  predict: (rows: Uint32Array) => Promise<readonly Prediction[]>,
): Promise<Prediction[]> {
  const parts: (readonly Prediction[])[] = [];
  const yieldToEventLoop = eventLoopYielder();
  for (let first = 0; first < count; first += batchSize) {
    const rows = new Uint32Array(Math.min(batchSize, count - first)).map((_, i) => first + i);
    parts.push(await predict(rows));
    await yieldToEventLoop();
  }
  return joinPredictions(parts);
}

/** The results of a run of `predictEquations`, output by output. */
export function predictionsOf(executable: Executable): Prediction[] {
  const { outputs } = executable.program;
  const read = ({ name, shape }: Port) => ({ data: executable.output(name) as FloatArray, shape });
  const predictions: Prediction[] = [];
  for (const port of outputs) {
    const { kind, index } = portOf(port.name);
    if (kind !== "output") continue;
    const maskName = portName("outputMask", index);
    const mask = outputs.find(({ name }) => name === maskName);
    predictions.push(mask ? { ...read(port), mask: read(mask) } : read(port));
  }
  return predictions;
}

/** Every output of the same model for several groups of rows, one below the other. */
export function joinPredictions(parts: readonly (readonly Prediction[])[]): Prediction[] {
  return parts[0]!.map(({ mask }, i) => ({
    ...joinRows(parts.map((outputs) => outputs[i]!)),
    ...(mask ? { mask: joinRows(parts.map((outputs) => outputs[i]!.mask!)) } : {}),
  }));
}

/** Tensors of equal rows, one below the other. */
function joinRows<Data extends NumericArray>(parts: readonly Tensor<Data>[]): Tensor<Data> {
  const [{ data, shape }] = parts as [Tensor<Data>];
  if (parts.length === 1) return { data, shape };
  const rows = parts.reduce((sum, part) => sum + part.shape[0]!, 0);
  const size = parts.reduce((sum, part) => sum + part.data.length, 0);
  const whole = new (data.constructor as new (length: number) => Data)(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part.data as never, at);
    at += part.data.length;
  }
  return { data: whole, shape: [rows, ...shape.slice(1)] };
}
