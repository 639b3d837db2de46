/** Yielding to the event loop at intervals, so that redraws, clicks and timers are handled. */

/** Milliseconds between two yields. */
const YIELD_INTERVAL_MS = 40;

type Schedule = (resume: () => void) => void;

/**
 * Schedules a function after all waiting events. It avoids setTimeout where possible: browsers delay timers to 4 ms, and to a second in
 * background tabs, where training must not slow down.
 */
function scheduler(): Schedule {
  const { setImmediate, MessageChannel } = globalThis as unknown as {
    setImmediate?: Schedule;
    MessageChannel?: new () => {
      port1: { onmessage: (() => void) | null; close(): void };
      port2: { postMessage(message: unknown): void };
    };
  };
  if (setImmediate) return setImmediate;
  if (!MessageChannel) return (resume) => void setTimeout(resume, 0);
  return (resume) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resume();
    };
    port2.postMessage(undefined);
  };
}

/** Waits until all waiting events are handled. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => scheduler()(resolve));
}

/**
 * A function to await after every step: it yields to the event loop if the last yield was long ago, else returns at once.
 *
 * @example const yieldToEventLoop = eventLoopYielder(); for (const batch of batches) { step(batch); await yieldToEventLoop(); }
 */
export function eventLoopYielder(): () => Promise<void> | undefined {
  const schedule = scheduler();
  let last = performance.now();
  return () => {
    if (performance.now() - last < YIELD_INTERVAL_MS) return undefined;
    return new Promise((resolve) => {
      schedule(() => {
        last = performance.now();
        resolve();
      });
    });
  };
}
