/**
 * A sentiment corpus that needs no download: short reviews of films and cameras from a seeded grammar.
 * The same words occur in praise and in blame; negation, contrast and expectation decide, so a bag of words stays
 * far below a model that reads in order. Test sentences never occur in training, and about one in ten combinations
 * of a phrase with an adjective ("hardly …" with "dreadful") is kept for the test set alone.
 */

import { checkOptions, integer, type OptionChecks, wholeNumber } from "../options/index.js";
import { Random } from "../tensor/random.js";
import { type Admits, expand } from "./grammar/expand.js";
import { domains, type Grammar, rules } from "./grammar/rules.js";

/** Texts and the class of each: 0 negative, 1 positive. */
export interface GrammarTexts {
  texts: string[];
  /** `labels[i]` is the class of `texts[i]`, an index into `classNames`. */
  labels: Uint8Array;
}

/** The result of {@link grammarReviews}. */
export interface GrammarReviews {
  train: GrammarTexts;
  test: GrammarTexts;
  classNames: ["negative", "positive"];
}

/** Options of {@link grammarReviews}. */
export interface GrammarReviewsOptions {
  /** Training reviews, at most 50,000. Default 6000. */
  count?: number;
  /** Held-out reviews, at most 50,000. Default 1500. */
  testCount?: number;
  /** Any integer; the same seed gives the same corpus. Default 1. */
  seed?: number;
}

const largest = 50_000;
const longest = 25; // words; keeps backpropagation through time short
const grammars: readonly Grammar[] = domains.map((domain) => ({ ...rules, ...domain }));

const grammarOptions: OptionChecks<GrammarReviewsOptions> = {
  count: wholeNumber(0, largest),
  testCount: wholeNumber(0, largest),
  seed: integer,
};

/**
 * Reviews with balanced labels; train and test share no sentence, even when case and punctuation are ignored.
 *
 * @throws ConfigError if a count is not an integer from 0 to 50,000 or the seed is not an integer
 * @example
 * const { train, test } = grammarReviews({ count: 6000, seed: 1 });
 * train.texts[0]; // a sentence such as "The plot was hardly dull, yet I regretted the ending."
 */
export function grammarReviews(options: GrammarReviewsOptions = {}): GrammarReviews {
  const { count = 6000, testCount = 1500, seed = 1 } = checkOptions("grammarReviews", options, grammarOptions);
  const seen = new Set<string>();
  const random = new Random(seed);
  const train = sample(count, random, seen, (rule, symbol, word) => !isHeldOut(rule, symbol, word));
  const test = sample(testCount, random, seen, () => true);
  return { train, test, classNames: ["negative", "positive"] };
}

/** Sentences written by hand from the corpus's vocabulary, none of which the grammar produces, with their class. */
export const demoSentences: readonly { text: string; label: 0 | 1 }[] = [
  { text: "I expected a boring film, but nothing about this film was boring.", label: 1 },
  { text: "The trailer was brilliant, the cast was superb, and still the film was a mess.", label: 0 },
  { text: "The film was far from terrible, and the ending was not bad at all.", label: 1 },
  { text: "I wanted to love this gadget, but the screen is far from good and the battery is awful.", label: 0 },
  { text: "The lens is bad and the handle is clumsy, yet I adored this camera.", label: 1 },
];

function sample(count: number, random: Random, seen: Set<string>, admits: Admits): GrammarTexts {
  const texts: string[] = [];
  const labels = new Uint8Array(count);
  const order = random.permutation(count);
  for (let i = 0; i < count; i++) {
    labels[i] = order[i]! & 1;
    texts.push(freshReview(labels[i] as 0 | 1, random, seen, admits));
  }
  return { texts, labels };
}

function freshReview(label: 0 | 1, random: Random, seen: Set<string>, admits: Admits): string {
  for (;;) {
    const text = expand(grammars[random.integer(grammars.length)]!, "review", label, random, admits);
    const words = text.toLowerCase().match(/[a-z]+/g)!;
    const key = words.join(" ");
    if (words.length > longest || seen.has(key)) continue;
    seen.add(key);
    return text;
  }
}

/** FNV-1a over phrase and adjective: a fixed tenth of all combinations, whatever the seed. */
function isHeldOut(rule: string, symbol: string, word: string): boolean {
  if (symbol !== "adjective") return false;
  let hash = 0x811c9dc5;
  for (const character of `${rule}|${word}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % 10 === 0;
}
