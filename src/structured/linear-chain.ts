/**
 * The linear chain of a conditional random field (Lafferty, McCallum & Pereira 2001). A chain is one table per step:
 * scores[t, b, i, j] is the score of tag j at step t after tag i. The tables contain emissions, transitions,
 * start, end and padding, at which the tag stays the same with score 0. Sums and best paths over chains need only the tables.
 *
 * Before the first step a chain is in tag 0; the scores of a first step do not depend on the tag before.
 */
import {
  add,
  argmax,
  broadcastTo,
  constant,
  equal,
  iota,
  max,
  maximum,
  mul,
  type Node,
  reshape,
  scan,
  sub,
  sum,
  where,
  zeros,
} from "../equations/index.js";
import { LOG_ZERO, logSumExp } from "./log-sum-exp.js";

/** Scores of a path besides its emissions. */
export interface ChainWeights {
  /** [tags, tags]: score of tag j after tag i. */
  readonly transitions: Node;
  /** [tags]: score of a first tag. */
  readonly start: Node;
  /** [tags]: score of a last tag. */
  readonly end: Node;
}

/**
 * The tables of a chain.
 *
 * @param emissions [T, B, tags]
 * @param mask [T, B]; padding may stand anywhere
 * @returns [T, B, tags, tags]
 */
export function chainScores(emissions: Node, { transitions, start, end }: ChainWeights, mask?: Node): Node {
  const [T, B, tags] = emissions.shape as [number, number, number];
  const valid = mask ?? broadcastTo(constant(1), [T, B]);
  const table = (node: Node) => reshape(node, [...node.shape, 1, 1]);
  const [first, last] = [firstSteps(valid, false), firstSteps(valid, true)];
  const score = add(
    reshape(emissions, [T, B, 1, tags]),
    where(table(first), reshape(start, [1, tags]), transitions),
    where(table(last), reshape(end, [1, tags]), 0),
  );
  if (!mask) return score;
  const stay = where(equal(reshape(iota(tags), [tags, 1]), iota(tags)), 0, LOG_ZERO);
  return where(table(mask), score, stay);
}

/** 1 at the first valid step of each sequence, or at the last. */
function firstSteps(valid: Node, fromEnd: boolean): Node {
  const { outputs } = scan({
    sequences: { now: valid },
    initial: { seen: zeros([valid.shape[1]!]) },
    reverse: fromEnd,
    step: ({ now }, { seen }) => ({
      state: { seen: maximum(seen, now) },
      outputs: { first: mul(now, sub(1, seen)) },
    }),
  });
  return outputs.first;
}

/** 1 where the number is the tag: [...] → [..., tags]. */
function oneHot(tags: Node, count: number): Node {
  return equal(reshape(tags, [...tags.shape, 1]), iota(count));
}

/** The state before the first step, as logarithms or as a tag: [B, tags]. */
function before([, B, tags]: readonly number[], inTag: number, elsewhere: number): Node {
  return broadcastTo(constant([inTag, ...new Array<number>(tags! - 1).fill(elsewhere)]), [B!, tags!]);
}

/**
 * −ln P(tags) of each sequence: ln Σ over all paths of e^score, by the forward algorithm, less the score of the given path.
 *
 * @param scores [T, B, tags, tags]
 * @param tags int [T, B]; ignored at padding
 * @param mask [T, B]
 * @returns [B]
 */
export function chainLoss(scores: Node, tags: Node, mask?: Node): Node {
  const [, B, count] = scores.shape as [number, number, number];
  const given = oneHot(tags, count);
  const { outputs, state } = scan({
    sequences: { table: scores, given, ...(mask && { valid: reshape(mask, [...mask.shape, 1]) }) } as Record<
      string,
      Node
    >,
    initial: { forward: before(scores.shape, 0, LOG_ZERO), previous: before(scores.shape, 1, 0) } as Record<
      string,
      Node
    >,
    step: ({ table, given, valid }, { forward, previous }) => {
      const tag = valid ? where(valid, given!, previous!) : given!;
      const afterPrevious = sum(mul(reshape(previous!, [B, count, 1]), table!), [1]);
      return {
        state: { forward: logSumExp(add(reshape(forward!, [B, count, 1]), table!), 1), previous: tag },
        outputs: { score: sum(mul(afterPrevious, tag), [1]) },
      };
    },
  });
  return sub(logSumExp(state.forward!, 1), sum(outputs.score, [0]));
}

/**
 * The path of the highest score (Viterbi 1967): forwards the score of the best path to each tag, backwards from the best last tag to the tag before
 * it on that path. Of paths with equal scores, the lower tag wins.
 *
 * @param scores [T, B, tags, tags]
 * @returns int [T, B]; at padding the tag of the step before, or 0 before the first valid step
 */
export function bestPath(scores: Node): Node {
  const [, B, count] = scores.shape as [number, number, number];
  const forwards = scan({
    sequences: { table: scores },
    initial: { best: before(scores.shape, 0, LOG_ZERO) },
    step: ({ table }, { best }) => ({
      state: { best: max(add(reshape(best, [B, count, 1]), table), [1]) },
      outputs: { best: best },
    }),
  });
  const backwards = scan({
    sequences: { table: scores, best: forwards.outputs.best },
    initial: { tag: oneHot(argmax(forwards.state.best), count) },
    reverse: true,
    step: ({ table, best }, { tag }) => {
      const toTag = sum(mul(table, reshape(tag, [B, 1, count])), [2]);
      return { state: { tag: oneHot(argmax(add(best, toTag)), count) }, outputs: { tag: argmax(tag) } };
    },
  });
  return backwards.outputs.tag;
}
