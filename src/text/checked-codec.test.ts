import { describe, expect, it } from "vitest";
import { DataError } from "../errors.js";
import { bytePairCodec, characterCodec, type TextCodec, wordCodec } from "./index.js";

describe("the methods of codecs", () => {
  it.each([
    ["characters", () => characterCodec("a b")],
    ["words", () => wordCodec("a b")],
    ["pieces", () => bytePairCodec("a b", { size: 256 })],
  ] as [string, () => Promise<TextCodec>][])("of %s refuse what is of another kind", async (_, make) => {
    const codec = (await make()) as unknown as Record<string, (given: unknown) => unknown>;
    const stream = (codec.decodeStream as () => unknown)() as Record<string, (given: unknown) => unknown>;
    for (const wrong of [undefined, null, 3n, Symbol("s"), {}, true]) {
      for (const method of ["encode", "decode", "token", "safeLength"]) {
        expect(() => codec[method]!(wrong), `${method}(${String(wrong)})`).toThrow(DataError);
      }
      expect(() => stream.add!(wrong)).toThrow(DataError);
    }
    expect(() => codec.token!(3n)).toThrow("token: id is the BigInt 3n; expected a number.");
    expect(() => codec.safeLength!(undefined)).toThrow("safeLength: chunk is undefined; expected a text.");
  });
});
