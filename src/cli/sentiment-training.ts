/** Training the sentiment recipe in view of the user, who may interrupt it. */
import { type SentimentResult, trainSentiment } from "../recipes/sentiment.js";
import type { SentimentData } from "../recipes/sentiment-data.js";
import type { SentimentOptions } from "../recipes/sentiment-options.js";
import { type CheckpointFlags, checkpointing, howToGoOn } from "./checkpoint-flags.js";
import { Interrupted } from "./failure.js";
import { withInterruption } from "./interruption.js";
import { type RunFlags, recordRun } from "./run-folder.js";
import type { Terminal } from "./terminal.js";
import { showData, showStart, trainingFacts, trainingRows } from "./training-view.js";

/** @throws Interrupted when Ctrl-C came before the first epoch ended, so that there is nothing to keep */
export async function trainOnTerminal(
  terminal: Terminal,
  data: SentimentData,
  options: SentimentOptions,
  flags: CheckpointFlags & RunFlags,
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
