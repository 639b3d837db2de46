/** Baseline of a classifier: a bag of words on the same texts, that is the same words, or pairs of characters, without their order. */
import { trainBagOfWords } from "./bag-of-words.js";
import type { ClassifierData } from "./classifier-data.js";
import { scoresOf } from "./predict-texts.js";
import type { Vocabulary } from "./vocabulary.js";

/** Scores of the baseline on the test texts. */
export interface BaselineScores {
  readonly accuracy: number;
  readonly macroF1: number;
}

/**
 * Trains a bag of words on the training texts, cut as the classifier cuts them, and measures it on the test texts. It knows all words, rare
 * ones too; of characters it counts each and each pair of neighbours.
 */
export function textBaseline({ train, test, classNames }: ClassifierData, vocabulary: Vocabulary): BaselineScores {
  const characters = vocabulary.data.pieces === "characters";
  const bag = trainBagOfWords(train.texts, train.labels, {
    classes: classNames.length,
    tokenize: (text) => vocabulary.cut(text),
    bigrams: characters,
    counts: characters,
  });
  const chosen = Int32Array.from(bag.predict(test.texts), (row) => row.indexOf(Math.max(...row)));
  const { accuracy, macroF1 } = scoresOf(test.labels, chosen, classNames);
  return { accuracy, macroF1 };
}
