/**
 * Tag schemes: entities ⇄ tags of words. "O" marks words outside entities; elsewhere a letter gives the position in an
 * entity a word stands, and the rest which type it is:
 *
 *     IOB1   I inside; B only where an entity follows another one of its type
 *     IOB2   B at the start of every entity, I inside
 *     IOBES  B begin, I inside, E end, S an entity of one word
 */

import { DataError } from "../errors.js";
import { checkOption, oneOf, wholeNumber } from "../options/index.js";
import { eachText, expectTexts, notText } from "../tensor/expect-text.js";

/** A tag scheme. */
export type TagScheme = "IOB1" | "IOB2" | "IOBES";

/** All schemes. */
export const tagSchemes: readonly TagScheme[] = ["IOB1", "IOB2", "IOBES"];

/** Words first … end − 1 of a sentence are one entity. */
export interface EntitySpan {
  readonly first: number;
  readonly end: number;
  readonly type: string;
}

const aScheme = oneOf(...tagSchemes);
// Longer than any sentence; a typing error would fill the memory.
const MOST_WORDS = 10_000_000;
const FORM = /^[BIES]-\S/;

/** Whether a tag is "O", or a letter of the schemes, a hyphen and a type: "B-person". */
export function isTag(tag: string): boolean {
  return typeof tag === "string" && (tag === "O" || FORM.test(tag));
}

/**
 * The entities of a sentence by conlleval's rules (Tjong Kim Sang & Buchholz 2000), which also read sequences that break the rules of
 * their scheme: an entity begins at B or S, after an E or S, and wherever an inside tag follows O or another type; it ends before the next
 * one, at E or S, and before O.
 *
 * @param tags one a word, in any of the schemes
 */
export function spansOf(tags: readonly string[]): EntitySpan[] {
  expectTexts("spansOf: tags", tags);
  const spans: EntitySpan[] = [];
  let first = 0;
  let [before, typeBefore] = ["O", ""];
  // One "O" more ends an entity at the last word.
  for (let i = 0; i <= tags.length; i++) {
    const [letter, type] = partsOf(tags[i] ?? "O");
    const inside = before !== "O";
    const goesOn = inside && /[BI]/.test(before) && /[IE]/.test(letter) && type === typeBefore;
    if (inside && !goesOn) spans.push({ first, end: i, type: typeBefore });
    if (!goesOn) first = i;
    [before, typeBefore] = [letter, type];
  }
  return spans;
}

/** The tags of a sentence of `length` words with these entities, which do not overlap and are in their order. */
export function tagsOfSpans(spans: readonly EntitySpan[], length: number, scheme: TagScheme): string[] {
  checkOption("tagsOfSpans", "scheme", scheme, aScheme);
  checkOption("tagsOfSpans", "length", length, wholeNumber(0, MOST_WORDS));
  if (!Array.isArray(spans)) throw notText("tagsOfSpans: spans", spans, "a list of entities { first, end, type }");
  const tags = Array<string>(length).fill("O");
  let before: EntitySpan | undefined;
  for (const span of spans) {
    const { first, end, type } = span ?? {};
    if (
      !(Number.isInteger(first) && first >= (before?.end ?? 0) && Number.isInteger(end) && end > first && end <= length)
    ) {
      throw new DataError(
        `tagsOfSpans: an entity is at words ${first} … ${end} of ${length}; expected whole numbers first < end, after the entity before it.`,
      );
    }
    for (let i = first; i < end; i++) tags[i] = `I-${type}`;
    const touches = before !== undefined && before.end === first && before.type === type;
    if (scheme !== "IOB1" || touches) tags[first] = `B-${type}`;
    if (scheme === "IOBES") tags[end - 1] = end - first === 1 ? `S-${type}` : `E-${type}`;
    before = span;
  }
  return tags;
}

/**
 * Writes tags in another scheme.
 *
 * @param from the scheme they are in
 * @throws DataError when the tags are not valid in `from`, naming the first word where they are not
 * @example convertTags(["I-person", "I-person", "O"], "IOB1", "IOBES"); // ["B-person", "E-person", "O"]
 */
export function convertTags(tags: readonly string[], from: TagScheme, to: TagScheme): string[] {
  checkOption("convertTags", "from", from, aScheme);
  checkOption("convertTags", "to", to, aScheme);
  const spans = spansOf(tags);
  const valid = tagsOfSpans(spans, tags.length, from);
  const wrong = tags.findIndex((tag, i) => tag !== valid[i]);
  if (wrong >= 0) {
    throw new DataError(
      `convertTags: word ${wrong} has the tag "${tags[wrong]}", which in ${from} would be "${valid[wrong]}" here. Check the scheme.`,
    );
  }
  return tagsOfSpans(spans, tags.length, to);
}

/**
 * The scheme of sentences: the first one in which none of them breaks a rule, of IOB2, IOB1, IOBES.
 *
 * @returns undefined where every scheme is broken somewhere
 */
export function detectScheme(sentences: Iterable<readonly string[]>): TagScheme | undefined {
  const possible = new Set<TagScheme>(["IOB2", "IOB1", "IOBES"]);
  const read = (place: string, tags: unknown) => expectTexts(place, tags);
  for (const tags of eachText("detectScheme: sentences", sentences, read)) {
    const spans = spansOf(tags);
    for (const scheme of possible) {
      const valid = tagsOfSpans(spans, tags.length, scheme);
      if (tags.some((tag, i) => tag !== valid[i])) possible.delete(scheme);
    }
    if (possible.size === 0) return undefined;
  }
  return possible.values().next().value;
}

function partsOf(tag: string): [letter: string, type: string] {
  return tag === "O" ? ["O", ""] : [tag[0]!, tag.slice(2)];
}
