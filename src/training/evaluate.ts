/** Judging a model on examples, in inference mode. */
import type { Batch, BatchSource } from "./batches.js";
import { type Logs, RunningLogs } from "./logs.js";
import type { Examples, StepTotals, Trainable, Turn } from "./trainable.js";
import { eventLoopYielder } from "./yield-to-event-loop.js";

/** A model, as far as judging it goes. */
interface Judge {
  /** Judges a batch, in inference mode. */
  testStep(examples: Examples, batch: Batch, turn?: Turn): Promise<StepTotals>;
  /** Does work of several steps with no other call between: steps that are given its turn belong to it, others wait. */
  inTurn?<Result>(work: (turn: Turn) => Promise<Result>): Promise<Result>;
}

interface EvaluationOptions {
  /** Hears of every step: the number of steps done, and the numbers so far. */
  readonly onBatch?: (done: number, logs: Logs) => void;
  /** Cuts the evaluation short; what comes back is then of the examples seen. */
  readonly signal?: { readonly aborted: boolean } | undefined;
}

/** Loss and metrics over all examples, in inference mode. @param batches in the order in which they are read */
export function evaluate(
  model: Judge & Pick<Trainable, "metricValue">,
  examples: Examples,
  batches: BatchSource,
  { onBatch, signal }: EvaluationOptions = {},
): Promise<Logs> {
  const run = async (turn?: Turn): Promise<Logs> => {
    const running = new RunningLogs(model);
    const yieldToEventLoop = eventLoopYielder();
    const batchAt = batches.epoch(0, 0);
    for (let batch = 0; batch < batches.steps && !signal?.aborted; batch++) {
      running.add(await model.testStep(examples, batchAt(batch), turn));
      onBatch?.(batch + 1, running.logs());
      await yieldToEventLoop();
    }
    return running.logs();
  };
  return model.inTurn ? model.inTurn(run) : run();
}
