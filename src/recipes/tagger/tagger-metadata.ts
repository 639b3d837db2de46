/** What a tagger needs beside its weights, as plain data that goes into the model file, and the way back. */
import { FormatError } from "../../errors.js";
import type { Model } from "../../models/index.js";
import { checkTask } from "../check-task.js";
import type { EntityScores } from "./entity-scores.js";
import { TaggerCodec, type TaggerVocabulary } from "./tagger-codec.js";
import type { TaggerOptions } from "./tagger-options.js";

/** How well it did, and which epoch was kept. */
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
  /** How it was trained. */
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

/**
 * A model from a file as a tagger.
 *
 * @param loaded what `loadModel` or `modelFromBytes` returned
 * @param name the file's name, for messages
 * @throws FormatError when it is a model for another task, or its metadata are not what `trainTagger` wrote
 */
export function asTagger(
  { model, metadata }: { model: Model; metadata: Readonly<Record<string, unknown>> },
  name: string,
): Tagger {
  const { vocabulary, options } = metadata;
  checkTask(metadata, "tagging", name);
  const length = (options as Partial<TaggerOptions> | undefined)?.length;
  if (!Number.isInteger(length) || length! < 1) {
    throw new FormatError(`${name}: the metadata do not say how many words are read at a time. Save the model again.`);
  }
  return { model, metadata: metadata as TaggerMetadata, codec: TaggerCodec.fromJSON(vocabulary, name) };
}
