/**
 * The grammar of the built-in reviews: a context-free grammar with one inherited attribute, polarity.
 * `{+name}` expands with the polarity of the rule it stands in, `{-name}` with the opposite one, `{name}` with none.
 * A negation is therefore a rule such as "the {aspect} was not {-adjective} at all", and "but" is "{-clause}, but {+clause}".
 * Every rule is written for both polarities alike, so function words alone do not reveal the label.
 */

/** The ways a symbol can be written: one list, or one list per polarity. */
export type Alternatives =
  | readonly string[]
  | { readonly positive: readonly string[]; readonly negative: readonly string[] };

/** A grammar: symbol → alternatives. An alternative without braces is a terminal. */
export type Grammar = Readonly<Record<string, Alternatives>>;

/** Sentences and clauses, shared by all domains. An alternative listed n times is n times as likely. */
export const rules = {
  review: [
    ...Array<string>(6).fill("{+simple}"),
    ...Array<string>(6).fill("{+agreement}"),
    ...Array<string>(5).fill("{+contrast}"),
    ...Array<string>(1).fill("{+expectation}"),
    ...Array<string>(1).fill("{+claim}"),
  ],

  simple: [
    ...Array<string>(2).fill("{+clause}."),
    "{scene}, and {+clause}.",
    "{scene}. {+clause}.",
    "{+clause}. {scene}.",
    "{+wish}.",
    "{+wish}, and {+clause}.",
  ],
  agreement: [
    "{+clause} and {+clause}.",
    "{+clause}, and what is more, {+clause}.",
    "{+clause}. {+clause}.",
    "{+clause}. besides, {+clause}.",
  ],
  contrast: [
    "{-clause}, but {+clause}.",
    "{-clause}, yet {+clause}.",
    "{-clause}. still, {+clause}.",
    "{-clause}. however, {+clause}.",
    "although {-clause}, {+clause}.",
    "even if {-clause}, {+clause}.",
    "despite the {-adjective} {aspect}, {+clause}.",
    "in spite of the {-adjective} {aspect}, {+clause}.",
    "{+clause}, although {-clause}.",
    "{+clause}, even if {-clause}.",
    "{+clause} despite the {-adjective} {aspect}.",
    "{+clause} in spite of the {-adjective} {aspect}.",
  ],
  expectation: [
    "I expected to {-love} it, but {+clause}.",
    "I wanted to {-love} it, yet {+clause}.",
    "I expected a {-adjective} {thing} and got a {+adjective} one.",
    "I got a {+adjective} {thing} when I expected a {-adjective} one.",
    "the {advert} promised a {-noun} and we got a {+noun}.",
    "we got a {+noun} when the {advert} promised a {-noun}.",
  ],
  claim: [
    "it is not true that {-fact}.",
    "it is true that {+fact}.",
    "I was wrong to think that {-fact}.",
    "I was right to think that {+fact}.",
    "they say that {-fact}, and they are wrong.",
    "they say that {+fact}, and they are right.",
  ],

  clause: [...Array<string>(3).fill("{+fact}"), "{+feeling}"],
  fact: [
    ...Array<string>(13).fill("{+plain}"),
    ...Array<string>(3).fill("{+emphatic}"),
    ...Array<string>(6).fill("{+negated}"),
  ],
  plain: [
    "the {aspect} was {very} {+adjective}",
    "the {aspect} seemed {very} {+adjective}",
    "the {aspect} is {very} {+adjective}",
    "it is a {very} {+adjective} {thing}",
    "this {thing} is {very} {+adjective}",
    "the {aspect} is a {+noun}",
  ],
  emphatic: [
    "the {aspect} was nothing but {+adjective}",
    "the {aspect} was never less than {+adjective}",
    "the {aspect} could not have been more {+adjective}",
    "nobody can deny the {aspect} was {+adjective}",
    "it is nothing short of a {+noun}",
    "the {aspect} was not just {+adjective}, it was a {+noun}",
  ],
  negated: [
    "the {aspect} was not {-adjective} at all",
    "the {aspect} was not {very} {-adjective}",
    "the {aspect} was hardly {-adjective}",
    "the {aspect} was never {-adjective}",
    "the {aspect} was far from {-adjective}",
    "the {aspect} was anything but {-adjective}",
    "nothing about the {aspect} was {-adjective}",
    "there is nothing {-adjective} about the {aspect}",
    "nobody could call the {aspect} {-adjective}",
    "the {aspect} was nowhere near as {-adjective} as the {advert}",
    "the {aspect} was less {-adjective} than the {advert}",
    "the {aspect} could not have been less {-adjective}",
    "it is hardly the {-adjective} {thing} they promised",
    "it is not the {-noun} they promised",
    "the {aspect} is far from a {-noun}",
    "the {aspect} is anything but a {-noun}",
  ],
  feeling: [
    ...Array<string>(3).fill("I {+loved} the {aspect}"),
    ...Array<string>(3).fill("I found the {aspect} {very} {+adjective}"),
    "I remember the {+adjective} {aspect}",
    "I think the {aspect} is a {+noun}",
    "no doubt the {aspect} was {+adjective}",
    "I have never known a more {+adjective} {thing}",
    "I could not help but {+love} the {aspect}",
    "I did not {-love} the {aspect}",
    "I never {-loved} the {aspect}",
    "I would not call the {aspect} {very} {-adjective}",
    "I did not find the {aspect} {-adjective}",
  ],
  wish: {
    positive: [
      "if only every {thing} were half as {+adjective}",
      "I wish every {thing} were this {+adjective}",
      "the {aspect} could have been less {+adjective} and still be a {+noun}",
    ],
    negative: [
      "if only the {aspect} were half as {-adjective} as the {advert}",
      "I wish the {aspect} were less {+adjective}",
      "the {aspect} could have been more {-adjective}",
    ],
  },

  very: ["", "", "really", "very", "truly"],
  love: {
    positive: ["love", "enjoy", "admire", "adore", "like"],
    negative: ["hate", "dislike", "despise", "loathe", "detest"],
  },
  loved: {
    positive: ["loved", "enjoyed", "admired", "adored", "liked"],
    negative: ["hated", "disliked", "despised", "loathed", "detested"],
  },
  noun: {
    positive: ["masterpiece", "triumph", "delight", "joy", "treat", "success", "wonder"],
    negative: ["mess", "disaster", "failure", "chore", "letdown", "disgrace", "mistake"],
  },
} as const satisfies Grammar;

const praise = ["good", "great", "brilliant", "impressive", "wonderful", "lovely", "excellent", "superb"];
const blame = ["bad", "terrible", "awful", "weak", "disappointing", "poor", "dreadful", "horrible"];

/** Rules of each domain: its things, their aspects, and adjectives that fit them. */
export const domains: readonly Grammar[] = [
  {
    thing: ["film", "movie", "picture"],
    advert: ["trailer", "poster"],
    aspect: [
      ...["plot", "ending", "opening", "script", "acting", "cast", "music", "story", "dialogue", "pace"],
      ...["hero", "villain", "romance", "finale", "humour", "lighting"],
    ],
    scene: [
      "I saw it last night",
      "we watched it on a train",
      "my sister chose it",
      "it runs for two hours",
      "it was made in one summer",
    ],
    adjective: {
      positive: [...praise, "funny", "moving", "clever", "gripping", "charming", "original"],
      negative: [...blame, "boring", "dull", "tedious", "silly", "predictable", "clumsy"],
    },
  },
  {
    thing: ["camera", "gadget", "device"],
    advert: ["advert", "box"],
    aspect: [
      ...["battery", "screen", "sound", "flash", "case", "design", "manual", "charger", "zoom"],
      ...["menu", "handle", "lens"],
    ],
    scene: [
      "I bought it in march",
      "it arrived on a monday",
      "my brother gave it to me",
      "we use it every day at work",
      "it came in a brown box",
    ],
    adjective: {
      positive: [...praise, "sturdy", "reliable", "clever", "elegant", "handy", "solid"],
      negative: [...blame, "flimsy", "noisy", "clumsy", "fragile", "ugly", "faulty"],
    },
  },
];
