/**
 * Ports of a model's programs: their inputs and results. A port has a kind and, where there are several of a kind, an index; this is
 * the only file that knows how programs spell both.
 */
import type { Shape } from "../tensor/shape.js";

/** Data of the batch: inputs and their masks, targets and their weights. */
export type DataKind = "x" | "mask" | "y" | "sampleWeight";

/** Numbers that a run is given besides the data; a shard multiplies an output's sum of losses by "lossScale". */
export type ScalarKind = "seed" | "learningRate" | "iteration" | "lossScale" | "zero";

/**
 * Results: outputs and their masks; for each output with a loss the sum of its valid losses and their number; the sums of each metric,
 * counted over all outputs; the penalty of the weights; numbers that are NaN where something is not finite.
 */
export type ResultKind = "output" | "outputMask" | "lossTotal" | "lossCount" | "metric" | "penalty" | "finite";

export type PortKind = DataKind | ScalarKind | ResultKind;

/** One port. */
export interface PortId {
  readonly kind: PortKind;
  readonly index: number;
}

/** Batch-first shapes of a run's data, by port name. */
export type Signature = Readonly<Record<string, Shape>>;

/** The name of a port in programs and in prepared data: "x", "x/1", … */
export function portName(kind: PortKind, index = 0): string {
  return index === 0 ? kind : `${kind}/${index}`;
}

/** The port of a name from `portName`. */
export function portOf(name: string): PortId {
  const [kind, index = "0"] = name.split("/");
  return { kind: kind as PortKind, index: Number(index) };
}
