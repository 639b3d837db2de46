/** Scores of a language model on a text that it has not seen. */

import { DataError } from "../../errors.js";
import type { Model } from "../../models/index.js";
import { expectParts } from "../../tensor/expect-text.js";
import { tensor } from "../../tensor/tensor.js";
import { encodeChunks, type TextSource } from "../../text/index.js";
import type { LanguageModel } from "./language-metadata.js";

/** Scores of a language model on a text. */
export interface LanguageScores {
  /** −log p per token, in nats. */
  readonly testLoss: number;
  /** e to that: among how many equally likely tokens it hesitates. */
  readonly perplexity: number;
  /** −log₂ p per character; absent for words, which do not say how many there are. */
  readonly bitsPerCharacter?: number;
}

/** Steps that are held in memory at a time. */
const WINDOW = 256;

/**
 * Loss and perplexity on ids: every one is foretold from all before it, and only the first is not judged.
 *
 * @param ids at least two
 * @param characters of the text they stand for, if that is known
 */
export async function evaluateTokens(model: Model, ids: Int32Array, characters?: number): Promise<LanguageScores> {
  const count = ids.length - 1;
  const part = (first: number) => tensor(ids.subarray(first, first + count), [1, count]);
  const { loss } = await model.evaluate(part(0), part(1), { window: Math.min(WINDOW, count), batchSize: 1 });
  return {
    testLoss: loss!,
    perplexity: Math.exp(loss!),
    ...(characters !== undefined && {
      bitsPerCharacter: (loss! * count) / Math.LN2 / (characters === ids.length ? count : characters),
    }),
  };
}

/**
 * Loss and perplexity on a text.
 *
 * @param text whole, or in chunks
 * @param source where it comes from, for messages
 * @returns also how many tokens the text has, and how many of them the model does not know
 * @throws DataError for a text of fewer than two tokens
 */
export async function evaluateLanguageModel(
  model: LanguageModel,
  text: TextSource,
  source: string,
): Promise<LanguageScores & { readonly count: number; readonly unknown: number }> {
  expectParts("evaluateLanguageModel: model", model, ["model", "codec"]);
  const { codec } = model;
  const ids = await encodeChunks(codec, text);
  if (ids.length < 2) {
    throw new DataError(`${source}: has ${ids.length} ${codec.kind}; a text needs at least two to be judged.`);
  }
  const unknown = ids.reduce((sum, id) => sum + (id === codec.unknown ? 1 : 0), 0);
  const characters = codec.kind === "characters" ? ids.length : undefined;
  return { ...(await evaluateTokens(model.model, ids, characters)), count: ids.length, unknown };
}
