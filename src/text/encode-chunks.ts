/**
 * Encoding of texts in chunks, such as large files. Chunks may be cut anywhere, inside words and inside characters; the ids are those of the
 * whole text, and only one chunk and the rest of the one before are in memory.
 */

import { DataError } from "../errors.js";
import { notText } from "../tensor/expect-text.js";
import type { TextCodec, TextSource } from "./text-codec.js";
import { textsOf } from "./text-source.js";

/** The greatest number of characters in memory. JavaScript engines limit strings to about four times as many. */
const MOST_HELD = 2 ** 27;

/**
 * The ids of a whole text.
 *
 * @param chunks the text, or its chunks in their order
 * @returns `[time]`
 * @example const ids = await encodeChunks(codec, textChunks(["a.txt", "b.txt"]));
 */
export async function encodeChunks(codec: TextCodec, chunks: TextSource): Promise<Int32Array> {
  if (typeof codec?.encode !== "function" || typeof codec.safeLength !== "function") {
    throw notText("encodeChunks: codec", codec, "a codec, such as await characterCodec(text)");
  }
  let ids = new Int32Array(1 << 16);
  let length = 0;
  for await (const text of wholeChunks(chunks, (chunk) => codec.safeLength(chunk))) {
    const more = codec.encode(text);
    if (length + more.length > ids.length) {
      const larger = new Int32Array(Math.max(2 * ids.length, length + more.length));
      larger.set(ids);
      ids = larger;
    }
    ids.set(more, length);
    length += more.length;
  }
  return ids.slice(0, length);
}

/**
 * The same text in chunks that can be taken one by one.
 *
 * @param safeLength as a codec's: how much of a chunk does not depend on what follows
 * @param most characters that may follow one another without a place to cut them
 * @throws DataError for a longer run
 */
export async function* wholeChunks(
  chunks: TextSource,
  safeLength: (chunk: string) => number,
  most = MOST_HELD,
): AsyncGenerator<string> {
  let held: string[] = [];
  let heldLength = 0;
  for await (const chunk of textsOf("the text", chunks)) {
    const length = safeLength(chunk);
    if (length === 0) {
      if (chunk !== "") held.push(chunk);
      heldLength += chunk.length;
      if (heldLength > most) throw unbroken(heldLength);
      continue;
    }
    held.push(chunk.slice(0, length));
    yield held.join("");
    held = length < chunk.length ? [chunk.slice(length)] : [];
    heldLength = chunk.length - length;
  }
  if (held.length > 0) yield held.join("");
}

function unbroken(length: number): DataError {
  return new DataError(
    `The text has ${length.toLocaleString("en")} characters without a place to cut it, too many to read at once. Words and subwords need a ` +
      "space now and then, Persian that is brought into one spelling a line break: add some, or read the text as characters without --normalize.",
  );
}
