/** Token counts of texts, and the choice of a vocabulary. */
import { DataError } from "../errors.js";
import { count, either, type OptionChecks, oneOf, wholeNumber } from "../options/index.js";
import { detached } from "./detached.js";

/** Options of a vocabulary. */
export interface VocabularyOptions {
  /** The greatest number of ids, including the unknown one: the most frequent tokens are kept. Default: all. */
  readonly limit?: number;
  /** Tokens seen less often than this are unknown; default 1. */
  readonly minCount?: number;
}

/** Checks of `VocabularyOptions`. */
export const vocabularyOptions: OptionChecks<VocabularyOptions> = {
  limit: either(wholeNumber(2), oneOf(Infinity)),
  minCount: count,
};

/** Number of occurrences of each token, in the order of the first occurrence. */
export class TokenCounts {
  readonly counts = new Map<string, number>();

  add(token: string): void {
    const count = this.counts.get(token);
    if (count === undefined) this.counts.set(detached(token), 1);
    else this.counts.set(token, count + 1);
  }

  /**
   * The tokens that a vocabulary keeps, the most frequent first; of equally frequent ones, the one seen first.
   *
   * @param what the options' owner, for messages
   * @throws DataError where no token is left
   */
  kept({ limit = Number.POSITIVE_INFINITY, minCount = 1 }: VocabularyOptions, what: string): string[] {
    const ranked = [...this.counts].filter(([, count]) => count >= minCount).sort(([, a], [, b]) => b - a);
    if (ranked.length === 0) {
      throw new DataError(
        `${what}: the text holds nothing to learn, or nothing ${minCount} times; give a longer text.`,
      );
    }
    return ranked.slice(0, limit - 1).map(([token]) => token);
  }
}
