import { describe, expect, it } from "vitest";
import { DataError } from "../errors.js";
import { Random } from "../tensor/random.js";
import { convertTags, detectScheme, type EntitySpan, isTag, spansOf, tagSchemes, tagsOfSpans } from "./tag-schemes.js";

/** Entities that touch and do not touch, of equal and of other types. */
function randomSpans(random: Random): { spans: EntitySpan[]; length: number } {
  const spans: EntitySpan[] = [];
  let at = 0;
  for (let i = random.integer(6); i > 0; i--) {
    const first = at + random.integer(3) * random.integer(2);
    const end = first + 1 + random.integer(3);
    spans.push({ first, end, type: ["person", "place", "creative-work"][random.integer(3)]! });
    at = end;
  }
  return { spans, length: at + random.integer(3) };
}

describe("tag schemes", () => {
  it("write entities so that they can be read again, whatever they are", () => {
    const random = new Random(7);
    for (let i = 0; i < 500; i++) {
      const { spans, length } = randomSpans(random);
      for (const scheme of tagSchemes) expect(spansOf(tagsOfSpans(spans, length, scheme))).toEqual(spans);
    }
  });

  it("convert into one another and back", () => {
    const random = new Random(8);
    for (let i = 0; i < 200; i++) {
      const { spans, length } = randomSpans(random);
      for (const from of tagSchemes) {
        const tags = tagsOfSpans(spans, length, from);
        for (const to of tagSchemes) expect(convertTags(convertTags(tags, from, to), to, from)).toEqual(tags);
      }
    }
  });

  it("are what Ramshaw and Marcus, and those after them, wrote", () => {
    const iob1 = ["I-a", "I-a", "B-a", "O", "I-b", "I-a"];
    expect(convertTags(iob1, "IOB1", "IOB2")).toEqual(["B-a", "I-a", "B-a", "O", "B-b", "B-a"]);
    expect(convertTags(iob1, "IOB1", "IOBES")).toEqual(["B-a", "E-a", "S-a", "O", "S-b", "S-a"]);
  });

  it("are recognised", () => {
    expect(detectScheme([["I-a", "I-a", "O"], ["I-b"]])).toBe("IOB1");
    expect(detectScheme([["B-a", "I-a", "O"], ["B-b"]])).toBe("IOB2");
    expect(detectScheme([["B-a", "E-a", "O"], ["S-b"]])).toBe("IOBES");
    expect(detectScheme([["O"], ["B-a"], ["O", "I-a"]])).toBeUndefined();
  });

  it("are not mixed up silently", () => {
    expect(() => convertTags(["O", "I-a"], "IOB2", "IOBES")).toThrow(DataError);
    expect(() => convertTags(["O", "I-a"], "IOB2", "IOBES")).toThrow(
      'word 1 has the tag "I-a", which in IOB2 would be "B-a"',
    );
  });

  it("know a tag from other words", () => {
    expect(["O", "B-a", "I-creative-work", "E-x", "S-x"].filter(isTag)).toHaveLength(5);
    expect(["", "o", "B", "B-", "X-a", "person", "I a"].filter(isTag)).toEqual([]);
  });
});
