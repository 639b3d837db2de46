/** Metadata of a tagger: plain data in the model file that predictions need besides the weights, and reading them back. */

import type { Model } from "../../models/index.js";
import { checkSchema, fields } from "../../schema/index.js";
import { checkModel, optionsSchema } from "../check-model.js";
import { checkLoaded } from "../check-task.js";
import type { EntityScores } from "./entity-scores.js";
import { TaggerCodec, type TaggerVocabulary } from "./tagger-codec.js";
import { taggerTask } from "./tagger-fields.js";
import { type TaggerOptions, taggerOptions } from "./tagger-options.js";

/** Scores, and the number of the epoch that was kept. */
export interface TaggerResults {
  /** Absent where every test sentence has a tag that the training part lacks. */
  readonly testLoss?: number;
  readonly accuracy: number;
  readonly entityF1: number;
  readonly entities: EntityScores;
  readonly bestEpoch: number;
}

/** The metadata of a tagger's file. */
export interface TaggerMetadata {
  readonly task: "tagging";
  /** Words, characters and tags in the order of their numbers. */
  readonly vocabulary: TaggerVocabulary;
  /** Options of the training. */
  readonly options: TaggerOptions;
  readonly result: TaggerResults;
  readonly [key: string]: unknown;
}

/** A tagger, ready to use. */
export interface Tagger {
  readonly model: Model;
  readonly metadata: TaggerMetadata;
  readonly codec: TaggerCodec;
}

const schema = fields({ options: optionsSchema(taggerOptions, ["length", "decoder", "scheme"]) });

/**
 * A model from a file as a tagger.
 *
 * @param loaded what `loadModel` or `modelFromBytes` returned
 * @param name the file's name, for messages
 * @throws FormatError when it is a model for another task, or its metadata are not what `trainTagger` wrote
 */
export function asTagger(loaded: { model: Model; metadata: Readonly<Record<string, unknown>> }, name: string): Tagger {
  checkLoaded("asTagger", loaded, taggerTask, name);
  const { model, metadata } = loaded;
  checkSchema(metadata, schema, { name, what: "metadata", advice: "Save the model again." });
  const { options, vocabulary } = metadata as TaggerMetadata;
  const codec = TaggerCodec.fromJSON(vocabulary, name);
  const { tags, wordLength } = codec.vocabulary;
  const characters = { what: "characters", ids: codec.characterIds, shape: [null, null, wordLength] };
  const shape = options.decoder === "crf" ? [null, null, tags.length, tags.length] : [null, null, tags.length];
  const form = {
    inputs: [{ what: "words", ids: codec.wordIds, shape: [null, null] }, ...(wordLength > 0 ? [characters] : [])],
    output: { what: "one number per tag", shape },
  };
  checkModel(model, form, name);
  return { model, metadata: metadata as TaggerMetadata, codec };
}
