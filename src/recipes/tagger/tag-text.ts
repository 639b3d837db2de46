/** Entities that a trained tagger finds in free text. */

import { SentenceBuilder, spansOf, type TaggedSentences } from "../../datasets/index.js";
import { expectTexts } from "../../tensor/expect-text.js";
import { type TokenSpan, tokenSpans } from "../../text/index.js";
import { expectOpened } from "../check-answers.js";
import { predictTags } from "./score-tagger.js";
import type { Tagger } from "./tagger-metadata.js";

/** A token and its tag. */
export interface TaggedToken extends TokenSpan {
  readonly tag: string;
}

/** An entity and where it stands. */
export interface TaggedSpan extends TokenSpan {
  /** Its type, such as "person". */
  readonly label: string;
}

/** Result of {@link tagText} for one text. */
export interface TaggedText {
  readonly text: string;
  readonly tokens: readonly TaggedToken[];
  /** The entities, in their order. */
  readonly spans: readonly TaggedSpan[];
}

/**
 * Finds the entities of texts, each by itself. Sentences are cut at line breaks and behind a mark that ends them.
 *
 * @returns offsets in code units: `text.slice(start, end)` is the entity
 * @example const [{ spans }] = await tagText(tagger, ["Barack Obama visited Tehran"])
 */
export async function tagText(tagger: Tagger, texts: readonly string[]): Promise<TaggedText[]> {
  expectOpened("tagText: tagger", "asTagger", tagger, ["model", "codec", "metadata"]);
  const { model, codec, metadata } = tagger;
  const cut = expectTexts("tagText: texts", texts).map(sentencesOf);
  const all = cut.flat();
  if (all.length === 0) return texts.map((text) => ({ text, tokens: [], spans: [] }));
  const predicted = await predictTags({ model, codec, options: metadata.options }, untagged(all));
  let at = 0;
  return cut.map((sentences, i) => {
    const text = texts[i]!;
    const tokens: TaggedToken[] = [];
    const spans: TaggedSpan[] = [];
    for (const sentence of sentences) {
      const tags = sentence.map(() => codec.vocabulary.tags[predicted[at++]!]!);
      for (const [k, token] of sentence.entries()) tokens.push({ ...token, tag: tags[k]! });
      for (const { first, end, type } of spansOf(tags)) {
        const [start, stop] = [sentence[first]!.start, sentence[end - 1]!.end];
        spans.push({ text: text.slice(start, stop), label: type, start, end: stop });
      }
    }
    return { text, tokens, spans };
  });
}

function sentencesOf(text: string): TokenSpan[][] {
  const sentences: TokenSpan[][] = [];
  let current: TokenSpan[] = [];
  for (const token of tokenSpans(text)) {
    if (current.length > 0 && endsBefore(token, current, text)) {
      sentences.push(current);
      current = [];
    }
    current.push(token);
  }
  return current.length > 0 ? [...sentences, current] : sentences;
}

/** Whether a sentence ends before a token: at a line break, or where a mark, a space and no small letter follow one another. */
function endsBefore(next: TokenSpan, sentence: readonly TokenSpan[], text: string): boolean {
  const mark = sentence.at(-1)!;
  if (/[\n\r]/.test(text.slice(mark.end, next.start))) return true;
  // "Mr. Smith", "St. Louis": behind a short word with a capital a full stop ends none.
  const short = mark.text === "." && /^\p{Lu}\p{L}{0,2}$/u.test(sentence.at(-2)?.text ?? "");
  return /^[.!?؟…]+$/.test(mark.text) && !short && mark.end < next.start && !/^\p{Ll}/u.test(next.text);
}

function untagged(sentences: readonly (readonly TokenSpan[])[]): TaggedSentences {
  const builder = new SentenceBuilder();
  for (const sentence of sentences) {
    for (const { text } of sentence) builder.add(text, "O");
    builder.endSentence();
  }
  return builder.finish();
}
