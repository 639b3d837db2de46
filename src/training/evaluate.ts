/** Judging a model on examples, in inference mode. */
import { naturalOrder } from "./batches.js";
import { breather } from "./breather.js";
import { checkCount } from "./check-count.js";
import { type Logs, RunningLogs } from "./logs.js";
import type { Examples, Trainable } from "./trainable.js";

interface EvaluationOptions {
  /** Hears of every step: the number of steps done, and the numbers so far. */
  readonly onBatch?: (done: number, logs: Logs) => void;
  /** Cuts the evaluation short; what comes back is then of the examples seen. */
  readonly signal?: { readonly aborted: boolean } | undefined;
}

/** Loss and metrics over all examples, in inference mode. */
export async function evaluate(
  model: Pick<Trainable, "testStep" | "metricValue">,
  examples: Examples,
  batchSize: number,
  { onBatch, signal }: EvaluationOptions = {},
): Promise<Logs> {
  checkCount("evaluate", "batchSize", batchSize);
  const running = new RunningLogs(model);
  const order = naturalOrder(examples.count);
  const breathe = breather();
  for (let first = 0, done = 1; first < examples.count && !signal?.aborted; first += batchSize, done++) {
    running.add(await model.testStep(examples, order.subarray(first, first + batchSize)));
    onBatch?.(done, running.logs());
    await breathe();
  }
  return running.logs();
}
