/** Models as plain data. */
import type { LayerConfig } from "../layers/index.js";
import type { PartialShape } from "../tensor/shape.js";
import type { Compiled } from "./judge.js";

interface Typed {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** What `compile` was given, as plain data; for several outputs lists with an entry for each. */
export interface CompileConfig {
  readonly optimizer: Typed;
  readonly loss: Typed | readonly (Typed | null)[];
  readonly lossWeights?: readonly number[];
  readonly metrics: readonly string[] | readonly (readonly string[])[];
  readonly weightedMetrics: readonly string[] | readonly (readonly string[])[];
}

/** A sequential model as plain data; it survives JSON. */
export interface SequentialConfig {
  readonly type: string;
  readonly name: string;
  /** With the batch axis; absent for a model that is not built. */
  readonly inputShape?: PartialShape;
  readonly layers: readonly LayerConfig[];
  readonly compile?: CompileConfig;
}

/** A value: the name of an input; or a layer's name, which of its uses, and which output of it. */
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
  readonly compile?: CompileConfig;
}

/** A model of any kind as plain data. */
export type ModelConfig = SequentialConfig | FunctionalConfig;

/** @param outputs how many the model has to be judged */
export function compileConfig({ optimizer, outputs: judged }: Compiled, outputs: number): CompileConfig {
  // The rate may have been changed since.
  const { learningRate } = optimizer;
  const own = Array.from({ length: outputs }, (_, i) => judged.find(({ index }) => index === i));
  const names = (weighted: boolean) =>
    own.map((output) =>
      (output?.metrics ?? []).filter((entry) => entry.weighted === weighted).map(({ metric }) => metric.name),
    );
  if (outputs === 1) {
    return {
      optimizer: { ...optimizer.config, learningRate },
      loss: own[0]!.loss.config,
      ...(own[0]!.lossWeight === 1 ? {} : { lossWeights: [own[0]!.lossWeight] }),
      metrics: names(false)[0]!,
      weightedMetrics: names(true)[0]!,
    };
  }
  return {
    optimizer: { ...optimizer.config, learningRate },
    loss: own.map((output) => output?.loss.config ?? null),
    lossWeights: own.map((output) => output?.lossWeight ?? 1),
    metrics: names(false),
    weightedMetrics: names(true),
  };
}
