/**
 * Expands a grammar into one sentence, passing polarity down through `{+symbol}` and `{-symbol}`.
 * No terminal is used twice in a sentence, so that a review does not call one plot both dull and clever.
 */
import type { Random } from "../../tensor/random.js";
import type { Grammar } from "./rules.js";

/** Returns whether `word` may stand for `symbol` in `rule`. */
export type Admits = (rule: string, symbol: string, word: string) => boolean;

const slot = /\{([+-]?)(\w+)\}/g;

/**
 * One sentence of `grammar`, starting from `symbol`, that means `polarity` (1 positive, 0 negative).
 * The result is capitalised, with articles adjusted ("an elegant case").
 */
export function expand(grammar: Grammar, symbol: string, polarity: 0 | 1, random: Random, admits: Admits): string {
  const used = new Set<string>();

  const write = (rule: string, name: string, wanted: 0 | 1): string => {
    const alternatives = grammar[name]!;
    const all = "positive" in alternatives ? (wanted ? alternatives.positive : alternatives.negative) : alternatives;
    const allowed = all.filter((text) => !used.has(text) && admits(rule, name, text));
    const chosen = allowed[random.integer(allowed.length)]!;
    if (!chosen.includes("{") && chosen !== "") used.add(chosen);
    return chosen.replace(slot, (_, sign: string, inner: string) =>
      write(chosen, inner, sign === "-" ? (wanted ? 0 : 1) : wanted),
    );
  };

  return punctuate(write("", symbol, polarity));
}

function punctuate(text: string): string {
  return text
    .replace(/ +/g, " ")
    .replace(/\ba (?=[aeiou])/g, "an ")
    .replace(/(^|\. )([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
}
