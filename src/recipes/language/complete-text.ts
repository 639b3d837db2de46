/** The next word, as a keyboard proposes it: the one under way is completed, else the one that may follow. */

import { ConfigError } from "../../errors.js";
import { mostProbableTokens, TokenStream } from "../../generation/index.js";
import { formatValue } from "../../options/index.js";
import { expectText } from "../../tensor/expect-text.js";
import type { TextCodec } from "../../text/index.js";
import { prepareText } from "../../text/text-preparation.js";
import { expectOpened } from "../check-answers.js";
import { beginningOf, type LanguageModel } from "./language-metadata.js";

/** A word that may come next. */
export interface Completion {
  /** The whole word, with what of it is there already. */
  readonly word: string;
  /** Given the text, and what of the word is there. */
  readonly probability: number;
}

/** Characters of words: letters, digits, marks and joiners. */
const WORD = /^[\p{L}\p{N}\p{M}'’\-\u200c\u200d]+$/u;
// From where a word begins only: tried at each of its letters, a long word takes the square of its length.
const LAST_WORD = /(?<![\p{L}\p{N}\p{M}'’\-\u200c\u200d])[\p{L}\p{N}\p{M}'’\-\u200c\u200d]+$/u;

/** Text of an incomplete character. */
const PART = "\ufffd";

/** Beginnings of a word that are continued at once. */
const BEAMS = 32;
/** Tokens that a word may still need. */
const LONGEST = 24;

/**
 * The likeliest next words with their probabilities.
 *
 * @param count how many; fewer come back where the model knows no more
 * @throws ConfigError for a count that is none, and an empty text where the model knows no line break to begin after
 * @example await completeText(lm, "The United St", 3); // [{ word: "States", probability: 0.97 }, …]
 */
export async function completeText(lm: LanguageModel, text: string, count = 5): Promise<Completion[]> {
  expectOpened("completeText: lm", "asLanguageModel", lm, ["model", "codec"]);
  if (!Number.isInteger(count) || count < 1) {
    throw new ConfigError(`completeText: count must be a whole number of at least 1, received ${formatValue(count)}.`);
  }
  expectText("completeText: text", text);
  const typed = LAST_WORD.exec(text)?.[0] ?? "";
  const found =
    lm.codec.kind === "words" ? await nextWords(lm, text, typed, count) : await spellWords(lm, text, typed, count);
  return found.sort((a, b) => b.probability - a.probability).slice(0, count);
}

/** Reads a text. @returns the stream after it, and log p of what follows */
async function readText(lm: LanguageModel, text: string) {
  const { model, codec } = lm;
  const ids = [...beginningOf(lm), ...codec.encode(text)];
  if (ids.length === 0)
    throw new ConfigError("completeText: the model knows no line break to begin after; give a text.");
  const exclude = codec.unknown === undefined ? [] : [codec.unknown];
  const stream = await TokenStream.open(model, 1, { fromLogits: true, exclude });
  let next: Float64Array | undefined;
  for (const id of ids) [next] = stream.say([id]);
  return { stream, next: next!, exclude };
}

/** A model of words knows them whole: those that begin with what is typed share its probability. */
async function nextWords(lm: LanguageModel, text: string, typed: string, count: number): Promise<Completion[]> {
  const { codec } = lm;
  const { next } = await readText(lm, text.slice(0, text.length - typed.length));
  const start = prepareText(typed, codec.toJSON());
  const words = Array.from({ length: codec.size }, (_, id) => id).filter(
    (id) => id !== codec.unknown && WORD.test(codec.token(id)) && codec.token(id).startsWith(start),
  );
  const all = typed === "" ? 1 : words.reduce((sum, id) => sum + Math.exp(next[id]!), 0);
  return mostProbableTokens(
    words.map((id) => next[id]!),
    count,
  ).map((i) => ({ word: codec.token(words[i]!), probability: Math.exp(next[words[i]!]!) / all }));
}

/** A beginning of a word. */
interface Spelling {
  /** The tokens after the text. */
  readonly ids: readonly number[];
  readonly text: string;
  readonly log: number;
  readonly parent: number;
}

/**
 * A model of characters or pieces spells them: a word ends where something follows that is not part of one. Pieces are parts of words in
 * one way only, and bring the space before a word with them, so of a word under way they are chosen anew.
 */
async function spellWords(lm: LanguageModel, text: string, typed: string, count: number): Promise<Completion[]> {
  const { model, codec } = lm;
  const whole = text.slice(0, text.length - typed.length);
  const space = codec.kind === "pieces" && whole.endsWith(" ") ? " " : "";
  const [context, start] =
    codec.kind === "pieces" ? [whole.slice(0, whole.length - space.length), space + typed] : [text, ""];
  const known = codec.kind === "pieces" ? "" : typed;
  const { stream: before, next, exclude } = await readText(lm, context);
  const parts = Array.from({ length: codec.size }, (_, id) => codec.decode([id]));
  const enders = [...parts.keys()].filter((id) => endsWord(parts[id]!));
  const stream = await TokenStream.open(model, BEAMS, { fromLogits: true, exclude });
  stream.goOnFrom(before, new Array<number>(BEAMS).fill(0));
  const words = new Map<string, number>();
  let beams: readonly Spelling[] = [{ ids: [], text: "", log: 0, parent: 0 }];
  let following: readonly Float64Array[] = [next];
  for (let step = 0; step < LONGEST; step++) {
    const longer = beams.flatMap((beam, k) => {
      const word = known + beam.text.slice(space.length);
      if (word !== "" && beam.text.startsWith(start) && !word.includes(PART)) {
        const ended = enders.reduce((sum, id) => sum + Math.exp(beam.log + following[k]![id]!), 0);
        words.set(word, (words.get(word) ?? 0) + ended);
      }
      return goOn(beam, k, following[k]!, parts, codec, start);
    });
    beams = longer.sort((a, b) => b.log - a.log).slice(0, BEAMS);
    // A beginning that is less probable than every needed word cannot become more probable.
    const needed = [...words.values()].sort((a, b) => b - a)[count - 1] ?? 0;
    if (beams.length === 0 || Math.exp(beams[0]!.log) < needed) break;
    const held = Array.from({ length: BEAMS }, (_, k) => beams[k] ?? beams[0]!);
    if (step > 0) stream.follow(held.map(({ parent }) => parent));
    following = stream.say(held.map(({ ids }) => ids.at(-1)!));
  }
  const left = beams.reduce((sum, { text, log }) => sum + (text.startsWith(start) ? Math.exp(log) : 0), 0);
  const all = typed === known ? 1 : [...words.values()].reduce((sum, value) => sum + value, left);
  return [...words].map(([word, probability]) => ({ word, probability: probability / all }));
}

/** A beginning with one more token, for the likeliest tokens that leave it one. */
function goOn(
  { ids, text, log }: Spelling,
  parent: number,
  next: Float64Array,
  parts: readonly string[],
  codec: TextCodec,
  start: string,
): Spelling[] {
  const longer = parts.flatMap((part, id): Spelling[] => {
    if (next[id]! === Number.NEGATIVE_INFINITY) return [];
    const spelt = part.includes(PART) || text.endsWith(PART) ? codec.decode([...ids, id]) : text + part;
    return isBeginning(spelt, start) ? [{ ids: [...ids, id], text: spelt, log: log + next[id]!, parent }] : [];
  });
  return longer.sort((a, b) => b.log - a.log).slice(0, BEAMS);
}

/** Whether a text can become a word that begins with `start`. A character that is not whole yet can. */
function isBeginning(spelt: string, start: string): boolean {
  const whole = spelt.replace(/(?<!\ufffd)\ufffd+$/, "");
  if (whole.length < start.length) return start.startsWith(whole);
  const word = whole.slice(start.startsWith(" ") ? 1 : 0);
  return whole.startsWith(start) && (word === "" || WORD.test(word));
}

/** Whether a token that follows a word is no part of it. */
function endsWord(part: string): boolean {
  const [first = ""] = part;
  return first !== PART && !WORD.test(first);
}
