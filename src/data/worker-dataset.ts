/** Datasets whose items are made in a worker, while the program trains. */
import { ConfigError, DataError, errorOfKind } from "../errors.js";
import { aFunction, checkOption, checkOptions, count, nameText, type OptionChecks } from "../options/index.js";
import { Dataset } from "./dataset.js";
import { END, type Next, type Pass, type Pull } from "./pull.js";
import { type AnyWorker, handleOf, type Reply, type WorkerHandle } from "./worker-protocol.js";

/** Options of {@link workerDataset}. */
export interface WorkerDatasetOptions {
  /** Items, most often batches, that are made before they are needed; default 2. */
  readonly ahead?: number;
  /** Name of the data in checkpoints: a training resumes only with data of the same name. Default "a worker". */
  readonly name?: string;
}

const checks: OptionChecks<WorkerDatasetOptions> = { ahead: count, name: nameText };

/** Milliseconds in which a worker has to begin. */
const PATIENCE = 30_000;

/**
 * The items that a worker makes, so that reading and preparing data takes no time from the training. The worker's file describes the data and
 * calls {@link serveDataset}. Each pass starts the worker, and ends it.
 *
 * @param start starts the worker: of `node:worker_threads`, or a module worker of a browser
 * @throws ConfigError if `start` gives no worker; while it is read, the errors of the data, and DataError if the worker ends
 * @example
 * // data.worker.js: serveDataset(csvDataset("reviews.csv").map(encode).padBatch(32));
 * const data = workerDataset(() => new Worker(new URL("./data.worker.js", import.meta.url), { type: "module" }));
 * await model.fit(data, { epochs: 3 });
 */
export function workerDataset<Item>(start: () => AnyWorker, options: WorkerDatasetOptions = {}): Dataset<Item> {
  const { ahead = 2, name = "a worker" } = checkOptions<WorkerDatasetOptions>("workerDataset", options, checks);
  checkOption("workerDataset", "start", start, aFunction);
  return new Dataset<Item>({
    size: undefined,
    describe: () => `items of ${name}`,
    open: (pass) => new WorkerPull<Item>(handleOf(checkedWorker(start())), ahead, pass),
  });
}

function checkedWorker(worker: unknown): AnyWorker {
  if (typeof worker === "object" && worker !== null && "postMessage" in worker && "terminate" in worker) {
    return worker as AnyWorker;
  }
  throw new ConfigError("workerDataset: start must give a new Worker: () => new Worker(new URL(…, import.meta.url)).");
}

function isReply(message: unknown): message is Reply {
  if (typeof message !== "object" || message === null) return false;
  return ["serving", "item", "end", "failed"].some((kind) => kind in message);
}

interface Waiting<Item> {
  resolve(item: Next<Item>): void;
  reject(error: unknown): void;
}

/** A pass over the items of a worker. */
class WorkerPull<Item> implements Pull<Item> {
  readonly #worker: WorkerHandle;
  readonly #ahead: number;
  /** Items that came and were not read yet, with their places. */
  readonly #held: { readonly item: Item; readonly place: string | undefined }[] = [];
  #waiting: Waiting<Item> | undefined;
  /** Number of items that were asked for and did not come yet. */
  #asked = 0;
  #full = false;
  /** The last item: its number in the pass, and its place. */
  #last: { readonly number: number; readonly place: string | undefined } = { number: -1, place: undefined };
  #end: { readonly error?: unknown } | undefined;
  readonly #timer: ReturnType<typeof setTimeout>;

  constructor(worker: WorkerHandle, ahead: number, pass: Pass) {
    this.#worker = worker;
    this.#ahead = ahead;
    const silent = `it did not call serveDataset within ${PATIENCE / 1000} seconds`;
    this.#timer = setTimeout(() => this.#fail(silent), PATIENCE);
    this.#timer.unref?.();
    worker.onMessage((reply) => this.#take(reply));
    worker.onEnd((reason) => this.#fail(reason));
    worker.post({ open: { seed: pass.seed, epoch: pass.epoch } });
  }

  readonly origin = {
    row: () => this.#last.number,
    words: (row: number) => (row === this.#last.number && this.#last.place) || `item ${row} of the worker`,
  };

  async next(): Promise<Next<Item>> {
    this.#ask();
    const found = this.#held.shift();
    if (found) {
      this.#last = { number: this.#last.number + 1, place: found.place };
      this.#ask();
      return found.item;
    }
    if (this.#end) return this.#ended();
    this.#worker.hold(true);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  async skip(count: number): Promise<void> {
    let left = count;
    // Those that were asked for come; more are not asked for.
    this.#full = true;
    for (; left > 0 && this.#held.length + this.#asked > 0; left--) if ((await this.next()) === END) return;
    this.#full = false;
    this.#last = { number: this.#last.number + left, place: undefined };
    if (left > 0 && !this.#end) this.#worker.post({ skip: left });
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#end ??= {};
    this.#held.length = 0;
    await this.#worker.terminate();
  }

  #ask(): void {
    const more = this.#ahead + 1 - this.#held.length - this.#asked;
    if (more <= 0 || this.#full || this.#end) return;
    this.#asked += more;
    this.#worker.post({ more });
  }

  #take(reply: Reply): void {
    // A worker may have messages of its own.
    if (!isReply(reply)) return;
    clearTimeout(this.#timer);
    if ("serving" in reply || this.#end) return;
    if ("item" in reply) {
      this.#asked--;
      this.#held.push(reply as { item: Item; place: string | undefined });
    } else this.#end = "failed" in reply ? { error: errorOfKind(reply.kind, reply.failed) } : {};
    this.#answer();
  }

  #fail(reason: string): void {
    this.#end ??= {
      error: new DataError(
        `workerDataset: the worker gave no more items: ${reason}. Its file must call serveDataset(dataset) once.`,
      ),
    };
    this.#answer();
  }

  /** Answers the reader who waits. */
  #answer(): void {
    const waiting = this.#waiting;
    if (!waiting || (this.#held.length === 0 && !this.#end)) return;
    this.#waiting = undefined;
    this.#worker.hold(false);
    this.next().then(waiting.resolve, waiting.reject);
  }

  #ended(): typeof END {
    if (this.#end?.error) throw this.#end.error;
    return END;
  }
}
