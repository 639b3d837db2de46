/** Words and marks → a text with the spaces that people write. */

const CLOSING = /^[.,;:!?%)\]}»›”’'…،؛؟٪。、，！？；：）」』】]+$/u;
const OPENING = /^[([{«‹“‘¿¡$£€#@（「『【]$/u;
const JOINING = "/";
const UNSPACED = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const FULL_WIDTH = /^[。、，！？；：）」』】（「『【]/u;

/**
 * The text of tokens such as `wordTokens` gives: no space before ",.;:!?" and closing brackets, none after opening ones,
 * none beside a line break, none within scripts that have none. The quotation mark " opens and closes by turns in a line.
 */
export function joinWords(tokens: readonly string[]): string {
  let text = "";
  let before = "\n";
  let quoted = false;
  for (const token of tokens) {
    const quote = token === '"';
    if (quote) quoted = !quoted;
    if (token === "\n") quoted = false;
    const opened = OPENING.test(before) || (before === '"' && quoted && !quote);
    const closes = CLOSING.test(token) || (quote && !quoted);
    if (!(opened || closes || isTight(before, token)) || wouldMerge(before, token)) text += " ";
    text += token;
    before = token;
  }
  return text;
}

function isTight(before: string, token: string): boolean {
  if (before === "\n" || token === "\n" || before === JOINING || token === JOINING) return true;
  return (UNSPACED.test(token) || FULL_WIDTH.test(token)) && (UNSPACED.test(before) || FULL_WIDTH.test(before));
}

/** Two full stops are not the mark "..". */
function wouldMerge(before: string, token: string): boolean {
  return before.endsWith(token[0]!) && (token[0] === "." || token[0] === "-");
}
