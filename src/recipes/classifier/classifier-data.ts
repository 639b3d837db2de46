/** Labelled texts for the text classifier: the built-in corpus of two classes, or one's own of any number. */

import { grammarReviews } from "../../datasets/grammar-reviews.js";
import {
  type LabelledTexts,
  loadReviews,
  loadWordVectors,
  type ReviewOptions,
  splitTexts,
} from "../../datasets/index.js";
import { DataError, UsageError } from "../../errors.js";
import {
  anObject,
  checkOptions,
  either,
  expecting,
  integer,
  listOf,
  type OptionChecks,
  orNull,
  text,
} from "../../options/index.js";
import type { WordVectors } from "../../text/index.js";
import { type ClassifierOptions, corpusSettings } from "./classifier-options.js";

/** Training and test data of {@link trainClassifier}. */
export interface ClassifierData {
  readonly train: LabelledTexts;
  readonly test: LabelledTexts;
  /** The names of the classes, by their numbers. */
  readonly classNames: readonly string[];
  /** For people: where the texts come from. */
  readonly source: string;
  /** The share of the texts that was set aside at random to test on, because there is no test part; 0 where there is one. */
  readonly splitOff: number;
  /** Number of texts that were left out because their label belongs to no class; default 0. */
  readonly leftOut?: number;
  /** Gives the vectors that words begin with, of those that are asked for; other words begin at random. */
  readonly vectors?: (wanted: ReadonlySet<string>) => WordVectors | Promise<WordVectors>;
  /** Options that suit these texts better than the recipe's defaults. */
  readonly settings?: Partial<ClassifierOptions>;
}

/** Labelled texts to measure a model on. */
export interface ClassifierTestData extends LabelledTexts {
  readonly classNames: readonly string[];
  readonly source: string;
}

/** Options for finding and reading texts. */
export interface ClassifierDataOptions extends Pick<ReviewOptions, "columns" | "classes"> {
  /** The test texts: a path, or the share to set aside at random where the path has no test part. Default 0.2. */
  readonly test?: string | number | undefined;
  /** A file of word vectors to begin with, in the text form of GloVe, word2vec or fastText. */
  readonly vectors?: string | undefined;
  /** Equal seeds set equal texts aside; default 1. */
  readonly seed?: number | undefined;
}

const testDataOptions = {
  columns: orNull(anObject),
  classes: orNull(anObject),
  classNames: orNull(listOf("texts", text)),
};
const classifierDataOptions: OptionChecks<ClassifierDataOptions> = {
  columns: testDataOptions.columns,
  classes: testDataOptions.classes,
  test: either(
    text,
    expecting("a share above 0 and below 1", (value) => typeof value === "number" && value > 0 && value < 1),
  ),
  vectors: text,
  seed: integer,
};

// One corpus for every seed: else a model could be tested on what another seed trained it on.
function corpus(): Pick<ClassifierData, "train" | "test" | "classNames"> {
  const { train, test, classNames } = grammarReviews({ count: 20_000, testCount: 2_000, seed: 1 });
  const part = ({ texts, labels }: typeof train) => ({ texts, labels: Int32Array.from(labels) });
  return { train: part(train), test: part(test), classNames };
}

const corpusName = "the built-in corpus";
const testShare = 0.2;

/**
 * The texts at a path, or the built-in corpus. Where there is no test part, a share of every class is set aside.
 *
 * @param path see `loadReviews`
 * @throws FormatError naming the file and row that are malformed, DataError unless there are two classes or more, ConfigError for
 *   options that the built-in corpus does not have
 * @example const data = await loadClassifierData("reviews.csv", { classes: { negative: ["-2", "-1"], positive: ["1", "2"] } });
 */
export async function loadClassifierData(path?: string, given: ClassifierDataOptions = {}): Promise<ClassifierData> {
  const { vectors, ...options } = checkOptions("loadClassifierData", given, classifierDataOptions);
  const data = await loadTexts(path, options);
  return vectors === undefined ? data : { ...data, vectors: (wanted) => loadWordVectors(vectors, { wanted }) };
}

async function loadTexts(
  path: string | undefined,
  { columns, classes, test: asked, seed = 1 }: ClassifierDataOptions,
): Promise<ClassifierData> {
  if (path === undefined) {
    if (columns || classes || asked !== undefined) {
      throw new UsageError("Columns, classes and test texts belong to texts of your own; say where those are.");
    }
    return { ...corpus(), source: corpusName, splitOff: 0, settings: corpusSettings };
  }
  const given = asked ?? testShare;
  const other = typeof given === "string" ? given : undefined;
  const { train, test, classNames, leftOut } = await loadReviews(path, { columns, classes, test: other });
  const found = [...new Set(train.labels)].map((label) => `"${classNames[label]}"`);
  if (found.length < 2) {
    throw new DataError(
      `${path}: the training texts have one class (${found[0]}); at least two are needed. Check that the label column is the right one.`,
    );
  }
  const source = other === undefined ? path : `${path} and ${other}`;
  if (test !== undefined) return { train, test, classNames, source, splitOff: 0, leftOut };
  const share = given as number;
  return { ...splitTexts(train, share, seed), classNames, source, splitOff: share, leftOut };
}

/**
 * The test part of the texts at a path, all of them where there is none; the built-in corpus's test part without a path.
 *
 * @param options with `classNames`, those of the model that is measured, labels are found among them in any spelling
 * @throws FormatError naming the rows of labels that are none of the classes, ConfigError for options that the built-in corpus does not have,
 *   and where its classes are not the model's
 */
export async function loadTestData(
  path?: string,
  options: Pick<ReviewOptions, "columns" | "classes" | "classNames"> = {},
): Promise<ClassifierTestData> {
  const { classNames: known, classes } = checkOptions("loadTestData", options, testDataOptions);
  const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ");
  if (path === undefined) {
    const { test, classNames } = corpus();
    if (options.columns || classes) {
      throw new UsageError("Columns and classes belong to texts of your own; say where those are.");
    }
    if (known && !classNames.every((name) => known.includes(name))) {
      throw new UsageError(
        `The built-in corpus has the classes ${quoted(classNames)}, the model ${quoted(known)}: give texts of its classes (on the command line --data).`,
      );
    }
    return { ...test, classNames, source: `${corpusName}'s test part` };
  }
  const strange = known && Object.keys(classes ?? {}).filter((name) => !known.includes(name));
  if (strange && strange.length > 0) {
    throw new UsageError(`classes: the model does not know ${quoted(strange)}; its classes are ${quoted(known)}.`);
  }
  const { train, test, classNames } = await loadReviews(path, options);
  return { ...(test ?? train), classNames, source: test === undefined ? path : `${path}, test part` };
}
