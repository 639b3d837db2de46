/** Models as plain data. */

import type { CompiledModel } from "../execution/compiled-model.js";
import type { LayerConfig } from "../layers/index.js";
import type { PartialShape } from "../tensor/shape.js";

/** A type with its options. */
export interface Typed {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** A name, or a metric's options. */
export type MetricConfig = string | Typed;

/** Options of `compile` as plain data; for several outputs lists with an entry for each. */
export interface CompileConfig {
  readonly optimizer: Typed;
  readonly loss: Typed | readonly (Typed | null)[];
  readonly lossWeights?: readonly number[];
  readonly metrics: readonly MetricConfig[] | readonly (readonly MetricConfig[])[];
  readonly weightedMetrics: readonly MetricConfig[] | readonly (readonly MetricConfig[])[];
}

/** A sequential model as plain data; it survives JSON. */
export interface SequentialConfig {
  readonly type: string;
  readonly name: string;
  /** With the batch axis; absent for a model that is not built. */
  readonly inputShape?: PartialShape;
  readonly layers: readonly LayerConfig[];
  /** Only where the whole model is frozen. */
  readonly trainable?: boolean;
  readonly compile?: CompileConfig;
}

/** A value: the name of an input; or a layer's name, the index of its use, and the index of its output. */
export type ValueConfig = readonly [string] | readonly [string, number, number];

/** A functional model as plain data; it survives JSON. */
export interface FunctionalConfig {
  readonly type: string;
  readonly name: string;
  /** Shapes without the batch axis. */
  readonly inputs: readonly { readonly name: string; readonly shape: PartialShape }[];
  readonly outputs: readonly { readonly name: string; readonly value: ValueConfig }[];
  readonly layers: readonly LayerConfig[];
  /** Each use of a layer by its name, after the uses it depends on. A layer's uses are numbered in this order. */
  readonly calls: readonly { readonly layer: string; readonly inputs: readonly ValueConfig[] }[];
  /** Only where the whole model is frozen. */
  readonly trainable?: boolean;
  readonly compile?: CompileConfig;
}

/** A model of any kind as plain data. */
export type ModelConfig = SequentialConfig | FunctionalConfig;

/** @param outputs number of outputs that can have a loss */
export function compileConfig({ optimizer, outputs: compiled }: CompiledModel, outputs: number): CompileConfig {
  const byOutput = Array.from({ length: outputs }, (_, i) => compiled.find(({ index }) => index === i));
  const metricsOf = (weighted: boolean) =>
    byOutput.map((output) =>
      (output?.metrics ?? []).filter((entry) => entry.weighted === weighted).map((m) => m.config),
    );
  if (outputs === 1) {
    return {
      optimizer: optimizer.config,
      loss: byOutput[0]!.loss.config,
      ...(byOutput[0]!.lossWeight === 1 ? {} : { lossWeights: [byOutput[0]!.lossWeight] }),
      metrics: metricsOf(false)[0]!,
      weightedMetrics: metricsOf(true)[0]!,
    };
  }
  return {
    optimizer: optimizer.config,
    loss: byOutput.map((output) => output?.loss.config ?? null),
    lossWeights: byOutput.map((output) => output?.lossWeight ?? 1),
    metrics: metricsOf(false),
    weightedMetrics: metricsOf(true),
  };
}
