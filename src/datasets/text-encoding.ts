/** Text encodings: bytes of a file → its text, with errors for binary files and other encodings. */
import { FormatError } from "../errors.js";
import { MOST_TABLE_BYTES } from "./review-table.js";

/** Encodings that are read. "latin1" is the web's reading of it, windows-1252. */
export type TextEncoding = "utf-8" | "latin1";

/** All encodings. */
export const textEncodings: readonly TextEncoding[] = ["utf-8", "latin1"];

/**
 * @param expected what the file should hold, for messages: "tagged words"
 * @throws FormatError when it is empty, too large, binary or in another encoding, with the row
 */
export function decodeText(
  bytes: Uint8Array,
  name: string,
  encoding: TextEncoding = "utf-8",
  expected = "text",
): string {
  if (bytes.length === 0) throw new FormatError(`${name}: is empty; expected ${expected}.`);
  if (bytes.length > MOST_TABLE_BYTES) {
    throw new FormatError(`${name}: is larger than ${MOST_TABLE_BYTES} bytes; split the file.`);
  }
  const zero = bytes.indexOf(0);
  if (zero >= 0) {
    const row = rowOf(bytes, zero);
    throw new FormatError(`${name}, row ${row}: is a binary file (a zero byte at ${zero}); expected ${expected}.`);
  }
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new FormatError(
      `${name}, row ${rowOf(bytes, firstBadByte(bytes))}: is not valid UTF-8. Save the file as UTF-8, or read it with the encoding latin1.`,
    );
  }
}

function rowOf(bytes: Uint8Array, at: number): number {
  let row = 1;
  for (let i = bytes.indexOf(10); i >= 0 && i < at; i = bytes.indexOf(10, i + 1)) row++;
  return row;
}

/** Index of the first byte that is not part of a character. */
function firstBadByte(bytes: Uint8Array): number {
  const decodes = (end: number) => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, end), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodes(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
