/** Deserialization of codecs of all kinds. */

import { FormatError } from "../errors.js";
import { formatValue } from "../options/index.js";
import { checkDepth } from "../schema/index.js";
import { expectText } from "../tensor/expect-text.js";
import { characterCodecFromJSON } from "./character-codec.js";
import { pieceCodecFromJSON } from "./piece-codec.js";
import type { TextCodec } from "./text-codec.js";
import { wordCodecFromJSON } from "./word-codec.js";

const readers: Readonly<Record<string, (data: Readonly<Record<string, unknown>>, name: string) => TextCodec>> = {
  characters: characterCodecFromJSON,
  words: wordCodecFromJSON,
  pieces: pieceCodecFromJSON,
};

/**
 * A codec from the result of its `toJSON`.
 *
 * @param name of the file it comes from, for messages
 * @throws FormatError naming the file when the data are not a codec's
 */
export function textCodecFromJSON(data: unknown, name: string): TextCodec {
  expectText("textCodecFromJSON: name", name);
  checkDepth(data, { name, what: "the text codec", advice: "Save the model again." });
  const fields = (typeof data === "object" && data !== null ? data : {}) as Readonly<Record<string, unknown>>;
  const { kind } = fields;
  if (typeof kind !== "string" || !Object.hasOwn(readers, kind)) {
    throw new FormatError(
      `${name}: holds no text codec: kind is ${formatValue(kind)}, expected one of ${Object.keys(readers).join(", ")}. Save the model again.`,
    );
  }
  return readers[kind]!(fields, name);
}
