/** Tagged sentences from a path. Platform-neutral: the Node adapter is imported when it is called. */

import { checkOptions } from "../options/index.js";
import { expectText } from "../tensor/expect-text.js";
import { requireNode } from "./node-only.js";
import { MOST_TABLE_BYTES } from "./review-table.js";
import type { TaggedSentences } from "./tagged-sentences.js";
import { parseTaggedSentences, type TaggedTextOptions, taggedTextOptions } from "./tagged-text.js";

/**
 * The sentences of a file (Node).
 *
 * @param path CoNLL columns, two columns separated by tabs, or a CSV table as the Groningen Meaning Bank has it; plain, gzip, or a ZIP
 *   archive of one file
 * @throws FormatError naming the file and row that are malformed, ConfigError for a path without a file
 * @example const sentences = await loadTaggedSentences("ner_dataset.csv", { encoding: "latin1" });
 */
export async function loadTaggedSentences(path: string, options: TaggedTextOptions = {}): Promise<TaggedSentences> {
  checkOptions("loadTaggedSentences", options, taggedTextOptions);
  expectText("loadTaggedSentences: path", path);
  requireNode("loadTaggedSentences", "Read the file and give its bytes to parseTaggedSentences.");
  const { readFileBytes } = await import("./files-node.js");
  return parseTaggedSentences(await readFileBytes(path, MOST_TABLE_BYTES), path, options);
}
