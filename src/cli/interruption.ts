/** Ctrl-C and termination as an AbortSignal: the work ends at the next good place. A second Ctrl-C ends the process at once. */

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
  const signals = ["SIGINT", "SIGTERM"] as const;
  const release = () => {
    for (const name of signals) process.off(name, interrupt);
  };
  const interrupt = () => {
    release();
    onInterrupt();
    controller.abort();
  };
  for (const name of signals) process.on(name, interrupt);
  try {
    return await work(controller.signal);
  } finally {
    release();
  }
}
