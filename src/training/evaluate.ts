/** Evaluation of a model on examples, in inference mode. */
import type { Batch, BatchSource } from "./batches.js";
import { type Logs, RunningLogs } from "./logs.js";
import type { Examples, StepTotals, Trainable, Turn } from "./trainable.js";
import { eventLoopYielder } from "./yield-to-event-loop.js";

/** A model, as evaluation needs it. */
interface Judge {
  /** Evaluates a batch, in inference mode. */
  testStep(examples: Examples, batch: Batch, turn?: Turn): Promise<StepTotals>;
  /** Runs work of several steps without other calls between them: steps with its turn run, others wait. */
  inTurn?<Result>(work: (turn: Turn) => Promise<Result>): Promise<Result>;
}

interface EvaluationOptions {
  /** Called after every step with the number of steps done, and the numbers so far. */
  readonly onBatch?: (done: number, logs: Logs) => void;
  /** Ends the evaluation early; the result is then of the examples seen so far. */
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
