/** Messages between a dataset and the worker that makes its items, and the two kinds of workers: Node's and the web's. */
import { hasNode, nodeModule } from "../host/host.js";
import type { Pass } from "./pull.js";

/** To the worker. */
export type Request =
  | { readonly open: Pass }
  /** Asks for more items. */
  | { readonly more: number }
  | { readonly skip: number };

/** From the worker. */
export type Reply =
  | { readonly serving: true }
  | { readonly item: unknown; readonly place: string | undefined }
  | { readonly end: true }
  | { readonly failed: string; readonly kind: string };

/** One end of the connection. */
export interface Port<Out, In> {
  post(message: Out, transfer?: readonly ArrayBufferLike[]): void;
  onMessage(listener: (message: In) => void): void;
}

/** A worker that was started. */
export interface WorkerHandle extends Port<Request, Reply> {
  /** @param listener gets the reason in words */
  onEnd(listener: (reason: string) => void): void;
  /** Whether the process waits for the worker. */
  hold(held: boolean): void;
  terminate(): void | Promise<void>;
}

interface NodeWorker {
  on(event: string, listener: (value: never) => void): void;
  postMessage(message: unknown): void;
  ref(): void;
  unref(): void;
  terminate(): Promise<unknown>;
}

interface WebWorker {
  addEventListener(event: string, listener: (event: { data: never; message?: string }) => void): void;
  postMessage(message: unknown): void;
  terminate(): void;
}

/** A `Worker` of `node:worker_threads`, or of a browser. */
export type AnyWorker = { postMessage(message: never): void; terminate(): unknown };

/** The worker's end in the program that reads. */
export function handleOf(worker: AnyWorker): WorkerHandle {
  return "on" in worker ? nodeHandle(worker as unknown as NodeWorker) : webHandle(worker as unknown as WebWorker);
}

function nodeHandle(worker: NodeWorker): WorkerHandle {
  worker.unref();
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.on("message", listener as never),
    onEnd(listener) {
      worker.on("error", ((error: unknown) =>
        listener(error instanceof Error ? error.message : String(error))) as never);
      worker.on("exit", ((code: number) => listener(`it ended with code ${code}`)) as never);
    },
    hold: (held) => (held ? worker.ref() : worker.unref()),
    async terminate() {
      await worker.terminate();
    },
  };
}

function webHandle(worker: WebWorker): WorkerHandle {
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.addEventListener("message", ({ data }) => listener(data)),
    onEnd(listener) {
      worker.addEventListener("error", ({ message }) => listener(message || "its file could not be loaded"));
      worker.addEventListener("messageerror", () => listener("an item could not be read"));
    },
    hold() {},
    terminate: () => worker.terminate(),
  };
}

/** The end of the program that reads, in the worker; undefined in a program that is not a worker. */
export function parentPort(): Port<Reply, Request> | undefined {
  if (hasNode()) {
    const port = nodeModule("node:worker_threads")?.parentPort;
    if (!port) return undefined;
    return {
      post: (message, transfer) => port.postMessage(message, transfer as ArrayBuffer[]),
      onMessage: (listener) => port.on("message", listener),
    };
  }
  const scope = globalThis as unknown as WebWorker & {
    postMessage(message: unknown, transfer?: unknown): void;
    readonly window?: unknown;
  };
  if (scope.window !== undefined || typeof scope.postMessage !== "function") return undefined;
  return {
    post: (message, transfer = []) => scope.postMessage(message, transfer),
    onMessage: (listener) => scope.addEventListener("message", ({ data }) => listener(data)),
  };
}
