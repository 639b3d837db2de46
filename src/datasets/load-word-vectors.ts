/** Pretrained word vectors from a file: `readWordVectors` over the chunks of `textChunks`. */

import { anything, checkOptions } from "../options/index.js";
import { expectText } from "../tensor/expect-text.js";
import { readWordVectors, type WordVectors } from "../text/index.js";
import { textChunks } from "./text-chunks.js";
import { type TextChunksOptions, textChunksOptions } from "./text-progress.js";

/**
 * The vectors of wanted words from a file of GloVe, word2vec or fastText in text form, plain or gzip (Node).
 *
 * @param options the words to keep, as in `readWordVectors`, and a function that receives the progress
 * @throws ConfigError for a path that cannot be read, FormatError naming the file and the row that is malformed, the
 *   signal's reason when aborted
 * @example const glove = await loadWordVectors("glove.6B.100d.txt", { wanted: new Set(vocabulary.words) });
 */
export async function loadWordVectors(
  path: string,
  options: TextChunksOptions & { readonly wanted?: ReadonlySet<string> | ((word: string) => boolean) } = {},
): Promise<WordVectors> {
  const { wanted, ...reading } = checkOptions("loadWordVectors", options, { ...textChunksOptions, wanted: anything });
  expectText("loadWordVectors: path", path);
  return readWordVectors(textChunks(path, reading), { wanted, name: path });
}
