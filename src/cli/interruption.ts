/** Ctrl-C and termination as an AbortSignal: the work ends at the next good place. A later Ctrl-C ends the process at once. */

/**
 * One key press may arrive several times: the terminal signals every process of the group, and npm passes the signal on.
 * Signals within this number of milliseconds count as one.
 */
const samePress = 1000;

/**
 * Runs `work` with a signal that the user's interruption aborts.
 *
 * @param onInterrupt called at once, to tell the user that the wish was heard
 */
export async function withInterruption<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  onInterrupt: () => void = () => {},
): Promise<Result> {
  const controller = new AbortController();
  const names = ["SIGINT", "SIGTERM"] as const;
  let first = Number.NaN;
  const release = () => {
    for (const name of names) process.off(name, interrupt);
  };
  const interrupt = (name: NodeJS.Signals) => {
    if (!controller.signal.aborted) {
      first = performance.now();
      onInterrupt();
      controller.abort();
    } else if (performance.now() - first > samePress) {
      release();
      process.kill(process.pid, name);
    }
  };
  for (const name of names) process.on(name, interrupt);
  try {
    return await work(controller.signal);
  } finally {
    release();
  }
}
