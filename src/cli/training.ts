/** A training in view of the user, who may interrupt it: what every command that trains shares, whatever the recipe. */
import type { Command } from "commander";
import { testResults } from "../display/lines.js";
import type { OptionSchema } from "../recipes/option-schema.js";
import { finishedEpochs, type Measure, type TrainingHooks, type TrainingOutcome } from "../recipes/training-report.js";
import {
  addCheckpointFlags,
  type CheckpointFlags,
  checkCheckpointFlags,
  checkpointing,
  howToGoOn,
} from "./checkpoint-flags.js";
import { Interrupted } from "./failure.js";
import { finiteResult } from "./finite-result.js";
import { withInterruption } from "./interruption.js";
import { ModelKeeper, type TrainedModel } from "./keep-model.js";
import { addRecipeFlags, type Presets } from "./recipe-flags.js";
import { addRunFlags, type RunFlags, recordRun } from "./run-folder.js";
import { addJsonFlag, type Terminal } from "./terminal.js";
import { whileLocked } from "./training-locks.js";
import { fact, showStart, trainingFacts, trainingRows } from "./training-view.js";

/** Options as commander parsed them: these, and the recipe's. */
export interface TrainingFlags extends CheckpointFlags, RunFlags, Record<string, unknown> {
  out: string;
  json?: boolean;
}

/** A training that is ready to run. */
export interface TrainingTask<Result extends TrainingOutcome> {
  /** Begins the name of the run. */
  readonly name: string;
  /** Most epochs there can be. */
  readonly epochs: number;
  /** Number that chooses the best epoch. */
  readonly measure: Measure;
  /** Facts for the record besides the numbers: the source of the data, the options. */
  readonly facts: Readonly<Record<string, unknown>>;
  train(hooks: TrainingHooks): Promise<Result>;
  /** Shows more of what came out than its numbers, and gives it for `--json`. */
  present?(result: Result): object;
}

/** Adds every option of a training but its data's to a command. @param out where the model goes by default */
export function addTrainingFlags(command: Command, out: string, schema: OptionSchema, presets?: Presets): Command {
  addJsonFlag(command.option("--out <file>", "where to write the model", out));
  return addRunFlags(addCheckpointFlags(addRecipeFlags(command, schema, presets)));
}

/**
 * Trains in view of the user and writes the model: when training has ended, before it is measured on the test part, and with its results after.
 *
 * @throws Interrupted when Ctrl-C came before the first epoch ended, so that there is nothing to keep
 */
export async function trainOnTerminal<Result extends TrainingOutcome & TrainedModel>(
  terminal: Terminal,
  task: TrainingTask<Result>,
  flags: TrainingFlags,
): Promise<Result> {
  const { folder, lost, ...states } = await checkpointing(flags, terminal);
  const record = recordRun(terminal, flags, task, states.resume);
  const keeper = new ModelKeeper(flags.out);
  const hooks: TrainingHooks = {
    ...trainingRows(terminal, task.epochs, task.measure, states.resume && finishedEpochs(states.resume)),
    ...states,
    callbacks: record.callbacks,
    onStart: (start) => showStart(terminal, start),
    onTrained: (trained) => keeper.save(trained),
  };
  let result: Result;
  try {
    result = await withInterruption(
      (signal) => task.train({ ...hooks, signal }),
      () => terminal.say("  Interrupted: finishing this step. Press Ctrl-C again to stop at once."),
    );
    await record.finish(trainingFacts(result));
    finiteResult(flags.out, result.test);
  } catch (error) {
    if (keeper.place !== undefined) fact(terminal, "saved", `${keeper.place}, without results of the test part`);
    throw error;
  } finally {
    record.release();
  }
  const missing = lost?.();
  if (missing !== undefined) {
    fact(terminal, "warning", `The last checkpoint of this training is missing. ${missing}`);
    process.exitCode = 1;
  } else if (result.interrupted && folder !== undefined) terminal.say(howToGoOn(folder));
  if (result.history.length === 0) throw new Interrupted();
  await keeper.save(result);
  keeper.check();
  return result;
}

/** {@link trainOnTerminal} from the check that the file can be written to the last line: its results shown. */
export async function trainToFile<Result extends TrainingOutcome & TrainedModel>(
  terminal: Terminal,
  flags: TrainingFlags,
  prepare: () => TrainingTask<Result> | Promise<TrainingTask<Result>>,
): Promise<Result> {
  checkCheckpointFlags(flags);
  return whileLocked(flags, async () => {
    const task = await prepare();
    const result = await trainOnTerminal(terminal, task, flags);
    showResult(terminal, flags, task, result);
    return result;
  });
}

function showResult<Result extends TrainingOutcome>(
  terminal: Terminal,
  flags: TrainingFlags,
  task: TrainingTask<Result>,
  result: Result,
): void {
  terminal.say();
  if (result.interrupted)
    terminal.say(`  Interrupted: the weights of epoch ${result.bestEpoch}, the best so far, are kept.`);
  fact(terminal, "test", testResults(result.test));
  const more = task.present?.(result);
  fact(terminal, "saved", flags.out);
  terminal.result({ ...trainingFacts(result), ...more, model: flags.out });
  if (result.interrupted) process.exitCode = 130;
}
