/** Evaluation with a line of progress, where it is asked for. */
import { type BatchFeed, evaluate, type Logs, progressLine, type Trainable, type Turn } from "../training/index.js";
import type { EvaluateOptions } from "./model-options.js";

export async function evaluateWithProgress(
  model: Pick<Trainable, "testStep" | "metricValue" | "inTurn">,
  feed: BatchFeed,
  { verbose = 0, progress }: EvaluateOptions,
  turn?: Turn,
): Promise<Logs> {
  const line = verbose === 0 ? undefined : progressLine(verbose === 2 ? 2 : 1, progress);
  line?.begin(feed.steps);
  const logs = await evaluate(model, feed, { turn, onBatch: (done, logsSoFar) => line?.step(done, logsSoFar) });
  line?.end(logs);
  return logs;
}
