/** Which tags a trained tagger gives to the words of sentences, and how often they are right. */
import { sentenceCount, type TaggedSentences } from "../../datasets/index.js";
import { DataError } from "../../errors.js";
import type { Model } from "../../models/index.js";
import { type EntityScores, scoreEntities } from "./entity-scores.js";
import { batchesByLength, cutLong, type LengthBatch, type TaggerCodec, type TaggerInputs } from "./tagger-codec.js";
import { inScheme } from "./tagger-data.js";
import type { Tagger } from "./tagger-metadata.js";
import type { TaggerOptions } from "./tagger-options.js";

/** What a tagger is, as far as its predictions go. */
export interface TaggingModel {
  readonly model: Model;
  readonly codec: TaggerCodec;
  readonly options: Pick<TaggerOptions, "length" | "decoder" | "scheme">;
}

/** How often a tagger is right. */
export interface TaggerScores {
  /** Nats: of a whole sentence with a CRF, of one word with softmax. */
  readonly loss: number;
  readonly entities: EntityScores;
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
 * @throws DataError when there are no sentences, or they have a tag that the model does not know
 */
export async function evaluateTagger(
  { model, codec, metadata }: Tagger,
  sentences: TaggedSentences,
  source = "the sentences",
): Promise<TaggerScores> {
  const written = inScheme(sentences, metadata.options.scheme);
  return scoreTagger({ model, codec, options: metadata.options }, written, source);
}

/** {@link evaluateTagger} of sentences whose tags are in the model's scheme. */
export async function scoreTagger(
  tagger: TaggingModel,
  sentences: TaggedSentences,
  source: string,
): Promise<TaggerScores> {
  if (sentenceCount(sentences) === 0) throw new DataError(`${source}: there are no sentences; give at least one.`);
  const numbers = tagNumbers(tagger.codec, sentences, source);
  const { model, codec, options } = tagger;
  let [loss, weight] = [0, 0];
  const judge = async ({ part, steps }: LengthBatch, inputs: TaggerInputs) => {
    const judged = await model.evaluate(inputs, codec.targets(part, numbers, steps), { batchSize });
    // The loss is a mean over what the model is judged on: sentences, or words.
    const size = options.decoder === "crf" ? sentenceCount(part) : part.wordIds.length;
    loss += judged.loss! * size;
    weight += size;
  };
  const { predicted } = await run(tagger, sentences, judge);
  const named = (ids: ArrayLike<number>, names: readonly string[]) => rowsOf(sentences.starts, ids, names);
  const entities = scoreEntities(named(sentences.tagIds, sentences.tags), named(predicted, codec.vocabulary.tags));
  return { loss: loss / weight, entities };
}

/**
 * The model's numbers of a table of tags.
 *
 * @throws DataError naming the first tag that occurs and that the model does not know
 */
export function tagNumbers(codec: TaggerCodec, { tags, tagIds }: TaggedSentences, source: string): Int32Array {
  const numbers = Int32Array.from(tags, (tag) => codec.tagId(tag) ?? -1);
  const unknown = tagIds.find((id) => numbers[id] === -1);
  if (unknown === undefined) return numbers;
  const known = codec.vocabulary.tags.slice(0, 20).join(", ");
  throw new DataError(`${source}: has the tag "${tags[unknown]}"; this model knows ${known}.`);
}

async function run(
  { model, codec, options }: TaggingModel,
  sentences: TaggedSentences,
  judge?: (batch: LengthBatch, inputs: TaggerInputs) => Promise<void>,
): Promise<{ predicted: Int32Array }> {
  const pieces = cutLong(sentences, options.length);
  const encoded = codec.encodeWords(pieces.words);
  const predicted = new Int32Array(pieces.wordIds.length);
  const count = codec.vocabulary.tags.length;
  for (const batch of batchesByLength(pieces, batchSize)) {
    const { rows, part, steps } = batch;
    const inputs = codec.inputs(part, encoded, steps);
    await judge?.(batch, inputs);
    const { data } = await model.predict(inputs, { batchSize });
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
