/** Texts from files of any size, in chunks. The Node adapter is imported when it is first needed. */

import { checkOptions } from "../options/index.js";
import { expectTexts } from "../tensor/expect-text.js";
import { requireNode } from "./node-only.js";
import { type TextChunksOptions, textChunksOptions } from "./text-progress.js";

/**
 * The text of files, one after another, in chunks cut anywhere (Node). A file that does not end with a line break gets one
 * before the next. In a browser give `utf8Chunks(file.stream(), file.name)` instead.
 *
 * @param paths of UTF-8 texts, plain or gzip
 * @throws ConfigError for a path that cannot be read, before anything is read; FormatError naming the file, and the row or
 *   byte, when it is empty, binary, not UTF-8 or damaged; the signal's reason when aborted
 * @example const codec = await characterCodec(textChunks("input.txt"));
 */
export async function* textChunks(
  paths: string | readonly string[],
  options: TextChunksOptions = {},
): AsyncGenerator<string> {
  checkOptions("textChunks", options, textChunksOptions);
  const files = typeof paths === "string" ? [paths] : expectTexts("textChunks: paths", paths);
  requireNode("textChunks", "Give utf8Chunks(file.stream(), file.name) instead.");
  const { readTextFiles } = await import("./text-files-node.js");
  yield* readTextFiles(files, options);
}
