/**
 * Tagging: which words of a sentence name a person, a place, …? The page reads as the work goes: options → data → model → training → result.
 * A word is its vector and what a convolution finds in its characters; a bidirectional recurrent layer reads the sentence; a conditional
 * random field, or softmax, names the tags (Lample et al. 2016; Ma & Hovy 2016, "End-to-end Sequence Labeling via Bi-directional LSTM-CNNs-CRF").
 * The options and the reasons for their defaults are in tagger-options.ts.
 */

import { sentenceCount, splitSentences, type TaggedSentences } from "../../datasets/index.js";
import { DataError } from "../../errors.js";
import {
  bidirectional,
  concatenate,
  conv1D,
  crf,
  dense,
  dropout,
  embedding,
  globalMaxPooling1D,
  gru,
  input,
  type Layer,
  lstm,
  type SymbolicTensor,
  simpleRNN,
  timeDistributed,
} from "../../layers/index.js";
import { type Model, model as modelOf } from "../../models/index.js";
import { adam, type Optimizer, sgd } from "../../optimizers/index.js";
import { checkOptions } from "../../options/index.js";
import { expectParts } from "../../tensor/expect-text.js";
import { type Callback, validationName } from "../../training/index.js";
import { readsPersian } from "../reads-persian.js";
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
import type { EntityScores } from "./entity-scores.js";
import { scoreTagger, type TaggingModel } from "./score-tagger.js";
import { cutLong, TaggerCodec, taggerVocabulary } from "./tagger-codec.js";
import { inScheme, type TaggerData } from "./tagger-data.js";
import { taggerTask } from "./tagger-fields.js";
import type { Tagger } from "./tagger-metadata.js";
import { type TaggerOptions, taggerOptions } from "./tagger-options.js";
import { unknownTagsNote, unknownTagsOf } from "./unknown-tags.js";

/** Result of {@link trainTagger}. */
export interface TaggerResult extends Tagger, TrainingOutcome {
  /** Scores on the test part, by type. */
  readonly entities: EntityScores;
}

/** Numbers of variance 1/length, so that vectors begin with length 1 whatever their size (Lample et al. 2016). */
const vectors = { type: "VarianceScaling", mode: "fanOut", distribution: "uniform" } as const;

/** F1 of the validation part's entities chooses the best epoch. */
export const taggerMeasure: Measure = { name: "entityF1", better: "higher" };

/**
 * Every option's value: what was given, else what suits the data, else the default.
 *
 * @throws ConfigError for an option out of range
 */
export function taggerSettings(data: Pick<TaggerData, "settings">, given: Partial<TaggerOptions> = {}): TaggerOptions {
  expectParts("taggerSettings: data", data, []);
  return resolveOptions("trainTagger", taggerOptions, given, data.settings);
}

/**
 * Trains a network to tag the words of sentences, and keeps the epoch that finds the validation part's entities best.
 *
 * @param data sentences to learn from and to be measured on, in any of the schemes
 * @param given values of `taggerOptions`; for the others see `taggerSettings`
 * @throws ConfigError for an option out of range, DataError for sentences that cannot be learnt from
 * @example
 * const data = await loadTaggerData({ data: "train.conll", test: "test.conll" }, 1);
 * const { test } = await trainTagger(data, { epochs: 10 });
 */
export async function trainTagger(
  data: TaggerData,
  given: Partial<TaggerOptions> = {},
  hooks: TrainingHooks = {},
): Promise<TaggerResult> {
  checkOptions("trainTagger", hooks, trainingHooks);
  expectParts("trainTagger: data", data, ["train"]);
  const options = taggerSettings(data, given);
  const { seed, epochs, batchSize } = options;
  const { train, validation, test } = partsOf(data, options);

  const codec = new TaggerCodec(await vocabularyOf(train, options));
  const pieces = cutLong(train, options.length);
  const { starts } = pieces;
  const lengths = new Int32Array(starts.length - 1).map((_, i) => starts[i + 1]! - starts[i]!);
  const steps = lengths.reduce((most, length) => Math.max(most, length), 1);
  const x = codec.inputs(pieces, codec.encodeWords(pieces.words), steps);
  const y = codec.targets(pieces, codec.tagNumbers(pieces.tags), steps);

  const model = taggerModel(codec, options);
  model.compile({
    optimizer: optimizerOf(options),
    loss: options.decoder === "crf" ? "crfLoss" : "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  const parameters = model.countParams();
  hooks.onStart?.({
    layers: model.layers.filter(({ type }) => type !== "InputLayer").map(inWords),
    parameters,
    details: details(codec, options),
    notes: notesOn(codec, { validation, test }, data),
  });

  const tagger: TaggingModel = { model, codec, options };
  const { callbacks, finish } = reportTraining(model, options, taggerMeasure, hooks);
  const { aborted } = await model.fit(x, y, {
    epochs,
    batchSize,
    lengths,
    seed,
    callbacks: [validating(tagger, validation), ...callbacks],
    verbose: 0,
    fingerprint: sharedOptions(taggerTask.task, options),
    ...resumable(hooks),
  });
  const trained = finish();
  const { bestEpoch } = trained;

  const use = { task: taggerTask.task, vocabulary: codec.vocabulary, options } as const;
  if (bestEpoch > 0) await hooks.onTrained?.({ model, metadata: { ...use, result: { bestEpoch } } });
  const { loss, entities } = await scoreTagger(tagger, test, `${data.source}, test part`);
  const scores = {
    ...(loss !== undefined && { testLoss: loss }),
    accuracy: entities.accuracy,
    entityF1: entities.f1,
  };
  const metadata = { ...use, result: { ...scores, entities, bestEpoch } };
  return { model, metadata, codec, entities, ...trained, test: scores, parameters, interrupted: aborted };
}

function optimizerOf({ optimizer, learningRate, clip }: TaggerOptions): Optimizer {
  const updates = { learningRate, ...(clip > 0 ? { globalClipnorm: clip } : {}) };
  return optimizer === "adam" ? adam(updates) : sgd({ ...updates, momentum: 0.9 });
}

function details({ vocabulary: { words, characters, tags } }: TaggerCodec, { length }: TaggerOptions): string {
  return `${words.length} words, ${characters.length} characters and ${tags.length} tags known, at most ${length} words at a time`;
}

async function vocabularyOf(train: TaggedSentences, options: TaggerOptions) {
  const characters = options.characterFilters > 0 ? options.characters : 0;
  const persian = await readsPersian(options.normalize, train.words);
  return taggerVocabulary(train, { ...options, characters, persian });
}

/** The parts in the model's scheme; a share of the first where no validation part is given. */
function partsOf(data: TaggerData, { scheme, validation: share, seed }: TaggerOptions) {
  const check = (part: string, sentences: TaggedSentences, least: number) => {
    const count = sentenceCount(sentences);
    if (count < least) {
      throw new DataError(`trainTagger: ${data.source}, ${part} has ${count} sentences; give at least ${least}.`);
    }
    return inScheme(sentences, scheme);
  };
  const whole = check("the training part", data.train, 2);
  const { train, test: held } = data.validation
    ? { train: whole, test: data.validation }
    : splitSentences(whole, share, seed);
  return { train, validation: check("the validation part", held, 1), test: check("the test part", data.test, 1) };
}

/** Notes before the training about tags that it cannot learn. @throws DataError where a test file has no tag that it can */
function notesOn(
  codec: TaggerCodec,
  parts: Readonly<Record<"validation" | "test", TaggedSentences>>,
  { source, splitOff, validation: given }: TaggerData,
): string[] {
  const notes = Object.entries(parts).map(([name, sentences]) => {
    const part = `${source}, ${name} part`;
    const chosen = name === "test" ? !splitOff : given !== undefined;
    return unknownTagsNote(part, unknownTagsOf(codec, sentences, part, chosen));
  });
  return notes.filter((note) => note !== undefined);
}

/** After each epoch tags the validation part, and gives its numbers to the callbacks that follow. */
function validating(tagger: TaggingModel, validation: TaggedSentences): Callback {
  return {
    name: "validating",
    reports: { valLoss: "lower", valAccuracy: "higher", valEntityF1: "higher" },
    async onEpochEnd() {
      const { loss, entities } = await scoreTagger(tagger, validation, "the validation part");
      const logs = { ...(loss !== undefined && { loss }), accuracy: entities.accuracy, entityF1: entities.f1 };
      return Object.fromEntries(Object.entries(logs).map(([name, value]) => [validationName(name), value]));
    },
  };
}

/** The network: (word vectors, characters → convolution → maximum) → bidirectional layers → tags. */
export function taggerModel(codec: TaggerCodec, options: TaggerOptions): Model {
  const { units, dropout: rate, wordDropout, seed } = options;
  const words = input({ shape: [null], name: "words" });
  const chain = (x: SymbolicTensor, layers: readonly Layer[]) => layers.reduce((value, layer) => layer.apply(value), x);

  const ofWords = chain(words, [
    embedding(codec.wordIds, options.embedding, { maskZero: true, embeddingsInitializer: vectors }),
    // [null, null, 1]: the numbers of a word share their noise, so that a word is there or not.
    ...(wordDropout > 0 ? [dropout(wordDropout, { noiseShape: [null, null, 1] })] : []),
  ]);
  // Ids of no character are read, too: every word has the same number of them, whatever stands next to it.
  const ofCharacters = (characters: SymbolicTensor) =>
    chain(characters, [
      embedding(codec.characterIds, options.characterEmbedding, { embeddingsInitializer: vectors }),
      timeDistributed(conv1D(options.characterFilters, 3, { padding: "same", activation: "relu" })),
      timeDistributed(globalMaxPooling1D()),
    ]);
  const { wordLength } = codec.vocabulary;
  const characters = wordLength > 0 ? [input({ shape: [null, wordLength], name: "characters" })] : [];
  const read = wordLength > 0 ? concatenate().apply([ofWords, ...characters.map(ofCharacters)]) : ofWords;

  const cell = { simpleRNN, gru, lstm }[options.cell];
  const noise = () => (rate > 0 ? [dropout(rate)] : []);
  const reading = Array.from({ length: options.layers }, () => [
    bidirectional(cell(units, { returnSequences: true })),
    ...noise(),
  ]);
  const tags = codec.vocabulary.tags.length;
  const naming = options.decoder === "crf" ? crf(tags) : dense(tags, { activation: "softmax" });
  return modelOf(
    { inputs: [words, ...characters], outputs: chain(read, [...noise(), ...reading.flat(), naming]) },
    { seed },
  );
}
