/** Argument checks of codecs: ids are numbers and texts are strings, in every method. */
import { expectNumber, expectText } from "../tensor/expect-text.js";
import type { TextCodec } from "./text-codec.js";

/** The codec with checks; decoders check lists of ids themselves. @throws DataError, in its methods, for arguments of another type */
export function checkedCodec(codec: TextCodec): TextCodec {
  return {
    ...codec,
    encode: (text) => codec.encode(expectText("encode: text", text)),
    token: (id) => codec.token(expectNumber("token: id", id)),
    safeLength: (chunk) => codec.safeLength(expectText("safeLength: chunk", chunk)),
    decodeStream() {
      const { add, end } = codec.decodeStream();
      return { add: (id) => add(expectNumber("add: id", id)), end };
    },
  };
}
