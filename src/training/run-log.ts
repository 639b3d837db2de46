/** Run log: JSON lines, one object on each line, each with an `event` and a `time`. `tavali runs` reads it. */
import { aFunction, anObject, checkOptions, count, type OptionChecks, wholeNumber } from "../options/index.js";
import { is } from "../schema/index.js";
import type { Callback } from "./callbacks.js";
import { CountedSink, type LogSink } from "./log-sink.js";
import { checkedMemory } from "./training-state.js";

/** Options of `runLog`. */
export interface RunLogOptions {
  /** Further fields of the first line: the task, the options, the model. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Number of steps between logged steps; default: epochs only. */
  readonly steps?: number;
  /** Returns the current time; for tests. */
  readonly now?: () => Date;
  /** Milliseconds of a monotonic clock, to measure epochs; for tests. */
  readonly elapsed?: () => number;
}

const runLogOptions: OptionChecks<RunLogOptions> = {
  facts: anObject,
  steps: count,
  now: aFunction,
  elapsed: aFunction,
};

/**
 * Writes lines of JSON: `start` with the facts and the better direction of each number, `epoch` with an epoch's numbers and seconds, `step`
 * with the numbers of the epoch so far, `resume` where the training resumes from a checkpoint, with the number of epochs asked for
 * then (lines written after that checkpoint are removed), `end`. Epochs and steps count from 0. Numbers that are not finite are written as "NaN" or "Infinity".
 *
 * @example runLog(fileSink("run.jsonl"), { facts: { task: "reviews", units: 32 } })
 */
export function runLog(sink: LogSink, options: RunLogOptions = {}): Callback {
  const checked = checkOptions("runLog", options, runLogOptions);
  const { facts = {}, steps, now = () => new Date(), elapsed = () => performance.now() } = checked;
  const counted = new CountedSink("runLog", sink);
  let epoch = 0;
  let begin = 0;
  let sizes: { readonly epochs?: number; readonly [fact: string]: unknown } = {};
  const line = async (event: string, values: Readonly<Record<string, unknown>>) => {
    // Also if the training is logged for the first time after a resume.
    if (counted.length === 0) await counted.write(logLine("start", { ...sizes, ...facts }, now()));
    if (event !== "start") await counted.write(logLine(event, values, now()));
  };
  return {
    name: "runLog",
    observes: true,
    async onTrainBegin({ epochs, steps: perEpoch, validates, numbers, resumes }) {
      sizes = { epochs, steps: perEpoch, validates, better: numbers.known };
      if (resumes) return;
      await counted.rewind(0);
      await line("start", {});
    },
    onEpochBegin(number) {
      epoch = number;
      begin = elapsed();
    },
    async onBatchEnd(batch, logs) {
      if (steps !== undefined && (batch + 1) % steps === 0) await line("step", { epoch, step: batch, ...logs });
    },
    async onEpochEnd(_, logs, { model }) {
      const seconds = (elapsed() - begin) / 1000;
      await line("epoch", { epoch, seconds, learningRate: model.learningRate, ...logs });
    },
    async onTrainEnd(logs, { stopTraining }) {
      await line("end", { stopped: stopTraining, ...logs });
    },
    state: () => counted.length,
    async restore(state) {
      await counted.rewind(checkedMemory<number>("runLog", state, is(wholeNumber(0))));
      await line("resume", { epoch, epochs: sizes.epochs });
    },
  };
}

/** One line of a run log. */
export function logLine(event: string, values: Readonly<Record<string, unknown>>, time: Date): string {
  const finite = (_: string, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  return `${JSON.stringify({ event, time: time.toISOString(), ...values }, finite)}\n`;
}
