/** TensorBoard logs. */
import { aFunction, checkOptions, count, either, type OptionChecks, oneOf, wholeNumber } from "../options/index.js";
import { fields, is } from "../schema/index.js";
import type { Callback } from "./callbacks.js";
import { fileVersionRecord, scalarRecord } from "./event-file.js";
import { CountedSink, type LogSink } from "./log-sink.js";
import type { Logs } from "./logs.js";
import { checkedMemory } from "./training-state.js";

/** Options of `tensorBoard`. */
export interface TensorBoardOptions {
  /** "epoch", the default, or the number of steps between further entries with the numbers of the epoch so far. */
  readonly updateFreq?: "epoch" | number;
  /** Returns the time in milliseconds since 1970; for tests. */
  readonly now?: () => number;
}

const tensorBoardOptions: OptionChecks<TensorBoardOptions> = {
  updateFreq: either(count, oneOf("epoch")),
  now: aFunction,
};

type Memory = { readonly length: number; readonly steps: number };
const memorySchema = fields({ length: is(wholeNumber(0)), steps: is(wholeNumber(0)) });

/**
 * Writes an event file that TensorBoard reads: "epoch/loss", "epoch/valLoss", "epoch/learningRate", … over the epochs, from 0, and "step/loss",
 * … over the steps since the beginning, from 1.
 *
 * @param sink a file whose name contains "tfevents", in a separate folder
 * @example tensorBoard(fileSink("runs/one/events.out.tfevents.one")) // tensorboard --logdir runs
 */
export function tensorBoard(sink: LogSink, options: TensorBoardOptions = {}): Callback {
  const { updateFreq = "epoch", now = () => Date.now() } = checkOptions("tensorBoard", options, tensorBoardOptions);
  const counted = new CountedSink("tensorBoard", sink);
  let steps = 0;
  const write = async (group: string, step: number, logs: Logs) => {
    if (counted.length === 0) await counted.write(fileVersionRecord(now() / 1000));
    const values = Object.fromEntries(Object.entries(logs).map(([name, value]) => [`${group}/${name}`, value]));
    await counted.write(scalarRecord({ wallTime: now() / 1000, step, values }));
  };
  return {
    name: "tensorBoard",
    observes: true,
    async onTrainBegin({ resumes }) {
      steps = 0;
      if (!resumes) await counted.rewind(0);
    },
    async onBatchEnd(_, logs) {
      steps++;
      if (updateFreq !== "epoch" && steps % updateFreq === 0) await write("step", steps, logs);
    },
    async onEpochEnd(epoch, logs, { model }) {
      await write("epoch", epoch, { learningRate: model.learningRate, ...logs });
    },
    state: (): Memory => ({ length: counted.length, steps }),
    async restore(state) {
      const memory = checkedMemory<Memory>("tensorBoard", state, memorySchema);
      steps = memory.steps;
      await counted.rewind(memory.length);
    },
  };
}
