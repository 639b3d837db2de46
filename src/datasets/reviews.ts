/**
 * Labelled texts of one's own or of a published set → texts and class numbers. A table may be TSV or CSV, plain or gzip; a
 * folder may hold `train` and `test` tables, or a subfolder per class as the Large Movie Review Dataset does.
 * Platform-neutral: `loadReviews` brings in the Node adapter for paths; `parseReviews` takes bytes.
 */
import { ConfigError, FormatError } from "../errors.js";
import { requireNode } from "./node-only.js";
import { type RawReviews, type ReviewOptions, readReviewTable } from "./review-table.js";

/** Texts and the class number of each. */
export interface LabelledTexts {
  texts: string[];
  /** `[texts]`, indices into `classNames` */
  labels: Int32Array;
}

/** A data set of labelled texts. */
export interface Reviews {
  train: LabelledTexts;
  /** Only where the data set has one; see `splitTexts` where it has not. */
  test?: LabelledTexts;
  classNames: string[];
  /** How many texts were left out because `classes` names no class for their label. */
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
 * @throws FormatError naming the file and row that are malformed, or where a test label stands that the training texts do not have;
 *   ConfigError for a path without data
 * @example const { train, classNames } = await loadReviews("aclImdb")
 */
export async function loadReviews(path: string, options: ReviewOptions = {}): Promise<Reviews> {
  requireNode("loadReviews", "Read the files and give their bytes to parseReviews.");
  const { readReviews } = await import("./reviews-node.js");
  const { train, test } = await readReviews(path, options);
  return labelled(train, test, options.classes);
}

/**
 * Labelled texts from tables in memory: {@link loadReviews} for the browser.
 *
 * @throws FormatError naming the file and row that are malformed
 */
export function parseReviews(
  files: { train: NamedBytes; test?: NamedBytes | undefined },
  options: Pick<ReviewOptions, "columns" | "classes"> = {},
): Reviews {
  const read = ({ name, bytes }: NamedBytes) => readReviewTable(bytes, name, options.columns);
  return labelled(read(files.train), files.test && read(files.test), options.classes);
}

function labelled(train: RawReviews, test: RawReviews | undefined, groups: ReviewOptions["classes"]): Reviews {
  const spellings = new Set([...train.places.keys(), ...(test?.places.keys() ?? [])]);
  const { classNames, classOf } = groups ? classesOfGroups(groups) : classesOf([...spellings], train.source);
  let leftOut = 0;
  const part = ({ texts, labels, source, places }: RawReviews): LabelledTexts => {
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
  const learnt = part(train);
  if (test === undefined) return { train: learnt, classNames, leftOut };
  const known = new Set(learnt.labels);
  const unheard = [...test.places].find(([label]) => classOf.has(label) && !known.has(classOf.get(label)!));
  if (unheard !== undefined) {
    throw new FormatError(
      `${unheard[1]}: the label "${unheard[0]}" does not occur in ${train.source}, so nothing can learn it.`,
    );
  }
  return { train: learnt, test: part(test), classNames, leftOut };
}

function classesOfGroups(groups: NonNullable<ReviewOptions["classes"]>) {
  const classNames = Object.keys(groups);
  const classOf = new Map<string, number>();
  for (const [i, label] of classNames.flatMap((name, k) => groups[name]!.map((each) => [k, each] as const))) {
    if (classOf.has(label))
      throw new ConfigError(`classes: the label "${label}" belongs to two classes; leave it in one.`);
    classOf.set(label, i);
  }
  return { classNames, classOf };
}

const POLARITY = new Map([
  ["0", 0],
  ["neg", 0],
  ["negative", 0],
  ["1", 1],
  ["pos", 1],
  ["positive", 1],
]);
const MOST_CLASSES = 10_000;

function classesOf(spellings: string[], source: string): { classNames: string[]; classOf: Map<string, number> } {
  if (spellings.every((label) => POLARITY.has(label.toLowerCase()))) {
    const classOf = new Map(spellings.map((label) => [label, POLARITY.get(label.toLowerCase())!]));
    return { classNames: ["negative", "positive"], classOf };
  }
  if (spellings.length > MOST_CLASSES) {
    throw new FormatError(
      `${source}: has ${spellings.length} different labels; is the label column the right one? Name it with columns.`,
    );
  }
  const whole = spellings.every((label) => /^[+-]?\d{1,15}$/.test(label));
  const classNames = [...spellings].sort(whole ? (a, b) => Number(a) - Number(b) : undefined);
  return { classNames, classOf: new Map(classNames.map((label, i) => [label, i])) };
}
