/** Tags of sentences to be measured on that a tagger has never seen: it cannot give them, so the words that have them count as missed. */
import { pickSentences, sentenceCount, type TaggedSentences } from "../../datasets/index.js";
import { DataError } from "../../errors.js";
import type { TaggerCodec } from "./tagger-codec.js";

/** Number of words with each tag that a tagger does not know. */
export type UnknownTags = Readonly<Record<string, number>>;

/**
 * The tags of sentences that a tagger does not know.
 *
 * @param chosen whether somebody gave these sentences to be measured on; what was set aside at random is taken as it is
 * @throws DataError where it knows none of them: the tags are in another column, or of another set
 */
export function unknownTagsOf(
  codec: TaggerCodec,
  { tags, tagIds }: TaggedSentences,
  source: string,
  chosen = true,
): UnknownTags {
  const counts = new Float64Array(tags.length);
  for (const id of tagIds) counts[id]!++;
  const occurring = tags.map((tag, id) => [tag, counts[id]!] as const).filter(([, count]) => count > 0);
  const unknown = occurring.filter(([tag]) => codec.tagId(tag) === undefined);
  if (chosen && unknown.length > 0 && unknown.length === occurring.length) {
    const known = codec.vocabulary.tags.slice(0, 20).join(", ");
    throw new DataError(
      `${source}: the model knows none of its tags, such as ${JSON.stringify(unknown[0]![0])}; it knows ${known}. Check that the tag column is the right one.`,
    );
  }
  return Object.fromEntries(unknown);
}

/** Note about unknown tags; undefined if there are none. */
export function unknownTagsNote(source: string, unknown: UnknownTags): string | undefined {
  const all = Object.entries(unknown);
  if (all.length === 0) return undefined;
  const named = all.slice(0, 8).map(([tag, count]) => `${tag} (${count} ${count === 1 ? "word" : "words"})`);
  return (
    `${source}: has tags that the model does not know: ${named.join(", ")}${all.length > 8 ? ", …" : ""}. Their words count as missed, and the ` +
    "loss leaves out the sentences they are in."
  );
}

/** The sentences all of whose tags a tagger knows; the very same object where that is all of them. */
export function sentencesOfKnownTags(codec: TaggerCodec, sentences: TaggedSentences): TaggedSentences {
  const { tags, tagIds, starts } = sentences;
  const known = tags.map((tag) => codec.tagId(tag) !== undefined);
  const count = sentenceCount(sentences);
  const rows = Array.from({ length: count }, (_, i) => i).filter((i) =>
    tagIds.subarray(starts[i], starts[i + 1]).every((id) => known[id]),
  );
  return rows.length === count ? sentences : pickSentences(sentences, rows);
}
