import { expect, it } from "vitest";
import { advanceBeam, type Hypothesis, tokensOf } from "./beam.js";

const chain = { token: 3, before: undefined };

it("counts the end as a token of a hypothesis that has ended", () => {
  const ended: Hypothesis = { chain, length: 1, logProbability: -3, ended: true, parent: 0 };
  const open: Hypothesis = { chain, length: 1, logProbability: -1, ended: false, parent: 0 };
  const rule = { width: 2, end: 0, lengthPenalty: 1 };
  // Two tokens each: −3 / 2 of the ended one, (−1 − 2.2) / 2 of the open one. Without the end token the ended one would have −3.
  const next = advanceBeam([ended, open], [[], [-50, -2.2, -50]], rule);
  expect(next.map(({ ended: is }) => is)).toEqual([true, false]);
  expect(next.map(tokensOf)).toEqual([[3], [3, 1]]);
});
