/** Node only: worker threads, and how many of them are worth having. */
import { nodeModule } from "../../host/host.js";
import type { Thread } from "./threads.js";

const os = nodeModule("node:os");
const threads = nodeModule("node:worker_threads");

/** More threads than this mostly wait for one another. */
const MOST = 8;

/** Whether threads may start: Node under `--permission` refuses them without `--allow-worker`. */
export function mayStartThreads(): boolean {
  const { permission } = process as { permission?: { has(what: string): boolean } };
  return permission?.has("worker") ?? true;
}

/** Number of programs that this machine runs at once. */
export function threadCount(): number {
  return Math.min(MOST, os.availableParallelism());
}

/** A worker that runs `code`, which defines serve(post, onMessage). It does not keep the process alive. */
export function startThread(code: string): Thread {
  const glue = `globalThis.require = require; const { parentPort } = require("node:worker_threads"); serve((m) => parentPort.postMessage(m), (f) => parentPort.on("message", f));`;
  const worker = new threads.Worker(`${code}\n${glue}`, { eval: true });
  worker.unref();
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.on("message", listener),
    onEnd: (listener) => {
      worker.on("error", (error) => listener(String(error)));
      worker.on("exit", (code) => listener(`it ended with code ${code}`));
    },
    alive: () => worker.threadId !== -1 && loopRuns(worker),
    hold: (held) => (held ? worker.ref() : worker.unref()),
    end: () => void worker.terminate(),
  };
}

/**
 * Whether the event loop of a worker still runs. A worker that ends while the main thread waits cannot report it, but its idle time is −1
 * from then on, or all its times are 0 if they were never asked for before.
 * @returns undefined where the runtime does not measure loops (Bun, Deno)
 */
function loopRuns(worker: InstanceType<typeof threads.Worker>): boolean | undefined {
  const measured = worker.performance?.eventLoopUtilization?.();
  return measured && measured.idle >= 0 && measured.active > 0;
}
