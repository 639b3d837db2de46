/**
 * Scores of entities, by conlleval's rules (Tjong Kim Sang & Buchholz, "Introduction to the CoNLL-2000 shared task", 2000): an
 * entity counts as found where its first word, its last word and its type are right.
 *
 *     precision = right / found    recall = right / there    F1 = 2 · precision · recall / (precision + recall)
 */

import { spansOf } from "../../datasets/index.js";
import { DataError } from "../../errors.js";
import { eachText, expectTexts } from "../../tensor/expect-text.js";

/** Scores of entities, of all types or of one. */
export interface EntityScore {
  /** Share of the entities found that are right, 0 where none is found. */
  readonly precision: number;
  /** Share of the entities there are that are found, 0 where there are none. */
  readonly recall: number;
  /** The harmonic mean of both, 0 where both are 0. */
  readonly f1: number;
  /** Number of entities in the data. */
  readonly support: number;
  /** Number of entities that were found, rightly or wrongly. */
  readonly found: number;
}

/** Result of {@link scoreEntities}. */
export interface EntityScores extends EntityScore {
  /** Share of the words whose tag is right. */
  readonly accuracy: number;
  /** By type, in the order of the alphabet. */
  readonly types: Readonly<Record<string, EntityScore>>;
}

interface Counts {
  right: number;
  found: number;
  there: number;
}

/**
 * Compares tags with the right ones. Sequences that break the rules of their scheme are read as conlleval reads them.
 *
 * @param expected the right tags of each sentence, in any of the schemes
 * @param predicted as many tags for each
 * @throws DataError where the numbers of sentences or of tags differ
 * @example scoreEntities([["B-person", "I-person", "O"]], [["B-person", "O", "O"]]).f1; // 0
 */
export function scoreEntities(
  expected: Iterable<readonly string[]>,
  predicted: Iterable<readonly string[]>,
): EntityScores {
  const byType = new Map<string, Counts>();
  const countsOf = (type: string) => {
    const counts = byType.get(type) ?? { right: 0, found: 0, there: 0 };
    byType.set(type, counts);
    return counts;
  };
  let [words, rightWords, sentence] = [0, 0, 0];
  const answers = eachText("scoreEntities: predicted", predicted, expectTexts);
  for (const tags of eachText("scoreEntities: expected", expected, expectTexts)) {
    const answer = answers.next();
    if (answer.done || answer.value.length !== tags.length) {
      const received = answer.done ? "none" : `${answer.value.length}`;
      throw new DataError(
        `scoreEntities: sentence ${sentence} has ${tags.length} tags, and ${received} were predicted.`,
      );
    }
    const keys = new Set<string>();
    for (const { first, end, type } of spansOf(tags)) {
      keys.add(`${first} ${end} ${type}`);
      countsOf(type).there++;
    }
    for (const { first, end, type } of spansOf(answer.value)) {
      const counts = countsOf(type);
      counts.found++;
      if (keys.has(`${first} ${end} ${type}`)) counts.right++;
    }
    words += tags.length;
    rightWords += tags.filter((tag, i) => tag === answer.value[i]).length;
    sentence++;
  }
  if (!answers.next().done)
    throw new DataError(`scoreEntities: there are ${sentence} sentences, but more predictions.`);
  const types = [...byType].sort(([a], [b]) => (a < b ? -1 : 1));
  const total: Counts = { right: 0, found: 0, there: 0 };
  for (const [, { right, found, there }] of types) {
    total.right += right;
    total.found += found;
    total.there += there;
  }
  return {
    ...scoreOf(total),
    accuracy: ratio(rightWords, words),
    types: Object.fromEntries(types.map(([type, counts]) => [type, scoreOf(counts)])),
  };
}

function scoreOf({ right, found, there }: Counts): EntityScore {
  const precision = ratio(right, found);
  const recall = ratio(right, there);
  const f1 = ratio(2 * precision * recall, precision + recall);
  return { precision, recall, f1, support: there, found };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
