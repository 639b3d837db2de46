/**
 * Codec from any tokenizer.json, through Hugging Face's library. The library is loaded when the first such file is read, in Node and in
 * browsers.
 */

import { DataError, FormatError } from "../errors.js";
import { expectIds } from "../tensor/expect-text.js";
import { checkedCodec } from "./checked-codec.js";
import type { DecodeStream, PieceCodecJSON, TextCodec } from "./text-codec.js";
import { prepareText, type TextPreparation } from "./text-preparation.js";
import type { PieceTokenizerJSON } from "./tokenizer-file.js";
import { checkedTokenizer } from "./tokenizer-schema.js";

const REPLACEMENT = "\ufffd";

/**
 * The codec of a tokenizer.json. Special tokens are not added; those in a text are recognised.
 *
 * @param json the content of the file
 * @throws FormatError naming the file when the library cannot read it
 */
export async function libraryCodec(json: object, name: string, preparation: TextPreparation): Promise<TextCodec> {
  const checked = checkedTokenizer(json, name);
  const { Tokenizer } = await import("@huggingface/tokenizers");
  const problem = (cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new FormatError(`${name}: is not a tokenizer.json that can be read (${reason}). Save the tokenizer again.`, {
      cause,
    });
  };
  let tokenizer: InstanceType<typeof Tokenizer>;
  let ids: number[];
  try {
    tokenizer = new Tokenizer(checked, {});
    ids = [...tokenizer.get_vocab().values()];
    // Some faults show only in use.
    tokenizer.encode("a b", { add_special_tokens: false });
  } catch (cause) {
    throw problem(cause);
  }
  if (ids.length === 0) throw problem("it has no vocabulary");
  const unknown = tokenizer.model?.unk_token_id;
  const working = <Result>(what: string, work: () => Result): Result => {
    try {
      return work();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new DataError(`${name}: the tokenizer cannot ${what} (${reason}). Give it in shorter parts.`, { cause });
    }
  };
  const decodeKnown = (known: number[]) =>
    tokenizer.decode(known, { skip_special_tokens: false, clean_up_tokenization_spaces: false });
  const decode = (encoded: ArrayLike<number>) =>
    working("write these ids", () =>
      runsOf(expectIds("decode: ids", encoded), (id) => tokenizer.id_to_token(id) !== undefined, decodeKnown),
    );
  return checkedCodec({
    kind: "pieces",
    size: ids.reduce((most, id) => Math.max(most, id), 0) + 1,
    unknown: typeof unknown === "number" ? unknown : undefined,
    encode: (text) =>
      working("read this text", () => {
        const found = tokenizer.encode(prepareText(text, preparation), { add_special_tokens: false }).ids;
        const missing = found.findIndex((id: unknown) => !Number.isInteger(id));
        if (missing < 0) return Int32Array.from(found);
        throw new Error(`its token ${missing} is not in the vocabulary, which has none for unknown ones`);
      }),
    decode,
    decodeStream: () => windowedStream(decode),
    token: (id) => tokenizer.id_to_token(id) ?? REPLACEMENT,
    // Such a tokenizer may treat the start of a text and spaces in any way: only whole texts are safe.
    safeLength: () => 0,
    toJSON: (): PieceCodecJSON => ({ kind: "pieces", ...preparation, tokenizer: json as PieceTokenizerJSON }),
  });
}

/** The text of runs of known ids, with a mark for each id between them. */
function runsOf(
  ids: ArrayLike<number>,
  isKnown: (id: number) => boolean,
  decodeKnown: (ids: number[]) => string,
): string {
  const runs: number[][] = [[]];
  for (let i = 0; i < ids.length; i++) {
    if (isKnown(ids[i]!)) runs.at(-1)!.push(ids[i]!);
    else runs.push([]);
  }
  return runs.map((run) => (run.length === 0 ? "" : decodeKnown(run))).join(REPLACEMENT);
}

/** Number of ids that are decoded together: enough for the rules of decoders between words and characters. */
const WINDOW = 16;

/** A stream over a decoder of whole texts: the text of the last ids without the part that was returned before. */
function windowedStream(decode: (ids: readonly number[]) => string): DecodeStream {
  let ids: number[] = [];
  let given = 0;
  const rest = (length: number, text: string) => {
    const part = text.slice(given, length);
    given = Math.max(given, length);
    return part;
  };
  return {
    add(id) {
      ids.push(id);
      const text = decode(ids);
      const whole = text.replace(/\ufffd{1,3}$/, "");
      const part = rest(whole.length, text);
      if (ids.length > 2 * WINDOW && whole.length === text.length) {
        ids = ids.slice(-WINDOW);
        given = decode(ids).length;
      }
      return part;
    },
    end: () => rest(Number.POSITIVE_INFINITY, decode(ids)),
  };
}
