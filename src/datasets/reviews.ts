/**
 * Labelled texts → texts and class numbers. A table may be TSV or CSV, plain or gzip; a
 * folder may hold `train` and `test` tables, or a subfolder per class as the Large Movie Review Dataset does.
 * Platform-neutral: `loadReviews` imports the Node adapter for paths; `parseReviews` takes bytes.
 */
import { FormatError } from "../errors.js";
import { checkOptions } from "../options/index.js";
import { expectBytes } from "../tensor/expect-bytes.js";
import { expectParts, expectText } from "../tensor/expect-text.js";
import { classesOfGroups, classesOfLabels, describePlaces, matchLabels } from "./label-classes.js";
import { requireNode } from "./node-only.js";
import { type RawReviews, type ReviewOptions, readReviewTable, reviewOptions } from "./review-table.js";

/** Texts and the class number of each. */
export interface LabelledTexts {
  texts: string[];
  /** `[texts]`, indices into `classNames` */
  labels: Int32Array;
}

/** A data set of labelled texts. */
export interface Reviews {
  train: LabelledTexts;
  /** Absent if the data set has no test part; see `splitTexts`. */
  test?: LabelledTexts;
  classNames: string[];
  /** Number of texts that were left out because `classes` names no class for their label. */
  leftOut: number;
}

/** A file in memory. */
export interface NamedBytes {
  name: string;
  bytes: Uint8Array;
}

/**
 * Labelled texts from a path (Node).
 *
 * @param path one TSV or CSV file, plain or gzip; or a folder with train and test tables (`train.tsv`, `.tsv.gz`, `.csv`,
 *   `.csv.gz`); or a folder `train` (and `test`) with a subfolder of .txt files per class, of which `unsup` is left out
 * @returns labels as numbers: 0/1, neg/pos and negative/positive become `["negative", "positive"]`; other labels are
 *   sorted, by value where all are whole numbers. HTML line breaks in texts become spaces.
 * @throws FormatError naming the file and row that are malformed, or the rows of a label outside the classes: one of the test part
 *   that the training texts do not have, or any that is not among `classNames`;
 *   ConfigError for a path without data
 * @example const { train, classNames } = await loadReviews("aclImdb")
 */
export async function loadReviews(path: string, options: ReviewOptions = {}): Promise<Reviews> {
  checkOptions("loadReviews", options, reviewOptions);
  expectText("loadReviews: path", path);
  requireNode("loadReviews", "Read the files and give their bytes to parseReviews.");
  const { readReviews } = await import("./reviews-node.js");
  const { train, test } = await readReviews(path, options);
  return labelled(train, test, options);
}

/**
 * Labelled texts from tables in memory: {@link loadReviews} for the browser.
 *
 * @throws FormatError naming the file and row that are malformed
 */
export function parseReviews(
  files: { train: NamedBytes; test?: NamedBytes | undefined },
  options: Pick<ReviewOptions, "columns" | "classes" | "classNames"> = {},
): Reviews {
  const { columns, classes, classNames } = reviewOptions;
  checkOptions("parseReviews", options, { columns, classes, classNames });
  expectParts("parseReviews: files", files, ["train"]);
  const read = (part: "train" | "test", file: NamedBytes) => {
    const place = `parseReviews: ${part}`;
    expectParts(place, file, ["name", "bytes"]);
    const name = expectText(`${place}.name`, file.name);
    return readReviewTable(expectBytes(`${place}.bytes`, file.bytes), name, options.columns);
  };
  const { train, test } = files;
  return labelled(read("train", train), test === undefined ? undefined : read("test", test), options);
}

type ClassOptions = Pick<ReviewOptions, "classes" | "classNames">;

function labelled(
  train: RawReviews,
  test: RawReviews | undefined,
  { classes: groups, classNames: known }: ClassOptions,
): Reviews {
  const { classNames, classOf } = groups
    ? classesOfGroups(groups)
    : known
      ? { classNames: [...known], classOf: matched(train, known) }
      : classesOfLabels([...train.places.keys()], train.source);
  let leftOut = 0;
  const part = ({ texts, labels, source, places }: RawReviews, classOf: ReadonlyMap<string, number>): LabelledTexts => {
    const kept = [...labels.keys()].filter((i) => classOf.has(labels[i]!));
    leftOut += labels.length - kept.length;
    if (kept.length === 0) {
      const found = [...places.keys()].slice(0, 12).map((label) => JSON.stringify(label));
      throw new FormatError(`${source}: no text has a label of the given classes; the labels are ${found.join(", ")}.`);
    }
    return {
      texts: kept.length === texts.length ? texts : kept.map((i) => texts[i]!),
      labels: Int32Array.from(kept, (i) => classOf.get(labels[i]!)!),
    };
  };
  const learnt = part(train, classOf);
  if (test === undefined) return { train: learnt, classNames, leftOut };
  const testClassOf = groups
    ? classOf
    : known
      ? matched(test, known)
      : matchLabels([...test.places.keys()], classNames);
  if (!known) checkLearnt(test, testClassOf, new Set(learnt.labels), train.source, groups !== undefined);
  return { train: learnt, test: part(test, testClassOf), classNames, leftOut };
}

/** The class of every label. @throws FormatError naming the rows of a label outside the classes */
function matched({ places }: RawReviews, classNames: readonly string[]): Map<string, number> {
  const classOf = matchLabels([...places.keys()], classNames);
  const strange = [...places].filter(([label]) => !classOf.has(label));
  if (strange.length === 0) return classOf;
  const names = classNames.slice(0, 20).map((name) => JSON.stringify(name));
  throw new FormatError(
    `${describePlaces(strange)} ${strange.length === 1 ? "is" : "are"} none of the classes ${names.join(", ")}${classNames.length > 20 ? ", …" : ""}. Take those texts out, ` +
      "or give the labels of each class: classes, on the command line --classes.",
  );
}

/** Refuses a test label that no training text has. */
function checkLearnt(
  { places }: RawReviews,
  classOf: ReadonlyMap<string, number>,
  learnt: ReadonlySet<number>,
  source: string,
  grouped: boolean,
): void {
  const unheard = [...places].filter(([label]) => {
    const number = classOf.get(label);
    return number === undefined ? !grouped : !learnt.has(number);
  });
  if (unheard.length === 0) return;
  const verb = unheard.length === 1 ? "does" : "do";
  throw new FormatError(
    `${describePlaces(unheard)} ${verb} not occur in ${source}, so nothing can learn ${unheard.length === 1 ? "it" : "them"}.`,
  );
}
