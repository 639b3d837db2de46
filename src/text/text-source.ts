/** A text or its chunks, one after another; anything else is refused by its kind. */
import { expectText, notText } from "../tensor/expect-text.js";
import type { TextSource } from "./text-codec.js";

/** @param place how messages call the text @throws DataError for what is neither a text nor a sequence of them */
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
