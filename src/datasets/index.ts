/**
 * `tavali/datasets`: published data sets and your labelled texts. This entry point is platform-neutral. Code that needs Node
 * (paths, downloads, the cache) is in files that end in `-node.ts` and is imported dynamically when it is first needed;
 * in a browser, give bytes instead.
 */
export type { DownloadProgress } from "./cache-node.js";
export type { CsvRow } from "./csv-rows.js";
export { type CsvDatasetOptions, csvDataset, jsonLinesDataset, textDataset } from "./file-datasets.js";
export type { BlobLike, FileSource } from "./file-source.js";
export {
  demoSentences,
  type GrammarReviews,
  type GrammarReviewsOptions,
  type GrammarTexts,
  grammarReviews,
} from "./grammar-reviews.js";
export { type GrammarSentencesOptions, grammarSentences } from "./grammar-sentences.js";
export * as imdb from "./imdb.js";
export { loadTaggedSentences } from "./load-tagged-sentences.js";
export { loadWordVectors } from "./load-word-vectors.js";
export { isObjectArray, type NpyArray, type ObjectArray, readNpy } from "./npy.js";
export { type NpzOptions, readNpz } from "./npz.js";
export { NumpyRandom } from "./numpy-random.js";
export type { ReviewColumns, ReviewOptions } from "./review-table.js";
export {
  type LabelledTexts,
  loadReviews,
  type NamedBytes,
  parseReviews,
  type Reviews,
} from "./reviews.js";
export { splitData, splitTexts } from "./split-data.js";

export {
  convertTags,
  detectScheme,
  type EntitySpan,
  isTag,
  spansOf,
  type TagScheme,
  tagSchemes,
  tagsOfSpans,
} from "./tag-schemes.js";
export {
  pickSentences,
  SentenceBuilder,
  sentenceCount,
  splitSentences,
  type TaggedSentences,
  tagsOf,
  wordsOf,
} from "./tagged-sentences.js";
export { parseTaggedSentences, type TaggedTextOptions } from "./tagged-text.js";
export { textChunks } from "./text-chunks.js";
export { type TextEncoding, textEncodings } from "./text-encoding.js";
export type { TextChunksOptions, TextProgress } from "./text-progress.js";
export { utf8Chunks } from "./utf8-text.js";
