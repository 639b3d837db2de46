import { describe, expect, it } from "vitest";
import { bytePairCodec, characterCodec, type TextCodec, wordCodec } from "./index.js";

const text = "The cat   sat\n\n\non the  mat.\t\t\tIt sat,   sat\r\n\r\n\r\nand   ran.\n   The end\n\n";

/** Ids of a text that comes in chunks of a given length, each cut where the codec says that it is safe. */
function inChunks(codec: TextCodec, size: number): number[] {
  const ids: number[] = [];
  let rest = "";
  for (let at = 0; at < text.length; at += size) {
    rest += text.slice(at, at + size);
    const safe = codec.safeLength(rest);
    ids.push(...codec.encode(rest.slice(0, safe)));
    rest = rest.slice(safe);
  }
  return [...ids, ...codec.encode(rest)];
}

describe("a text in chunks has the ids of the whole, with runs of white space, too", () => {
  it.each([
    ["byte pairs", () => bytePairCodec(text.repeat(5), { size: 300 })],
    ["byte pairs in small letters", () => bytePairCodec(text.repeat(5), { size: 300, lower: true })],
    ["words", () => wordCodec(text)],
    ["words in small letters", () => wordCodec(text, { lower: true })],
    ["characters", () => characterCodec(text)],
  ])("%s", async (_, make) => {
    const codec = await make();
    const whole = codec.encode(text);
    for (let size = 1; size <= text.length; size++)
      expect(inChunks(codec, size), `chunks of ${size}`).toEqual([...whole]);
  });
});
