/**
 * A language model: what comes next in a text? The page reads as the work goes: options → text → model → training → result.
 * The options and the reasons for their defaults are in language-options.ts, the text's way to ids in language-data.ts.
 */

import { DataError } from "../../errors.js";
import {
  dense,
  dropout,
  embedding,
  gru,
  input,
  type Layer,
  lstm,
  oneHot,
  reversibleEmbedding,
  simpleRNN,
} from "../../layers/index.js";
import { sparseCategoricalCrossentropy } from "../../losses/index.js";
import { type Functional, functional } from "../../models/index.js";
import { adam, rmsprop, sgd } from "../../optimizers/index.js";
import { checkOptions } from "../../options/index.js";
import { expectParts } from "../../tensor/expect-text.js";
import { tensor } from "../../tensor/tensor.js";
import { resolveOptions } from "../resolve-options.js";
import {
  inWords,
  type Measure,
  reportTraining,
  resumable,
  sharedOptions,
  type TrainingHooks,
  type TrainingOutcome,
  trainingHooks,
} from "../training-report.js";
import { evaluateTokens, type LanguageScores } from "./evaluate-language.js";
import { type EncodedText, encodeText, type LanguageData } from "./language-data.js";
import { languageTask } from "./language-fields.js";
import type { LanguageModel } from "./language-metadata.js";
import { type LanguageOptions, languageOptions } from "./language-options.js";

/** Result of {@link trainLanguageModel}. */
export interface LanguageResult extends LanguageModel, TrainingOutcome {
  readonly test: Readonly<Record<string, number>> & LanguageScores;
}

/** The validation loss chooses the best epoch. */
export const languageMeasure: Measure = { name: "loss", better: "lower" };

const optimizers = { adam, rmsprop, sgd };
const cells = { simpleRNN, gru, lstm };

/**
 * Every option's value: what was given, else what suits the text, else the default.
 *
 * @throws ConfigError for an option out of range
 */
export function languageSettings(
  data: Pick<LanguageData, "settings">,
  given: Partial<LanguageOptions> = {},
): LanguageOptions {
  expectParts("languageSettings: data", data, []);
  return resolveOptions("trainLanguageModel", languageOptions, given, data.settings);
}

/**
 * Trains a recurrent network to say what comes next in a text, by truncated back-propagation over parts of it that are read side by side
 * with a state that continues. Keeps the epoch that is best on the validation part.
 *
 * @param data the text; its last part is the test, and the part before that the validation
 * @param given values of `languageOptions`; for the others see `languageSettings`
 * @returns besides the model, of the test: `testLoss` in nats per token, `perplexity`, and `bitsPerCharacter` unless tokens are words
 * @throws ConfigError for an option out of range, DataError for a text that is too short
 * @example
 * const lm = await trainLanguageModel({ text: () => poem, source: "poem" }, { units: 64, epochs: 10 });
 * const { text } = await generateText(lm, { prompt: "Sing", length: 100 });
 */
export async function trainLanguageModel(
  data: LanguageData,
  given: Partial<LanguageOptions> = {},
  hooks: TrainingHooks = {},
): Promise<LanguageResult> {
  checkOptions("trainLanguageModel", hooks, trainingHooks);
  expectParts("trainLanguageModel: data", data, ["text"]);
  const options = languageSettings(data, given);
  if (typeof data.text !== "function") {
    throw new DataError(
      'trainLanguageModel: data.text must be a function that gives the text in parts, such as { text: () => [text], source: "mine" }.',
    );
  }
  const { seed, epochs, batchSize, window, level } = options;
  const text = await encodeText(data, options);
  const { codec, train, validation, test: heldOut } = text;
  checkLength(text, options, data.source);

  const { network, layers } = languageNetwork(codec.size, options);
  network.compile({
    optimizer: optimizers[options.optimizer]({
      learningRate: options.learningRate,
      ...(options.clip > 0 ? { globalClipnorm: options.clip } : {}),
    }),
    loss: sparseCategoricalCrossentropy({ fromLogits: true }),
  });
  const parameters = network.countParams();
  const count = (part: Int32Array) => part.length.toLocaleString("en");
  hooks.onStart?.({
    layers: layers.map(inWords),
    parameters,
    details:
      `${count(train)} ${level} to learn from, ${count(validation)} to validate and ${count(heldOut)} to test on; ` +
      `${codec.size.toLocaleString("en")} different ones known`,
  });

  const { callbacks, finish } = reportTraining(network, options, languageMeasure, hooks);
  const [x, y] = nextTokens(train, 1);
  const { aborted } = await network.fit(x, y, {
    // As many streams as there are, so that judging is as fast as reading.
    validationData: nextTokens(validation, streamsOf(validation, options)),
    truncate: { window },
    epochs,
    batchSize,
    seed,
    callbacks,
    verbose: 0,
    fingerprint: sharedOptions(languageTask.task, options),
    ...resumable(hooks),
  });
  const trained = finish();
  const { bestEpoch } = trained;

  const about = { task: languageTask.task, codec: codec.toJSON(), options } as const;
  if (bestEpoch > 0) await hooks.onTrained?.({ model: network, metadata: { ...about, result: { bestEpoch } } });
  const test = { ...(await evaluateTokens(network, heldOut, text.testCharacters)) };
  const metadata = { ...about, result: { ...test, bestEpoch } };
  return { model: network, ...trained, metadata, codec, test, parameters, interrupted: aborted };
}

/**
 * The network: ids → vectors → recurrent layers → logits, with dropout between all of them. Tied, the last matrix is the first one
 * transposed; a dense layer goes between where its vectors have another length than the state.
 *
 * @param ids number of different tokens
 * @returns the layers also in the order in which they are passed
 */
export function languageNetwork(
  ids: number,
  options: LanguageOptions,
): { readonly network: Functional; readonly layers: readonly Layer[] } {
  expectParts("languageNetwork: options", options, ["level", "cell", "units"]);
  const { level, cell, units, tied, seed } = options;
  const characters = level === "characters" && options.embedding === 0;
  const size = options.embedding === 0 ? units : options.embedding;
  const vectors = tied ? reversibleEmbedding(ids, size, { useBias: true }) : embedding(ids, size);
  const rest = () => (options.dropout > 0 ? [dropout(options.dropout)] : []);
  const recurrent = Array.from({ length: options.layers }, () => cells[cell](units, { returnSequences: true }));
  const layers: Layer[] = [
    ...(characters && !tied ? [oneHot(ids)] : [vectors, ...rest()]),
    ...recurrent.flatMap((layer) => [layer, ...rest()]),
    ...(tied ? [...(size === units ? [] : [dense(size)]), vectors] : [dense(ids)]),
  ];
  const tokens = input({ shape: [null], name: "tokens" });
  const logits = layers.reduce((signal, layer) => layer.apply(signal), tokens);
  return { network: functional({ inputs: tokens, outputs: logits, name: "language_model" }, { seed }), layers };
}

/** Tokens and those that follow them, as streams of equal length: [streams, steps] each. */
function nextTokens(ids: Int32Array, streams: number) {
  const steps = Math.floor((ids.length - 1) / streams);
  const part = (first: number) => tensor(ids.subarray(first, first + streams * steps), [streams, steps]);
  return [part(0), part(1)] as const;
}

/** Number of streams of at least a window in some tokens, at most a batch of them. */
function streamsOf(ids: Int32Array, { batchSize, window }: Pick<LanguageOptions, "batchSize" | "window">): number {
  return Math.max(1, Math.min(batchSize, Math.floor((ids.length - 1) / window)));
}

function checkLength({ train, codec }: EncodedText, options: LanguageOptions, source: string): void {
  const { batchSize, window } = options;
  const fits = streamsOf(train, options);
  if (fits === batchSize && train.length > window) return;
  const needed = batchSize * window + 1;
  throw new DataError(
    `${source}: ${train.length} ${codec.kind} to learn from are too few for ${batchSize} streams of at least one window of ${window}: that takes ${needed}. ` +
      `Give a longer text, or ${train.length > window ? `at most ${fits} streams (batchSize)` : "a shorter window"}.`,
  );
}
