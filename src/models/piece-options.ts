/** Options of calls on data in pieces: those that only arrays can have are refused. */

import { isOneShot } from "../data/index.js";
import { ConfigError } from "../errors.js";
import { kindOf } from "../tensor/kind.js";
import { isTypedArray } from "../tensor/read-nested.js";
import { isTensor } from "../tensor/tensor.js";
import { type Batches, isBatches } from "./batches.js";
import type { EvaluateOptions, FitOptions } from "./model-options.js";

const reasons = {
  batchSize: "its batches have their size",
  shuffle: "it comes in its order; shuffle the dataset: data.shuffle(1000)",
  validationSplit: "its end is not known; give validationData",
  validationBatchSize: "its batches have their size",
  sampleWeight: "each batch brings its weights: [x, y, sampleWeight]",
  truncate: "windows need whole streams",
  lengths: "its batches have their lengths; see Dataset.bucketByLength",
  window: "windows need whole sequences",
} as const;

/** The options of a call on data in pieces. @throws ConfigError for arguments that only arrays have @param further arguments after x */
export function pieceArguments<Options>(what: string, x: Batches, further: readonly unknown[]): Options {
  const [options, more] = further;
  const isData = Array.isArray(options) || isTypedArray(options) || isTensor(options);
  if (!isData && more === undefined) return (options === undefined ? {} : options) as Options;
  throw new ConfigError(
    `${what}: x is ${kindOf(x)}, read as data in pieces, whose batches bring their targets: ${what}(batches, options).`,
  );
}

/** @throws ConfigError for options of arrays, and for a generator that has not enough for all epochs */
export function checkPieceOptions(what: string, batches: Batches, options: FitOptions & EvaluateOptions): void {
  const validatesPieces = isBatches(options.validationData);
  for (const [name, reason] of Object.entries(reasons)) {
    const given = options[name as keyof typeof reasons];
    const isForValidation = name === "validationBatchSize" && !validatesPieces;
    if (given !== undefined && given !== null && !isForValidation) {
      throw new ConfigError(`${what}: ${name} does not go with data in pieces: ${reason}. Leave it out.`);
    }
  }
  if (options.stepsPerEpoch === undefined && endsBefore(options, batches)) {
    throw new ConfigError(
      `${what}: a generator can be read once, but epochs is ${options.epochs}. Give the generator function without calling it, a Dataset, or stepsPerEpoch.`,
    );
  }
}

/** Checks that validation data can be read after every epoch. @throws ConfigError for a generator and several epochs */
export function checkValidationPieces(batches: Batches, options: FitOptions): void {
  if (options.validationFreq !== undefined || !endsBefore(options, batches)) return;
  throw new ConfigError(
    `fit: validationData is a generator, which can be read once, but epochs is ${options.epochs}. Give the generator function without calling it, or a Dataset.`,
  );
}

/** Whether a generator ends before all epochs have read it. */
function endsBefore({ epochs = 1, initialEpoch = 0 }: FitOptions, batches: Batches): boolean {
  return epochs - initialEpoch > 1 && typeof batches === "object" && isOneShot(batches);
}

/** @throws ConfigError for options of data in pieces where the data are arrays */
export function checkArrayOptions(
  what: string,
  options: { readonly stepsPerEpoch?: unknown; readonly validationSteps?: unknown; readonly steps?: unknown },
  validation?: unknown,
): void {
  for (const name of ["stepsPerEpoch", "validationSteps", "steps"] as const) {
    if (options[name] === undefined || (name === "validationSteps" && isBatches(validation))) continue;
    throw new ConfigError(
      `${what}: ${name} is for data in pieces. Arrays have as many batches as fill them; give a Dataset, or part of the arrays.`,
    );
  }
}
