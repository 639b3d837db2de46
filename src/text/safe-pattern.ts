/**
 * Regular expressions that come from files. JavaScript's engine looks for a match by trial and error, and a pattern such as (a+)+$ keeps it
 * busy without end, so a pattern is parsed before it runs. Each of its alternatives must be one that published tokenizers have, or of a
 * form whose trials are bounded: nothing repeated within what is repeated, no two repeated sets of characters that overlap. A repetition
 * without an end gets one.
 *
 * @see https://swtch.com/~rsc/regexp/regexp1.html on why trials can take exponential time
 */
import { FormatError } from "../errors.js";

/** The most characters of one repetition in an unknown pattern. No token is longer. */
const mostRepeated = 256;
/** Fewer repetitions count as no repetition. */
const few = 16;
/** The most ways in which one alternative may match the same text, without repetitions. */
const mostWays = 1000;
const mostNested = 20;
const longest = 20_000;

/** Alternatives with more than one repetition that GPT-2, GPT-4, GPT-4o, Llama 3, Qwen, DeepSeek, Mistral and others have: all are linear. */
const contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
const upper = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
const lower = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
const known = new Set([
  "\\s*[\\r\\n]+",
  "\\s*[\\r\\n]",
  "\\s+(?!\\S)",
  "\\s+",
  " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*",
  `[^\\r\\n\\p{L}\\p{N}]?${upper}*${lower}+`,
  `[^\\r\\n\\p{L}\\p{N}]?${upper}+${lower}*`,
  `[^\\r\\n\\p{L}\\p{N}]?${upper}*${lower}+${contraction}`,
  `[^\\r\\n\\p{L}\\p{N}]?${upper}+${lower}*${contraction}`,
]);

/**
 * A pattern that can be run: the given one, with an end for every repetition where it is not among the known ones.
 *
 * @param pattern in the syntax of Hugging Face's tokenizers (Oniguruma)
 * @param name of the file, for messages
 * @throws FormatError for a pattern whose trials have no bound, or that is not understood
 */
export function safePattern(pattern: string, name: string): string {
  if (pattern.length > longest) throw refused(name, pattern, `it has ${pattern.length} characters`);
  const parser = new Parser(pattern, name);
  const alternatives = parser.alternatives(0);
  if (!parser.done) throw refused(name, pattern, "a bracket is closed that was not opened");
  return alternatives.map((each) => (known.has(each.source) ? each.source : bounded(each, name, pattern))).join("|");
}

function bounded(alternative: Alternative, name: string, pattern: string): string {
  const { repeats, ways } = alternative;
  if (ways > mostWays) throw refused(name, pattern, "an alternative has too many optional parts");
  for (const [i, one] of repeats.entries()) {
    const other = repeats.slice(i + 1).find((each) => overlap(one, each));
    if (other !== undefined) {
      throw refused(
        name,
        pattern,
        `${one}… and ${other}… are repeated in one alternative and can take the same characters`,
      );
    }
  }
  return alternative.bounded;
}

function refused(name: string, pattern: string, reason: string): FormatError {
  const shown = JSON.stringify(pattern.length > 60 ? `${pattern.slice(0, 59)}…` : pattern);
  return new FormatError(
    `${name}: the pattern ${shown} is not run, since a text could keep it busy without end: ${reason}. ` +
      "Write it without repetitions in repetitions, or cut the text yourself and give its words.",
  );
}

/** One of the alternatives of a pattern or a group. */
interface Alternative {
  readonly source: string;
  /** The alternative with a limit for every repetition. */
  readonly bounded: string;
  /** Its repeated sets of characters, in their spelling. */
  readonly repeats: readonly string[];
  /** Number of characters that it takes, if that is always the same number and there is one way to take them. */
  readonly width: number | undefined;
  /** Number of ways to take the same text, repetitions left out: optional parts and alternatives multiply. */
  readonly ways: number;
}

/** A part that a quantifier may follow: a set of characters, or a group. Only what has a width can be repeated. */
type Part = Alternative;

class Parser {
  #at = 0;

  constructor(
    readonly pattern: string,
    readonly name: string,
  ) {}

  get done(): boolean {
    return this.#at >= this.pattern.length;
  }

  alternatives(depth: number): Alternative[] {
    if (depth > mostNested) throw refused(this.name, this.pattern, "its groups are nested too deep");
    const found = [this.#alternative(depth)];
    while (this.#take("|")) found.push(this.#alternative(depth));
    return found;
  }

  #alternative(depth: number): Alternative {
    const start = this.#at;
    let [text, width, ways] = ["", 0 as number | undefined, 1];
    const repeats: string[] = [];
    while (!this.done && !"|)".includes(this.pattern[this.#at]!)) {
      const part = this.#quantified(this.#part(depth));
      text += part.bounded;
      repeats.push(...part.repeats);
      width = width === undefined || part.width === undefined ? undefined : width + part.width;
      ways *= part.ways;
    }
    return { source: this.pattern.slice(start, this.#at), bounded: text, repeats, width, ways };
  }

  #part(depth: number): Part {
    const rest = this.pattern.slice(this.#at, this.#at + 300);
    if (rest[0] === "(") return this.#group(depth);
    if (rest[0] === "[") return this.#set(this.#classEnd());
    const escaped = /^\\(?:[pPxu]\{[^}]{1,40}\}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|c[A-Za-z]|[^\dk])/su.exec(rest);
    if (escaped) return this.#set(escaped[0].length);
    if (rest[0] === "\\") throw refused(this.name, this.pattern, "it refers back to what it has matched");
    if ("*+?{".includes(rest[0]!) && rest[0] !== "{") throw refused(this.name, this.pattern, "nothing is repeated");
    return this.#set(String.fromCodePoint(rest.codePointAt(0)!).length);
  }

  #set(length: number): Part {
    const source = this.pattern.slice(this.#at, this.#at + length);
    this.#at += length;
    return { source, bounded: source, repeats: [], width: 1, ways: 1 };
  }

  /** Length of a class in brackets, which may hold others. */
  #classEnd(): number {
    let depth = 0;
    for (let end = this.#at; end < this.pattern.length; end++) {
      const character = this.pattern[end];
      if (character === "\\") end++;
      else if (character === "[") depth++;
      else if (character === "]" && --depth === 0) return end + 1 - this.#at;
    }
    throw refused(this.name, this.pattern, "a class is not closed");
  }

  #group(depth: number): Part {
    const start = this.#at;
    const opening = /^\((?:\?(?:[:=!>]|i:|<[=!]))?/.exec(this.pattern.slice(start, start + 4))![0];
    this.#at += opening.length;
    if (opening === "(" && this.pattern[this.#at] === "?")
      throw refused(this.name, this.pattern, "a group is not known");
    const inside = this.alternatives(depth + 1);
    if (!this.#take(")")) throw refused(this.name, this.pattern, "a group is not closed");
    const takes = !/[=!]$/.test(opening) && inside.length === 1;
    return {
      source: this.pattern.slice(start, this.#at),
      bounded: `${opening}${inside.map((each) => each.bounded).join("|")})`,
      repeats: inside.flatMap((each) => each.repeats),
      width: takes ? inside[0]!.width : undefined,
      ways: inside.reduce((sum, each) => sum + each.ways, 0),
    };
  }

  #quantified(part: Part): Part {
    const start = this.#at;
    const [text, , least, most] =
      /^([*+?]|\{(\d*)(?:,(\d*))?\})[?+]?/.exec(this.pattern.slice(start, start + 20)) ?? [];
    if (text === undefined || /^\{,?\}/.test(text)) return part;
    this.#at += text.length;
    const sign = text[0]!;
    const low = sign === "{" ? Number(least || 0) : sign === "+" ? 1 : 0;
    const given = sign === "{" ? (text.includes(",") ? Number(most || Infinity) : low) : sign === "?" ? 1 : Infinity;
    const source = part.source + text;
    if (low > mostRepeated) throw refused(this.name, this.pattern, `something is repeated ${low} times`);
    if (given <= 1) return { ...part, source, bounded: part.bounded + text, width: undefined, ways: 2 * part.ways };
    if (!part.width) throw refused(this.name, this.pattern, `${part.source.slice(0, 30)} is repeated`);
    const high = Math.max(low, Math.min(given, mostRepeated));
    const lazy = text.length > 1 && text.endsWith("?") ? "?" : "";
    const often = high - low > few;
    const repeats = often ? [part.source] : part.repeats;
    const width = low === high ? part.width * low : undefined;
    if (part.width * high > mostRepeated * few) throw refused(this.name, this.pattern, `${text} repeats too much`);
    const ways = often ? part.ways : part.ways * (high - low + 1);
    return { source, width, ways, repeats, bounded: `${part.bounded}{${low},${high}}${lazy}` };
  }

  #take(character: string): boolean {
    if (this.pattern[this.#at] !== character) return false;
    this.#at++;
    return true;
  }
}

/** Every kind of character there is, a few of each. */
const samples = [
  ...Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)),
  ..."ĀāǅʰאءáéＡ٣Ⅷ²½་‿–«»“‘…。！、–€∑©^ʼ\u2028\u3000\u200b\u200c\u00ad\u0301\u0903\u20dd中あ가กँ😀👍🏽𝔸\ue000\ufeff",
];

/** Whether two sets have a character in common; of what cannot be tried alone, yes. */
function overlap(one: string, other: string): boolean {
  const [a, b] = [one, other].map(testOf);
  return !a || !b || samples.some((sample) => a(sample) && b(sample));
}

function testOf(source: string): ((character: string) => boolean) | undefined {
  try {
    const pattern = new RegExp(`^(?:${source})$`, "su");
    return source.startsWith("(") ? undefined : (character) => pattern.test(character);
  } catch {
    return undefined;
  }
}
