/** Beam search: the few best hypotheses of one sequence are extended together (Graves 2012; Sutskever, Vinyals & Le 2014). */
import { mostProbableTokens } from "./choose-token.js";

/** A token and those before it. Sequences share their prefixes, so that the cost of a step does not depend on their length. */
export interface TokenChain {
  readonly token: number;
  readonly before: TokenChain | undefined;
}

/** A hypothesis: the first tokens of a sequence. */
export interface Hypothesis {
  /** Its last token; undefined for the empty hypothesis. */
  readonly chain: TokenChain | undefined;
  /** Number of its tokens. */
  readonly length: number;
  /** Σ log p over its tokens, the end included. */
  readonly logProbability: number;
  /** Whether it has ended. */
  readonly ended: boolean;
  /** Index of the hypothesis that it extends. */
  readonly parent: number;
}

/** Rules of ranking and ending hypotheses. */
export interface BeamRule {
  readonly width: number;
  readonly end: number;
  /** Scores are log p / length^penalty: 0 compares the probabilities, 1 their mean per token. */
  readonly lengthPenalty: number;
}

/** The first beam: one empty hypothesis. */
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
    return mostProbableTokens(next[parent]!, rule.width).map((token) =>
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

/** The tokens of a hypothesis in their order. */
export function tokensOf({ chain, length }: Hypothesis): number[] {
  const tokens = new Array<number>(length);
  let link = chain;
  for (let i = length - 1; link; i--, link = link.before) tokens[i] = link.token;
  return tokens;
}

function scoreOf({ length, ended, logProbability }: Hypothesis, { lengthPenalty }: BeamRule): number {
  return logProbability / Math.max(1, length + (ended ? 1 : 0)) ** lengthPenalty;
}
