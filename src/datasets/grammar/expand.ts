/**
 * Expands a grammar into one sentence, passing polarity down through `{+symbol}` and `{-symbol}`.
 * Within one sentence no terminal of two different ones is used twice where the list allows it, so that a review
 * does not call the same plot both dull and clever.
 */
import type { Random } from "../../tensor/random.js";
import type { Grammar } from "./rules.js";

/** Says whether `word` may stand in the signed slot of `rule`. */
export type Admits = (rule: string, word: string) => boolean;

const slot = /\{([+-]?)(\w+)\}/g;

/**
 * One sentence of `grammar`, starting from `symbol`, that means `polarity` (1 positive, 0 negative).
 * The result is capitalised, with articles adjusted ("an elegant case").
 */
export function expand(grammar: Grammar, symbol: string, polarity: 0 | 1, random: Random, admits: Admits): string {
  const used = new Set<string>();

  const write = (name: string, wanted: 0 | 1, signedIn: string | undefined): string => {
    const alternatives = grammar[name]!;
    const all = "positive" in alternatives ? (wanted ? alternatives.positive : alternatives.negative) : alternatives;
    const allowed = all.filter((text) => !used.has(text) && (signedIn === undefined || admits(signedIn, text)));
    const chosen = allowed[random.integer(allowed.length)]!;
    if (chosen.includes("{"))
      return chosen.replace(slot, (_, sign: string, inner: string) => fill(chosen, sign, inner, wanted));
    if (chosen) used.add(chosen);
    return chosen;
  };
  const fill = (rule: string, sign: string, name: string, outer: 0 | 1): string =>
    write(name, sign === "-" ? (outer ? 0 : 1) : outer, sign ? rule : undefined);

  return punctuate(write(symbol, polarity, undefined));
}

function punctuate(text: string): string {
  return text
    .replace(/ +/g, " ")
    .replace(/\ba (?=[aeiou])/g, "an ")
    .replace(/(^|\. )([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
}
