/**
 * A corpus of tagged sentences that needs no download: short news from a seeded grammar, in which persons, places, organisations and dates
 * are named. Names are put together from syllables, and those of the test part never occur in training: they are found by their characters
 * and their neighbours, not by heart. Endings such as "-low" are of persons and of places, so that the sentence decides; and new words without a
 * capital, or at the start of a sentence, are not names.
 */

import { checkOptions, integer, type OptionChecks, wholeNumber } from "../options/index.js";
import { Random } from "../tensor/random.js";
import { SentenceBuilder, type TaggedSentences } from "./tagged-sentences.js";

/** Options of `grammarSentences`. */
export interface GrammarSentencesOptions {
  /** Training sentences, at most 50,000. Default 3000. */
  readonly count?: number;
  /** Held-out sentences, at most 50,000. Default 500. */
  readonly testCount?: number;
  /** Any integer; the same seed gives the same corpus. Default 1. */
  readonly seed?: number;
}

type EntityType = "person" | "place" | "organisation" | "date";
type Names = Readonly<Record<EntityType | "thing", () => string>>;

const largest = 50_000;

// A word in braces is an entity, except {thing}; the words around it say which type it is.
const sentences = [
  "{person} visited {place} on {date} .",
  "{person} , who leads {organisation} , spoke in {place} .",
  "{organisation} opened an office in {place} .",
  "in {place} , {person} met {person} .",
  "the chairman of {organisation} , {person} , resigned on {date} .",
  "on {date} {organisation} bought {organisation} .",
  "{person} was born in {place} in {date} .",
  "thousands marched through {place} after the speech .",
  "{organisation} said that {person} would stay .",
  "nobody in {place} had heard of {organisation} .",
  "{person} told reporters that the talks had failed .",
  "the train from {place} to {place} was late again .",
  "shares of {organisation} fell after {person} left .",
  "the court in {place} heard {person} on {date} .",
  "it rained in {place} .",
  "{person} and {person} founded {organisation} in {date} .",
  "the mayor of {place} , {person} , thanked {organisation} .",
  "she works for {organisation} .",
  "he has lived in {place} since {date} .",
  "the meeting was held on {date} .",
  "a storm hit {place} .",
  "workers at {organisation} went on strike .",
  '" we will return to {place} , " said {person} .',
  "the report says nothing about the weather .",
  "{thing} and {thing} are cheap this year .",
  "{thing} is what {person} sells .",
  "the {thing} of {organisation} was stolen in {place} .",
  "they ate {thing} , {thing} and {thing} .",
  "Mr. {person} bought a {thing} ( made in {place} ) .",
  "{person} 's {thing} was found on {date} .",
  "prices rose again last year .",
];

const onsets = ["B", "D", "F", "G", "H", "K", "L", "M", "N", "P", "R", "S", "T", "V", "Br", "Cl", "Dr", "St", "Th"];
const middles = ["a", "e", "i", "o", "u", "ar", "el", "in", "or", "an", "al", "er"];
const links = ["b", "d", "l", "m", "n", "r", "s", "t", "v", "nd", "rt", "ll", "st"];
// A place or a surname by its ending, but not always: "-er" and "-an" end both.
const endings = {
  given: ["a", "o", "us", "ie", "an", "er", "ine"],
  family: ["son", "sen", "ez", "ov", "ini", "er", "man", "low"],
  thing: ["le", "er", "ing", "ock", "ie", "an"],
  place: ["ville", "burg", "ton", "stad", "port", "land", "er", "low"],
};
const companies = ["Bank", "Group", "Motors", "Airlines", "Institute", "Party", "Union", "Records"];
const months = ["January", "March", "April", "May", "July", "August", "October", "December"];
const days = ["Monday", "Tuesday", "Friday", "Sunday"];

const grammarOptions: OptionChecks<GrammarSentencesOptions> = {
  count: wholeNumber(0, largest),
  testCount: wholeNumber(0, largest),
  seed: integer,
};

/**
 * Tagged sentences, in IOB2; no name of the test part occurs in the training part.
 *
 * @throws ConfigError if a count is not an integer from 0 to 50,000 or the seed is not an integer
 * @example const { train, test } = grammarSentences({ count: 3000, seed: 1 });
 */
export function grammarSentences(options: GrammarSentencesOptions = {}): {
  train: TaggedSentences;
  test: TaggedSentences;
} {
  const { count = 3000, testCount = 500, seed = 1 } = checkOptions("grammarSentences", options, grammarOptions);
  const random = new Random(seed);
  return { train: sample(count, random, false), test: sample(testCount, random, true) };
}

function sample(count: number, random: Random, heldOut: boolean): TaggedSentences {
  const builder = new SentenceBuilder();
  const names = namesOf(random, heldOut);
  for (let i = 0; i < count; i++) {
    const pattern = sentences[random.integer(sentences.length)]!;
    for (const [at, part] of pattern.split(" ").entries()) {
      const type = /^\{(\w+)\}$/.exec(part)?.[1] as keyof Names | undefined;
      const text = type === undefined ? part : names[type]();
      if (type === undefined || type === "thing") builder.add(at === 0 ? capitalised(text) : text, "O");
      else addName(builder, text, type);
    }
    builder.endSentence();
  }
  return builder.finish();
}

function addName(builder: SentenceBuilder, name: string, type: EntityType): void {
  for (const [i, word] of name.split(" ").entries()) builder.add(word, `${i === 0 ? "B" : "I"}-${type}`);
}

function namesOf(random: Random, heldOut: boolean): Names {
  const one = (list: readonly string[]) => list[random.integer(list.length)]!;
  // A name belongs to one part or the other, whatever the seed.
  const made = (ends: readonly string[]): string => {
    for (;;) {
      const name =
        one(onsets) +
        one(middles) +
        (random.integer(3) === 0 ? one(links) + one(middles) : "") +
        one(links) +
        one(ends);
      if (isHeldOut(name) === heldOut) return name;
    }
  };
  const given = () => made(endings.given);
  const family = () => made(endings.family);
  const place = () => made(endings.place);
  const thing = () => made(endings.thing).toLowerCase();
  const year = () => String(1900 + random.integer(130));
  const choose = (...ways: (() => string)[]) => ways[random.integer(ways.length)]!();
  return {
    thing,
    person: () =>
      choose(
        family,
        () => `${given()} ${family()}`,
        () => `${given()} ${family()}`,
      ),
    place: () => choose(place, place, () => `${one(["New", "North", "Lake", "San"])} ${place()}`),
    organisation: () =>
      choose(
        () => `${family()} ${one(companies)}`,
        () => `${one(companies)} of ${place()}`,
        () => `${given()} & ${family()}`,
        () => family().slice(0, 3).toUpperCase(),
      ),
    date: () =>
      choose(
        () => one(days),
        year,
        () => `${one(months)} ${year()}`,
        () => `${1 + random.integer(28)} ${one(months)} ${year()}`,
      ),
  };
}

/** FNV-1a over the name: a fixed quarter of all names, whatever the seed. */
function isHeldOut(name: string): boolean {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % 4 === 0;
}

function capitalised(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}
