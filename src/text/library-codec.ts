/**
 * Any tokenizer.json as a codec: Hugging Face's library reads it and does the work. It is loaded when the first such file
 * is read, in Node and in browsers alike.
 */
import { FormatError } from "../errors.js";
import type { PieceCodecJSON, TextCodec } from "./text-codec.js";
import { prepareText, type TextPreparation } from "./text-preparation.js";
import type { PieceTokenizerJSON } from "./tokenizer-file.js";

/**
 * The codec of a tokenizer.json. Special tokens are not added; those in a text are found.
 *
 * @param json the content of the file
 * @throws FormatError naming the file when the library cannot read it
 */
export async function libraryCodec(json: object, name: string, preparation: TextPreparation): Promise<TextCodec> {
  const { Tokenizer } = await import("@huggingface/tokenizers");
  const problem = (cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new FormatError(`${name}: is no tokenizer.json that can be read (${reason}). Save the tokenizer again.`, {
      cause,
    });
  };
  let tokenizer: InstanceType<typeof Tokenizer>;
  let ids: number[];
  try {
    tokenizer = new Tokenizer(json, {});
    ids = [...tokenizer.get_vocab().values()];
    // Some faults show only in use.
    tokenizer.encode("a b", { add_special_tokens: false });
  } catch (cause) {
    throw problem(cause);
  }
  if (ids.length === 0) throw problem("it has no vocabulary");
  const unknown = tokenizer.model?.unk_token_id;
  return {
    kind: "pieces",
    size: ids.reduce((most, id) => Math.max(most, id), 0) + 1,
    unknown: typeof unknown === "number" ? unknown : undefined,
    encode: (text) =>
      Int32Array.from(tokenizer.encode(prepareText(text, preparation), { add_special_tokens: false }).ids),
    decode: (encoded) =>
      tokenizer.decode(Array.from(encoded), { skip_special_tokens: false, clean_up_tokenization_spaces: false }),
    token: (id) => tokenizer.id_to_token(id) ?? "\ufffd",
    // What such a tokenizer does to the beginning of a text or across spaces is its own: only whole texts are safe.
    safeLength: () => 0,
    toJSON: (): PieceCodecJSON => ({ kind: "pieces", ...preparation, tokenizer: json as PieceTokenizerJSON }),
  };
}
