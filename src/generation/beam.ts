/** Beam search: the few best beginnings of one sequence, all gone on with at once (Graves 2012; Sutskever, Vinyals & Le 2014). */
import { likeliestFew } from "./choose-token.js";

/** A beginning of a sequence. */
export interface Hypothesis {
  readonly tokens: readonly number[];
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
export const beginning: readonly Hypothesis[] = [{ tokens: [], logProbability: 0, ended: false, parent: 0 }];

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
    return likeliestFew(next[parent]!, rule.width).map((token) => ({
      tokens: token === rule.end ? hypothesis.tokens : [...hypothesis.tokens, token],
      logProbability: hypothesis.logProbability + next[parent]![token]!,
      ended: token === rule.end,
      parent,
    }));
  });
  return candidates.sort((a, b) => scoreOf(b, rule) - scoreOf(a, rule)).slice(0, rule.width);
}

function scoreOf({ tokens, ended, logProbability }: Hypothesis, { lengthPenalty }: BeamRule): number {
  return logProbability / Math.max(1, tokens.length + (ended ? 1 : 0)) ** lengthPenalty;
}
