/** Labelled texts of two classes for the sentiment recipe: the built-in corpus, or one's own. */
import { grammarReviews } from "../datasets/grammar-reviews.js";
import { type LabelledTexts, loadReviews, splitTexts } from "../datasets/index.js";
import { DataError } from "../errors.js";
import { corpusSettings, type SentimentOptions } from "./sentiment-options.js";

/** What {@link trainSentiment} learns from and is measured on. */
export interface SentimentData {
  readonly train: LabelledTexts;
  readonly test: LabelledTexts;
  /** The names of class 0 and class 1. */
  readonly classNames: readonly string[];
  /** For people: where the texts come from. */
  readonly source: string;
  /** Whether the test texts were set aside at random, because the source has no test part. */
  readonly splitOff: boolean;
  /** What suits these texts better than the recipe's defaults. */
  readonly settings?: Partial<SentimentOptions>;
}

/** Labelled texts to measure a model on. */
export interface SentimentTestData extends LabelledTexts {
  readonly classNames: readonly string[];
  readonly source: string;
}

// One corpus for every seed: else a model could be tested on what another seed trained it on.
function corpus(): Pick<SentimentData, "train" | "test" | "classNames"> {
  const { train, test, classNames } = grammarReviews({ count: 20_000, testCount: 2_000, seed: 1 });
  const part = ({ texts, labels }: typeof train) => ({ texts, labels: Int32Array.from(labels) });
  return { train: part(train), test: part(test), classNames };
}

const corpusName = "the built-in corpus";
const testFraction = 0.2;

/**
 * The texts at a path, or the built-in corpus. Where the source has no test part, a fifth is set aside.
 *
 * @param path see `loadReviews`
 * @throws DataError unless there are two classes
 */
export async function loadSentimentData(path: string | undefined, seed: number): Promise<SentimentData> {
  if (path === undefined) return { ...corpus(), source: corpusName, splitOff: false, settings: corpusSettings };
  const { train, test, classNames } = await loadReviews(path);
  const found = new Set(train.labels);
  if (classNames.length !== 2 || found.size !== 2) {
    const names = [...found].slice(0, 5).map((label) => `"${classNames[label]}"`);
    throw new DataError(
      `${path}: sentiment has two classes, the training texts have ${found.size} (${names.join(", ")}${found.size > 5 ? ", …" : ""}). ` +
        "Leave the other texts out, or check that the label column is the right one.",
    );
  }
  if (test !== undefined) return { train, test, classNames, source: path, splitOff: false };
  return { ...splitTexts(train, testFraction, seed), classNames, source: path, splitOff: true };
}

/** The test part of the texts at a path, all of them where there is none; the built-in corpus's test part without a path. */
export async function loadTestData(path: string | undefined): Promise<SentimentTestData> {
  if (path === undefined) {
    const { test, classNames } = corpus();
    return { ...test, classNames, source: `${corpusName}'s test part` };
  }
  const { train, test, classNames } = await loadReviews(path);
  return { ...(test ?? train), classNames, source: test === undefined ? path : `${path}, test part` };
}
