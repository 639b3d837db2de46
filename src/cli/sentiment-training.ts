/** Training the sentiment recipe in view of the user, who may interrupt it: what the commands that do so share. */
import type { Command } from "commander";
import { type SentimentResult, trainSentiment } from "../recipes/sentiment.js";
import type { SentimentData } from "../recipes/sentiment-data.js";
import type { SentimentOptions } from "../recipes/sentiment-options.js";
import { addCheckpointFlags, type CheckpointFlags, checkpointing, howToGoOn } from "./checkpoint-flags.js";
import { Interrupted } from "./failure.js";
import { withInterruption } from "./interruption.js";
import { addRunFlags, type RunFlags, recordRun } from "./run-folder.js";
import { addSentimentFlags } from "./sentiment-flags.js";
import type { Terminal } from "./terminal.js";
import { showData, showStart, trainingFacts, trainingRows } from "./training-view.js";

/** What commander parsed: these, and the recipe's options. */
export interface TrainingFlags extends CheckpointFlags, RunFlags, Record<string, unknown> {
  data?: string;
  out: string;
  json?: boolean;
}

/** Adds every option of a training to a command. @param data what `--data` takes */
export function addTrainingFlags(command: Command, data: string): Command {
  command
    .option("--data <path>", data)
    .option("--out <file>", "where to write the model", "sentiment.tavali")
    .option("--json", "end with one JSON object on standard output; all text goes to standard error");
  return addRunFlags(addCheckpointFlags(addSentimentFlags(command)));
}

/** @throws Interrupted when Ctrl-C came before the first epoch ended, so that there is nothing to keep */
export async function trainOnTerminal(
  terminal: Terminal,
  data: SentimentData,
  options: SentimentOptions,
  flags: TrainingFlags,
): Promise<SentimentResult> {
  showData(terminal, data);
  const { folder, ...states } = await checkpointing(flags, terminal);
  const { callbacks, finish } = recordRun(flags, "sentiment", { data: data.source, options }, states.resume);
  const rows = trainingRows(terminal, options.epochs);
  const hooks = { ...rows, onStart: (start: Parameters<typeof showStart>[1]) => showStart(terminal, start) };
  const result = await withInterruption(
    (signal) => trainSentiment(data, options, { ...hooks, ...states, callbacks, signal }),
    () => terminal.say("  Interrupted: finishing this step. Press Ctrl-C again to stop at once."),
  );
  const { history: _, ...facts } = trainingFacts(result);
  finish(facts);
  if (result.interrupted && folder !== undefined) terminal.say(howToGoOn(folder));
  if (result.history.length === 0) throw new Interrupted();
  return result;
}
