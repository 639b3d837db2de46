/** Feeds of a model: the batches to train and to validate on, from arrays or from data in pieces. */
import type { CompiledModel } from "../execution/compiled-model.js";
import type { Network } from "../execution/network.js";
import {
  arrayFeed,
  type BatchFeed,
  type Examples,
  exampleBatches,
  type Feeds,
  type FitOptions as TrainingOptions,
} from "../training/index.js";
import { type Batches, type FeedOptions, isBatches, PieceFeed, partsOfBatch } from "./batches.js";
import type { DataLike } from "./data-by-port.js";
import { prepareLengths } from "./fit-lengths.js";
import { describeWindows, prepareStreams } from "./fit-streams.js";
import type { FitOptions } from "./model-options.js";
import { checkValidationPieces } from "./piece-options.js";
import { splitExamples, validationParts } from "./prepare-data.js";
import type { WeightOptions } from "./prepare-weights.js";

/** A model, as the preparation of data needs it. */
export interface ExampleSource {
  isBuilt(): boolean;
  networkOf(what: string, x: DataLike, name?: string): Network;
  compiledFor(what: string): CompiledModel;
  prepare(x: DataLike, y: DataLike, weights: WeightOptions, what: string, part?: string): Promise<Examples>;
}

/** Feeds, the options that they change, and a function that closes what is open. */
export interface OpenFeeds extends Feeds {
  readonly options?: Pick<TrainingOptions, "fingerprint" | "shuffle">;
  /** The seed that they were opened with. */
  readonly seed?: number;
  readonly close?: () => Promise<void>;
}

/** The feeds of arrays. */
export async function arrayFeeds(
  source: ExampleSource,
  x: DataLike,
  y: DataLike,
  options: FitOptions,
): Promise<OpenFeeds> {
  const { batchSize = 32, shuffle = true, validationBatchSize = batchSize, validationData, truncate } = options;
  const all = await source.prepare(x, y, options, "fit");
  const [examples, held] =
    validationData == null
      ? splitExamples(all, options.validationSplit, Boolean(options.classWeight))
      : [all, await heldExamples(source, options)];
  const network = source.networkOf("fit", x);
  const streams =
    truncate && prepareStreams(network, source.compiledFor("fit"), { examples, validation: held }, truncate, options);
  const sorted = options.lengths && prepareLengths(examples, all.count, options, network);
  const training = streams?.examples ?? examples;
  const batches = (streams ?? sorted)?.training ?? exampleBatches(training.count, batchSize, shuffle);
  return {
    training: arrayFeed(training, batches),
    validation: held
      ? arrayFeed(held, streams?.validation ?? exampleBatches(held.count, validationBatchSize, false))
      : validationPieces(source, options),
    options: {
      fingerprint: { ...options.fingerprint, ...describeWindows(truncate), ...(sorted && { batches: "by length" }) },
    },
  };
}

/** The feeds of data in pieces. A model that is not built yet is built for the first batch. */
export async function pieceFeeds(
  source: ExampleSource,
  batches: Batches,
  options: FitOptions & { readonly seed: number },
): Promise<OpenFeeds> {
  const { stepsPerEpoch: steps, classWeight, resume, initialEpoch = 0, seed, validationBatchSize = 32 } = options;
  const training = pieceFeed(source, batches, {
    what: "fit",
    steps,
    stepsOption: "stepsPerEpoch",
    continues: true,
    classWeight,
  });
  source.compiledFor("fit");
  const held = await heldExamples(source, options);
  if (!source.isBuilt()) {
    const first = await training.peek(seed, resume?.epoch ?? initialEpoch);
    source.networkOf("fit", partsOfBatch(first, "fit", true)[0]);
  }
  return {
    training,
    validation: held
      ? arrayFeed(held, exampleBatches(held.count, validationBatchSize, false))
      : validationPieces(source, options),
    options: { shuffle: false },
    seed,
    close: () => training.close(),
  };
}

/** The feed of data in pieces. */
export function pieceFeed(
  source: ExampleSource,
  batches: Batches,
  options: Omit<FeedOptions, "prepare"> & {
    readonly classWeight?: WeightOptions["classWeight"];
    /** Begins the names of data in messages. */
    readonly part?: string;
  },
): PieceFeed {
  const { what, classWeight, part = "" } = options;
  const prepare = async (batch: unknown) => {
    const [x, y, sampleWeight] = partsOfBatch(batch, part ? `${what}: ${part.trim()}` : what, true);
    return source.prepare(x, y!, { sampleWeight, classWeight }, what, part);
  };
  return new PieceFeed(batches, { ...options, prepare });
}

function validationPieces(source: ExampleSource, options: FitOptions): BatchFeed | undefined {
  const { validationData, validationSteps: steps } = options;
  if (!isBatches(validationData)) return undefined;
  checkValidationPieces(validationData, options);
  return pieceFeed(source, validationData, {
    what: "fit",
    steps,
    stepsOption: "validationSteps",
    part: "validationData ",
  });
}

/** The examples of `validationData`, where it is arrays. */
async function heldExamples(source: ExampleSource, { validationData }: FitOptions): Promise<Examples | undefined> {
  const given = isBatches(validationData) ? undefined : validationParts(validationData);
  return given && source.prepare(given.x, given.y, { sampleWeight: given.sampleWeight }, "fit", "validationData ");
}
