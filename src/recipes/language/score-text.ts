/** Probability of a text under a language model, word by word. */

import { DataError } from "../../errors.js";
import { TokenStream } from "../../generation/index.js";
import { expectOpened } from "../check-answers.js";
import { beginningOf, type LanguageModel } from "./language-metadata.js";

/** One token or word of a text. */
export interface ScoredPart {
  readonly text: string;
  /** Given everything before it. */
  readonly probability: number;
  /** Whether it has a token that the model does not know: the probability is that of some unknown one. */
  readonly unknown: boolean;
}

/** Score of a text. */
export interface TextScore {
  readonly text: string;
  /** Words with the space before them; of a model of words, its tokens. */
  readonly words: readonly ScoredPart[];
  /** Characters, words or pieces, as the model reads them. */
  readonly tokens: readonly ScoredPart[];
  /** −log p of the whole, in nats. */
  readonly nats: number;
  /** e^(nats per token). */
  readonly perplexity: number;
  readonly bitsPerToken: number;
}

/**
 * The probability of each word and token given those before it. A text stands at the beginning of a line; where the model knows no line
 * break, its first token is not judged and left out.
 *
 * @throws DataError for a text without a token to judge
 * @example const { words, perplexity } = await scoreText(lm, "to be or not to be");
 */
export async function scoreText(lm: LanguageModel, text: string): Promise<TextScore> {
  expectOpened("scoreText: lm", "asLanguageModel", lm, ["model", "codec"]);
  const { model, codec } = lm;
  const before = beginningOf(lm);
  const ids = codec.encode(text);
  const first = before.length > 0 ? 0 : 1;
  if (ids.length <= first) {
    throw new DataError(
      `score: the text has ${ids.length} ${codec.kind}; it needs at least ${first + 1} to be judged.`,
    );
  }
  const stream = await TokenStream.open(model, 1, { fromLogits: true });
  const read = [...before, ...ids];
  const judged: { readonly id: number; readonly log: number }[] = [];
  let next: Float64Array | undefined;
  for (const [i, id] of read.entries()) {
    if (i >= Math.max(1, before.length)) judged.push({ id, log: next![id]! });
    [next] = stream.say([id]);
  }
  const tokens = judged.map(({ id, log }): ScoredPart => part(codec.decode([id]), log, id === codec.unknown));
  const nats = judged.reduce((sum, { log }) => sum - log, 0);
  return {
    text,
    words: codec.kind === "words" ? tokens : wordsOf(judged, lm),
    tokens,
    nats,
    perplexity: Math.exp(nats / judged.length),
    bitsPerToken: nats / judged.length / Math.LN2,
  };
}

/** Tokens up to the next white space, as one: the product of their probabilities. */
function wordsOf(judged: readonly { readonly id: number; readonly log: number }[], { codec }: LanguageModel) {
  const groups: { ids: number[]; log: number }[] = [];
  let inWord = false;
  for (const { id, log } of judged) {
    const space = /^\s/.test(codec.decode([id]));
    const last = groups.at(-1);
    if (last && !(space && inWord)) {
      last.ids.push(id);
      last.log += log;
    } else groups.push({ ids: [id], log });
    inWord = /\S$/.test(codec.decode([id]));
  }
  return groups.map(({ ids, log }) =>
    part(
      codec.decode(ids),
      log,
      ids.some((id) => id === codec.unknown),
    ),
  );
}

function part(text: string, log: number, unknown: boolean): ScoredPart {
  return { text, probability: Math.exp(log), unknown };
}
