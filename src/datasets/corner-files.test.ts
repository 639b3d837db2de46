import { describe, expect, it } from "vitest";
import { FormatError } from "../errors.js";
import { checksum } from "../training/fingerprint.js";
import { demoSentences, grammarReviews } from "./grammar-reviews.js";
import { grammarSentences } from "./grammar-sentences.js";
import { readNpy } from "./npy.js";
import { readNpz } from "./npz.js";
import { unzip } from "./unzip.js";

/** A .npy file of float64 numbers whose header names this shape. */
function npy(shape: string, body: readonly number[] = []): Uint8Array {
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${shape}), }\n`;
  const bytes = [...`\x93NUMPY\x01\x00`].map((character) => character.charCodeAt(0));
  const data = new Uint8Array(Float64Array.from(body).buffer);
  return Uint8Array.from([...bytes, header.length, 0, ...[...header].map((c) => c.charCodeAt(0)), ...data]);
}

describe("readNpy", () => {
  it("refuses a shape with an entry that is no number", () => {
    for (const shape of ["1, , 2", "1 2,", "1L2,", "1234567890123456,"]) {
      expect(() => readNpy(npy(shape)), shape).toThrow(FormatError);
      expect(() => readNpy(npy(shape)), shape).toThrow("is not valid; the file is corrupt");
    }
  });
  it("takes 64 axes, and refuses 65", () => {
    const axes = (count: number) => new Array(count).fill("1").join(", ");
    expect(readNpy(npy(axes(64), [3]))).toMatchObject({ shape: new Array(64).fill(1) });
    expect(() => readNpy(npy(axes(65), [3]))).toThrow("is not valid; the file is corrupt");
  });
});

it("an archive without members is empty", () => {
  const empty = new Uint8Array(22);
  empty.set([0x50, 0x4b, 5, 6]);
  expect([...unzip(empty, "empty.zip", 1000).keys()]).toEqual([]);
  expect(() => readNpz(empty)).toThrow("holds no .npy member");
});

it("the built-in sentences are the same as ever", () => {
  const { train, test } = grammarSentences({ count: 400, testCount: 100, seed: 1 });
  // A change of these sums changes the corpus that published results were measured on.
  const sums = [train, test].map((part) => [checksum(part.wordIds), checksum(part.tagIds), part.words.length]);
  expect(sums).toEqual([
    ["ac2d16fa 3f7e6d4c", "2a3679e8 edccdd44", 1097],
    ["5edc50e8 bd4772c7", "2010fe39 8086472b", 377],
  ]);
});

it("the built-in reviews are the same as ever", () => {
  const { train, test } = grammarReviews({ count: 2000, testCount: 500, seed: 1 });
  const bytesOf = (texts: readonly string[]) => new TextEncoder().encode(texts.join("\n"));
  // As above: every rule of the grammar moves them.
  expect([train, test].map((part) => [checksum(bytesOf(part.texts)), checksum(part.labels)])).toEqual([
    ["4ad068aa b983ea14", "29345110 a29ddafc"],
    ["854c6c09 aa6e8f03", "119b97ec 5046d2a7"],
  ]);
  expect(demoSentences.map(({ label }) => label)).toEqual([1, 0, 1, 0, 1]);
});
