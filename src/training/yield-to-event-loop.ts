/** Gives other work a turn now and then: a redraw, a click on "stop", a timer. */

/** Milliseconds between two turns. */
const YIELD_INTERVAL_MS = 40;

type Schedule = (resume: () => void) => void;

/**
 * How to come back as soon as whatever else waits has had its turn. Not by setTimeout where anything else will do: browsers stretch a timer to
 * 4 ms, and to a second in a tab behind another one, where training must go on as fast.
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

/** Waits until whatever else waits has had its turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => scheduler()(resolve));
}

/**
 * A function to await after every step: it waits for the event loop's next turn when the last one was long ago, else not at all.
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
