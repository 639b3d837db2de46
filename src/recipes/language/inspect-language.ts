/** Gradients through time of a language model on a text, token by token. */

import { DataError } from "../../errors.js";
import { type Inspection, inspect } from "../../inspection/index.js";
import { tensor } from "../../tensor/tensor.js";
import { expectOpened } from "../check-answers.js";
import { beginningOf, type LanguageModel } from "./language-metadata.js";

/** Result of an inspection. */
export interface LanguageInspection {
  readonly text: string;
  /** The token that each step reads. */
  readonly tokens: readonly string[];
  /** The token that follows it, whose −log p is the step's loss. */
  readonly following: readonly string[];
  /** `stepLosses` are those of `following`. */
  readonly inspection: Inspection;
}

/**
 * Inspects a language model on a text: the loss, states, gates and gradients at every token.
 *
 * @throws DataError for a text without a token to foretell
 * @example const { following, inspection } = await inspectLanguageModel(lm, "to be or not to be");
 */
export async function inspectLanguageModel(lm: LanguageModel, text: string): Promise<LanguageInspection> {
  expectOpened("inspectLanguageModel: lm", "asLanguageModel", lm, ["model", "codec"]);
  const { model, codec } = lm;
  const ids = Int32Array.from([...beginningOf(lm), ...codec.encode(text)]);
  const count = ids.length - 1;
  if (count < 1) throw new DataError(`inspect: the text has ${ids.length} ${codec.kind}; it needs at least two.`);
  const part = (first: number) => tensor(ids.subarray(first, first + count), [1, count]);
  const inspection = await inspect(model, part(0), part(1));
  const tokens = Array.from(ids, (id) => codec.token(id));
  return { text, tokens: tokens.slice(0, -1), following: tokens.slice(1), inspection };
}
