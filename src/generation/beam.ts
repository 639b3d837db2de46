/** Beam search: the few best beginnings of one sequence, all gone on with at once (Graves 2012; Sutskever, Vinyals & Le 2014). */
import { likeliestFew } from "./choose-token.js";

/** A token and those before it. Sequences share their beginnings, so that a step costs the same however long they are. */
export interface TokenChain {
  readonly token: number;
  readonly before: TokenChain | undefined;
}

/** A beginning of a sequence. */
export interface Hypothesis {
  /** Its last token; undefined where nothing is said yet. */
  readonly chain: TokenChain | undefined;
  /** Number of its tokens. */
  readonly length: number;
  /** Σ log p over its tokens, the end included. */
  readonly logProbability: number;
  /** Whether it has come to the end. */
  readonly ended: boolean;
  /** Which of the hypotheses before it goes on. */
  readonly parent: number;
}

/** How hypotheses are ranked and ended. */
export interface BeamRule {
  readonly width: number;
  readonly end: number;
  /** Scores are log p / length^penalty: 0 compares the probabilities, 1 their mean per token. */
  readonly lengthPenalty: number;
}

/** Where every beam begins: nothing said yet. */
export const beginning: readonly Hypothesis[] = [
  { chain: undefined, length: 0, logProbability: 0, ended: false, parent: 0 },
];

/**
 * The best hypotheses one token later. Those that have ended stay as they are.
 *
 * @param next log p of each token after each hypothesis
 */
export function advanceBeam(
  beam: readonly Hypothesis[],
  next: readonly ArrayLike<number>[],
  rule: BeamRule,
): readonly Hypothesis[] {
  const candidates = beam.flatMap((hypothesis, parent): Hypothesis[] => {
    if (hypothesis.ended) return [{ ...hypothesis, parent }];
    return likeliestFew(next[parent]!, rule.width).map((token) =>
      extend(hypothesis, token, { logProbability: next[parent]![token]!, end: rule.end, parent }),
    );
  });
  return candidates.sort((a, b) => scoreOf(b, rule) - scoreOf(a, rule)).slice(0, rule.width);
}

/** A hypothesis with one more token. @param step log p of the token, the token that ends sequences, and the hypothesis' place in its beam */
export function extend(
  { chain, length, logProbability }: Hypothesis,
  token: number,
  step: { readonly logProbability: number; readonly end: number; readonly parent: number },
): Hypothesis {
  const ended = token === step.end;
  return {
    chain: ended ? chain : { token, before: chain },
    length: ended ? length : length + 1,
    logProbability: logProbability + step.logProbability,
    ended,
    parent: step.parent,
  };
}

/** The tokens of a hypothesis, the first first. */
export function tokensOf({ chain, length }: Hypothesis): number[] {
  const tokens = new Array<number>(length);
  let link = chain;
  for (let i = length - 1; link; i--, link = link.before) tokens[i] = link.token;
  return tokens;
}

function scoreOf({ length, ended, logProbability }: Hypothesis, { lengthPenalty }: BeamRule): number {
  return logProbability / Math.max(1, length + (ended ? 1 : 0)) ** lengthPenalty;
}
