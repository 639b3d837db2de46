/** Detokenization: words and marks → a text with the usual spaces. */

const CLOSING = /^[.,;:!?%)\]}»›”’'…،؛؟٪。、，！？；：）」』】]+$/u;
const OPENING = /^[([{«‹“‘¿¡$£€#@（「『【]$/u;
const JOINING = "/";
const UNSPACED = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const FULL_WIDTH = /^[。、，！？；：）」』】（「『【]/u;

/**
 * The text of tokens such as `wordTokens` gives: no space before ",.;:!?" and closing brackets, none after opening ones,
 * none next to a line break, none within scripts without spaces. The quotation marks " of a line open and close in turn.
 */
export function joinWords(tokens: readonly string[]): string {
  const next = wordJoiner();
  return tokens.map(next).join("");
}

/** {@link joinWords} token by token. @returns a function from a token to the text that it adds: the token, with a space before it where one belongs */
export function wordJoiner(): (token: string) => string {
  let before = "\n";
  let quoted = false;
  return (token) => {
    const quote = token === '"';
    if (quote) quoted = !quoted;
    if (token === "\n") quoted = false;
    const opened = OPENING.test(before) || (before === '"' && quoted && !quote);
    const closes = CLOSING.test(token) || (quote && !quoted);
    const spaced = !(opened || closes || isTight(before, token)) || wouldMerge(before, token);
    before = token;
    return spaced ? ` ${token}` : token;
  };
}

function isTight(before: string, token: string): boolean {
  if (before === "\n" || token === "\n" || before === JOINING || token === JOINING) return true;
  return (UNSPACED.test(token) || FULL_WIDTH.test(token)) && (UNSPACED.test(before) || FULL_WIDTH.test(before));
}

/** Two full stops are not the mark "..". */
function wouldMerge(before: string, token: string): boolean {
  return before.endsWith(token[0]!) && (token[0] === "." || token[0] === "-");
}
