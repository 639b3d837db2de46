/**
 * How the driver talks to a process that is measured: a JSON object per line, one answer for each request.
 *
 *   {"do":"prepare","folder":…,"threads":1}  → {"check":[…],"versions":{…}}  equal weights, warm; what to compare before timing
 *   {"do":"run","count":10}                  → {"times":[…]}                 milliseconds of each run
 *   {"do":"start","folder":…,"threads":1}    → {"loss":0.69}                 a first training step with weights of its own
 *   {"do":"memory"}                          → {"peak":123.4}                MiB resident at most so far
 *
 * An answer {"cannot":"why"} takes the process out of a workload; {"error":…} does, too, but is a fault.
 */
import { createInterface } from "node:readline";

/** Where a workload is, and how to run it. */
export interface Task {
  readonly folder: string;
  readonly threads: number;
  /** What else the driver says, such as which matrix products to use. */
  readonly variant?: string;
}

/** What a process offers. `check` holds the losses of the first three training steps, or some outputs. */
export interface Measured {
  prepare(task: Task): Promise<{ check: readonly number[]; versions: Readonly<Record<string, string>> }>;
  run(count: number): Promise<readonly number[]> | readonly number[];
  start?(task: Task): Promise<{ loss: number }>;
}

/** Thrown by `prepare` when a workload is beyond a peer. */
export class Cannot extends Error {}

/** Answers requests until standard input ends. */
export async function serve(measured: Measured): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    let answer: object;
    try {
      answer = await respond(measured, JSON.parse(line));
    } catch (error) {
      answer =
        error instanceof Cannot
          ? { cannot: error.message }
          : { error: error instanceof Error ? error.stack : String(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  process.exit(0);
}

async function respond(measured: Measured, request: Task & { do: string; count: number }): Promise<object> {
  switch (request.do) {
    case "prepare":
      return measured.prepare(request);
    case "run":
      return { times: await measured.run(request.count) };
    case "start":
      if (!measured.start) throw new Cannot("it does not train");
      return measured.start(request);
    case "memory":
      return { peak: process.resourceUsage().maxRSS / 1024 };
    default:
      throw new Error(`unknown request "${request.do}"`);
  }
}
