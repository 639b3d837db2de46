/**
 * `tavali/datasets`: published data sets and labelled texts of one's own. This door is platform-neutral. What needs Node
 * (paths, downloads, the cache) lies in files that end in `-node.ts` and is imported dynamically when it is first needed;
 * in a browser, give bytes instead.
 */
export type { DownloadProgress } from "./cache-node.js";
export { demoSentences, grammarReviews } from "./grammar-reviews.js";
export * as imdb from "./imdb.js";
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
export { type TextChunksOptions, type TextProgress, textChunks } from "./text-chunks.js";
export { utf8Chunks } from "./utf8-text.js";
