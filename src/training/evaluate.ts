/** Evaluation of a model on examples, in inference mode. */
import type { BatchFeed } from "./batch-feed.js";
import type { Batch } from "./batches.js";
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
  /** Of the call that the evaluation is a part of. */
  readonly turn?: Turn | undefined;
}

/** Loss and metrics over all examples of a feed's first epoch, in inference mode. */
export function evaluate(
  model: Judge & Pick<Trainable, "metricValue">,
  feed: BatchFeed,
  { onBatch, signal, turn: given }: EvaluationOptions = {},
): Promise<Logs> {
  const run = async (turn?: Turn): Promise<Logs> => {
    const running = new RunningLogs(model);
    const yieldToEventLoop = eventLoopYielder();
    const reader = await feed.begin(0, 0, 0);
    try {
      for (let done = 1; !signal?.aborted; done++) {
        const next = reader.next();
        const fed = next instanceof Promise ? await next : next;
        if (!fed) break;
        running.add(await model.testStep(fed.examples, fed.batch, turn));
        onBatch?.(done, running.logs());
        await yieldToEventLoop();
      }
    } finally {
      await reader.close?.();
    }
    return running.logs();
  };
  // Data in pieces may come from other calls of the device.
  return model.inTurn && !given && !feed.inPieces ? model.inTurn(run) : run(given);
}
