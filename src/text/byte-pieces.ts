/**
 * Byte alphabet and pre-tokenization of GPT-2 (Radford et al. 2019). A subword is a string of bytes; in files each byte is a visible
 * character, such as "Ġ" for a space.
 */

// Bytes that are printable characters of Latin-1 stand for themselves; the others are U+0100, U+0101 … in their order.
const visible = (byte: number) => (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
const hidden = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !visible(byte));
const CHARACTERS = Array.from({ length: 256 }, (_, byte) =>
  String.fromCharCode(visible(byte) ? byte : 256 + hidden.indexOf(byte)),
);
const BYTES = new Map(CHARACTERS.map((character, byte) => [character, byte]));

/** The subwords of one byte, in the order of their ids from 0 up. */
export const BYTE_PIECES: readonly string[] = [...CHARACTERS].sort();

/** Id of each byte's subword: `BYTE_IDS[byte]`. */
export const BYTE_IDS: Uint8Array = Uint8Array.from(CHARACTERS, (character) => BYTE_PIECES.indexOf(character));

/** The bytes of a subword in a file's spelling; undefined for characters outside the alphabet. */
export function bytesOfPiece(piece: string): Uint8Array | undefined {
  const bytes = Array.from(piece, (character) => BYTES.get(character) ?? -1);
  return bytes.includes(-1) ? undefined : Uint8Array.from(bytes);
}

// Parts are no longer than this, so that a file without any space has many parts; no word of a language is as long.
const MOST = "{1,65536}";
const WORD = new RegExp(
  `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}${MOST}| ?\\p{N}${MOST}| ?[^\\s\\p{L}\\p{N}]${MOST}|\\s${MOST}(?!\\S)|\\s${MOST}`,
  "gu",
);

/** Parts of a text that contain whole subwords: words and marks with the space before them. Joined, they are the text. */
export function* byteWords(text: string): Generator<string, void> {
  for (const [word] of text.matchAll(WORD)) yield word;
}
