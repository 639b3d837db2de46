/** Node adapter of `reviews.ts`: detects the layout of a path, and reads it. */
import { ConfigError, FormatError } from "../errors.js";
import { nodeModule } from "../host/host.js";
import { readFileBytes, unreadable } from "./files-node.js";
import {
  MOST_TABLE_BYTES,
  type RawReviews,
  type ReviewOptions,
  readReviewTable,
  textOf,
  withoutBreaks,
} from "./review-table.js";

const fs = nodeModule("node:fs");
const path = nodeModule("node:path");

const TABLES = [".tsv", ".tsv.gz", ".csv", ".csv.gz"];
const AT_ONCE = 64;
const MOST_REVIEW_BYTES = 16 * 2 ** 20;

interface Parts {
  train: RawReviews;
  test: RawReviews | undefined;
}

/** The raw training and test parts at a path, or at two; see `loadReviews` for the layouts. */
export async function readReviews(root: string, { test, ...options }: ReviewOptions): Promise<Parts> {
  const parts = await readFolderOrFile(root, options);
  if (test === undefined) return parts;
  const other = await readFolderOrFile(test, options);
  return { train: parts.train, test: other.test ?? other.train };
}

async function readFolderOrFile(root: string, options: ReviewOptions): Promise<Parts> {
  const stat = await fs.promises.stat(root).catch((cause) => {
    throw unreadable(root, cause);
  });
  if (stat.isFile()) return readTables([root, undefined], options);
  const names = await fs.promises.readdir(root);
  const table = (part: string) => {
    const name = TABLES.map((ending) => part + ending).find((candidate) => names.includes(candidate));
    return name === undefined ? undefined : path.join(root, name);
  };
  const train = table("train");
  if (train !== undefined) return readTables([train, table("test")], options);
  if (!names.includes("train")) throw unknownLayout(root);
  return readClassFolders(root, names.includes("test"), options);
}

async function readTables(paths: [string, string | undefined], options: ReviewOptions): Promise<Parts> {
  const total = paths[1] === undefined ? 1 : 2;
  const read = async (file: string, index: number) => {
    const bytes = await readFileBytes(file, MOST_TABLE_BYTES, options.signal);
    const raw = readReviewTable(bytes, file, options.columns);
    options.onProgress?.({ files: index + 1, total });
    return raw;
  };
  const train = await read(paths[0], 0);
  return { train, test: paths[1] === undefined ? undefined : await read(paths[1], 1) };
}

async function readClassFolders(root: string, hasTest: boolean, options: ReviewOptions): Promise<Parts> {
  const parts = [await listClasses(path.join(root, "train"))];
  if (hasTest) parts.push(await listClasses(path.join(root, "test")));
  if (parts[0]!.length === 0) throw unknownLayout(root);
  const total = parts.reduce((sum, files) => sum + files.length, 0);
  let files = 0;
  const read = async (list: ReviewFile[], source: string): Promise<RawReviews> => {
    const texts: string[] = [];
    for (let start = 0; start < list.length; start += AT_ONCE) {
      const some = list.slice(start, start + AT_ONCE);
      texts.push(...(await Promise.all(some.map(({ file }) => readText(file, options.signal)))));
      files += some.length;
      options.onProgress?.({ files, total });
    }
    const places: RawReviews["places"] = new Map();
    for (const { file, label } of list) {
      const count = (places.get(label)?.count ?? 0) + 1;
      places.set(label, { source: path.dirname(file), rows: [], count });
    }
    return { texts, labels: list.map(({ label }) => label), places, source };
  };
  return { train: await read(parts[0]!, root), test: parts[1] === undefined ? undefined : await read(parts[1], root) };
}

interface ReviewFile {
  file: string;
  label: string;
}

/** The .txt files of each class, in the order of class and file name, so that the order is the same everywhere. */
async function listClasses(folder: string): Promise<ReviewFile[]> {
  const files: ReviewFile[] = [];
  const entries = await fs.promises.readdir(folder, { withFileTypes: true }).catch((cause) => {
    throw unreadable(folder, cause);
  });
  const labels = entries.filter((entry) => entry.isDirectory() && entry.name !== "unsup").map(({ name }) => name);
  for (const label of labels.sort()) {
    const names = await fs.promises.readdir(path.join(folder, label));
    const texts = names.filter((name) => name.endsWith(".txt")).sort();
    if (texts.length === 0)
      throw new FormatError(`${path.join(folder, label)}: holds no .txt file; expected one a review.`);
    for (const name of texts) files.push({ file: path.join(folder, label, name), label });
  }
  return files;
}

async function readText(file: string, signal: AbortSignal | undefined): Promise<string> {
  return withoutBreaks(textOf(await readFileBytes(file, MOST_REVIEW_BYTES, signal), file)).trim();
}

function unknownLayout(path: string): ConfigError {
  return new ConfigError(
    `${path}: no labelled texts found. Expected one .tsv or .csv file (also .gz), a folder with train.tsv or train.csv, ` +
      "or a folder train with a subfolder of .txt files for each class.",
  );
}
