/** Threads in browsers: Web Workers whose code is a text, so that no file has to be served. */
import type { Platform, Thread } from "./threads.js";

interface WebWorker {
  postMessage(message: unknown): void;
  terminate(): void;
  onmessage: ((event: { data: never }) => void) | null;
  onerror: ((event: { message?: string }) => void) | null;
}

interface Browser {
  readonly Worker?: new (url: string) => WebWorker;
  readonly Blob: new (parts: string[], options: { type: string }) => unknown;
  readonly URL: { createObjectURL(blob: unknown): string };
  readonly navigator?: { readonly hardwareConcurrency?: number };
}

/** Undefined where there are no Web Workers. */
export function webWorkers(): Platform | undefined {
  const { Worker, Blob, URL, navigator } = globalThis as unknown as Browser;
  if (!Worker) return undefined;
  return {
    threadCount: () => Math.min(8, navigator?.hardwareConcurrency ?? 1),
    startThread(code): Thread {
      const glue = "serve((m) => postMessage(m), (f) => { onmessage = (event) => f(event.data); });";
      const worker = new Worker(URL.createObjectURL(new Blob([`${code}\n${glue}`], { type: "text/javascript" })));
      return {
        post: (message) => worker.postMessage(message),
        onMessage: (listener) => {
          worker.onmessage = ({ data }) => listener(data);
        },
        onEnd: (listener) => {
          // A worker that cannot start reports no message.
          const silent = "it did not start; a Content-Security-Policy must allow worker-src blob:";
          worker.onerror = ({ message }) => listener(message || silent);
        },
        hold: () => {},
        end: () => worker.terminate(),
      };
    },
  };
}
