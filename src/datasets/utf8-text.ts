/** Bytes → text, checked to be UTF-8 text and not something else, whole or as the chunks of a file come. */
import { FormatError } from "../errors.js";
import { expectBytes } from "../tensor/expect-bytes.js";
import { expectText, notText } from "../tensor/expect-text.js";

/** Position of bytes in a file. */
interface Place {
  /** Bytes of the file before them. */
  readonly offset: number;
  /** The row they begin in, from 1. */
  readonly row: number;
}

const BEGINNING: Place = { offset: 0, row: 1 };

/**
 * The text of bytes; a byte order mark at the beginning of the file is left out.
 *
 * @throws FormatError naming the file, and the byte or the row that is not text
 */
export function utf8Text(bytes: Uint8Array, name: string, { offset, row }: Place = BEGINNING): string {
  const zero = bytes.indexOf(0);
  if (zero >= 0) {
    throw new FormatError(`${name}: is a binary file (a zero byte at ${offset + zero}); expected UTF-8 text.`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: offset > 0 }).decode(bytes);
  } catch {
    const bad = row - 1 + rowOfBadText(bytes);
    throw new FormatError(`${name}, row ${bad}: is not valid UTF-8; save the file as UTF-8.`);
  }
}

/**
 * The text of a file that comes in chunks of bytes, cut anywhere.
 *
 * @throws FormatError naming the file when it is empty, binary or not UTF-8
 */
export async function* utf8Chunks(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  name: string,
): AsyncGenerator<string> {
  expectText("utf8Chunks: name", name);
  if (typeof chunks !== "object" || chunks === null || !(Symbol.iterator in chunks || Symbol.asyncIterator in chunks)) {
    throw notText("utf8Chunks: chunks", chunks, "chunks of bytes one after another, such as file.stream()");
  }
  let place = BEGINNING;
  let held: Uint8Array = new Uint8Array(0);
  let empty = true;
  const take = (bytes: Uint8Array): string => {
    const text = utf8Text(bytes, name, place);
    place = { offset: place.offset + bytes.length, row: place.row + lineBreaks(text) };
    return text;
  };
  let i = 0;
  for await (const chunk of chunks) {
    expectBytes(`utf8Chunks: chunk ${i++}`, chunk);
    const bytes = held.length === 0 ? chunk : joined(held, chunk);
    const length = bytes.length - unfinished(bytes);
    held = bytes.slice(length);
    const text = take(bytes.subarray(0, length));
    empty &&= text === "";
    if (text !== "") yield text;
  }
  if (held.length > 0) take(held);
  if (empty) throw new FormatError(`${name}: is empty; expected UTF-8 text.`);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Number of bytes at the end that begin a character of the next chunk. */
function unfinished(bytes: Uint8Array): number {
  for (let length = 1; length <= 3 && length <= bytes.length; length++) {
    const byte = bytes[bytes.length - length]!;
    // 10xxxxxx continues; 110…, 1110… and 11110… begin characters of two, three and four bytes.
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return length < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? length : 0;
  }
  return 0;
}

function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function rowOfBadText(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let row = 1, start = 0; ; row++) {
    const end = bytes.indexOf(0x0a, start);
    try {
      decoder.decode(bytes.subarray(start, end < 0 ? bytes.length : end));
    } catch {
      return row;
    }
    if (end < 0) return row;
    start = end + 1;
  }
}
