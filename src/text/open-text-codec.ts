/** Codecs from files: those of this library, and the tokenizer.json of any published model. */
import { checkDepth } from "../schema/index.js";
import { libraryCodec } from "./library-codec.js";
import { pieceCodec } from "./piece-codec.js";
import type { TextCodec } from "./text-codec.js";
import { textCodecFromJSON } from "./text-codec-json.js";
import { readPreparation } from "./text-preparation.js";
import { readTokenizerFile } from "./tokenizer-file.js";

type Fields = Readonly<Record<string, unknown>>;

/**
 * A codec from the result of its `toJSON`, or from the content of a tokenizer.json. Byte-pair subwords over bytes, as
 * `bytePairCodec` learns and GPT-2 has them, are read by this package; every other tokenizer.json (WordPiece, Unigram,
 * added tokens, normalizers …) by Hugging Face's library, which is loaded for it.
 *
 * @param data the parsed JSON
 * @param name of the file it comes from, for messages
 * @throws FormatError naming the file when it is neither
 * @example const codec = await openTextCodec(JSON.parse(text), "tokenizer.json");
 */
export async function openTextCodec(data: unknown, name: string): Promise<TextCodec> {
  checkDepth(data, { name, what: "the tokenizer", advice: "Save the tokenizer again." });
  const fields = (typeof data === "object" && data !== null ? data : {}) as Fields;
  const json = fields.kind === "pieces" ? fields.tokenizer : fields;
  if (typeof json !== "object" || json === null || !("model" in json)) return textCodecFromJSON(data, name);
  const preparation = fields.kind === "pieces" ? readPreparation(fields, name) : {};
  const learnt = readTokenizerFile(json);
  return learnt === undefined ? libraryCodec(json, name, preparation) : pieceCodec(learnt, preparation);
}
