/** Text sources: a text or its chunks, one after another; other values are refused. */
import { expectText, notText } from "../tensor/expect-text.js";
import type { TextSource } from "./text-codec.js";

/** @param place the text's name in messages @throws DataError for a value that is neither a text nor a sequence of texts */
export async function* textsOf(place: string, source: TextSource): AsyncGenerator<string, void> {
  if (typeof source === "string") {
    yield source;
    return;
  }
  const given: unknown = source;
  const many = typeof given === "object" && given !== null && !ArrayBuffer.isView(given) && !(given instanceof Map);
  if (!many || !(Symbol.iterator in given || Symbol.asyncIterator in given)) {
    throw notText(place, given, "a text, or its chunks one after another");
  }
  let i = 0;
  for await (const chunk of source) yield expectText(`${place}, chunk ${i++},`, chunk);
}
