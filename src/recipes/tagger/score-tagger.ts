/** Tags that a trained tagger gives to the words of sentences, and their scores. */

import { sentenceCount, type TaggedSentences } from "../../datasets/index.js";
import { DataError } from "../../errors.js";
import type { Model } from "../../models/index.js";
import { expectParts } from "../../tensor/expect-text.js";
import { checkAnswers } from "../check-answers.js";
import { type EntityScores, scoreEntities } from "./entity-scores.js";
import {
  batchesByLength,
  cutLong,
  type EncodedWords,
  type LengthBatch,
  type TaggerCodec,
  type TaggerInputs,
} from "./tagger-codec.js";
import { inScheme } from "./tagger-data.js";
import type { Tagger } from "./tagger-metadata.js";
import type { TaggerOptions } from "./tagger-options.js";
import { sentencesOfKnownTags, type UnknownTags, unknownTagsOf } from "./unknown-tags.js";

/** Parts of a tagger that predictions need. */
export interface TaggingModel {
  readonly model: Model;
  readonly codec: TaggerCodec;
  readonly options: Pick<TaggerOptions, "length" | "decoder" | "scheme">;
}

/** Scores of a tagger. */
export interface TaggerScores {
  /**
   * Nats: of a whole sentence with a CRF, of one word with softmax. Sentences with tags that the model does not know are left out, and it is
   * undefined where there are no others.
   */
  readonly loss: number | undefined;
  /** Words with tags that the model does not know count as missed. */
  readonly entities: EntityScores;
  /** Number of words with each tag that the model does not know. */
  readonly unknownTags: UnknownTags;
}

// Sentences at a time. It does not change the result.
const batchSize = 64;

/** A tag for each word: [tokens], in the order of the sentences. */
export async function predictTags(tagger: TaggingModel, sentences: TaggedSentences): Promise<Int32Array> {
  return (await run(tagger, sentences)).predicted;
}

/**
 * Loss, accuracy and the entities found, on tagged sentences of any scheme.
 *
 * @throws DataError when there are no sentences, or the model knows none of their tags
 */
export async function evaluateTagger(
  tagger: Tagger,
  sentences: TaggedSentences,
  source = "the sentences",
): Promise<TaggerScores> {
  expectParts("evaluateTagger: tagger", tagger, ["model", "codec", "metadata"]);
  const { model, codec, metadata } = tagger;
  const written = inScheme(sentences, metadata.options.scheme);
  const unknownTags = unknownTagsOf(codec, written, source);
  return { ...(await scoreTagger({ model, codec, options: metadata.options }, written, source)), unknownTags };
}

/** {@link evaluateTagger} of sentences whose tags are in the model's scheme. */
export async function scoreTagger(
  tagger: TaggingModel,
  sentences: TaggedSentences,
  source: string,
): Promise<Omit<TaggerScores, "unknownTags">> {
  if (sentenceCount(sentences) === 0) throw new DataError(`${source}: there are no sentences; give at least one.`);
  const { model, codec, options } = tagger;
  const numbers = codec.tagNumbers(sentences.tags);
  let [loss, weight] = [0, 0];
  const judge = async ({ part, steps }: LengthBatch, inputs: TaggerInputs, encoded: EncodedWords) => {
    const known = sentencesOfKnownTags(codec, part);
    if (sentenceCount(known) === 0) return;
    const x = known === part ? inputs : codec.inputs(known, encoded, steps);
    const judged = await model.evaluate(x, codec.targets(known, numbers, steps), { batchSize });
    // The loss is a mean over what the model is judged on: sentences, or words.
    const size = options.decoder === "crf" ? sentenceCount(known) : known.wordIds.length;
    loss += judged.loss! * size;
    weight += size;
  };
  const { predicted } = await run(tagger, sentences, judge);
  const named = (ids: ArrayLike<number>, names: readonly string[]) => rowsOf(sentences.starts, ids, names);
  const entities = scoreEntities(named(sentences.tagIds, sentences.tags), named(predicted, codec.vocabulary.tags));
  return { loss: weight === 0 ? undefined : loss / weight, entities };
}

async function run(
  { model, codec, options }: TaggingModel,
  sentences: TaggedSentences,
  judge?: (batch: LengthBatch, inputs: TaggerInputs, encoded: EncodedWords) => Promise<void>,
): Promise<{ predicted: Int32Array }> {
  const pieces = cutLong(sentences, options.length);
  const encoded = codec.encodeWords(pieces.words);
  const predicted = new Int32Array(pieces.wordIds.length);
  const count = codec.vocabulary.tags.length;
  for (const batch of batchesByLength(pieces, batchSize)) {
    const { rows, part, steps } = batch;
    const inputs = codec.inputs(part, encoded, steps);
    await judge?.(batch, inputs, encoded);
    const { data } = await model.predict(inputs, { batchSize });
    checkAnswers(data, "tag");
    const tagAt = (step: number) => (options.decoder === "crf" ? data[step]! : largestOf(data, step * count, count));
    rows.forEach((row, i) => {
      const [first, end] = [pieces.starts[row]!, pieces.starts[row + 1]!];
      for (let token = first; token < end; token++) predicted[token] = tagAt(i * steps + token - first);
    });
  }
  return { predicted };
}

/** The place of the largest of `count` numbers from `first` on. */
function largestOf(data: ArrayLike<number>, first: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (data[first + i]! > data[first + best]!) best = i;
  return best;
}

function* rowsOf(starts: Int32Array, ids: ArrayLike<number>, names: readonly string[]): Generator<string[], void> {
  for (let i = 0; i + 1 < starts.length; i++) {
    yield Array.from({ length: starts[i + 1]! - starts[i]! }, (_, k) => names[ids[starts[i]! + k]!]!);
  }
}
