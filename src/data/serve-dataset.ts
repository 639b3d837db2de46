/** The worker's side of a dataset that is made in a worker. */
import { ConfigError, TavaliError } from "../errors.js";
import { Dataset } from "./dataset.js";
import { END, isIterable, type Pull, placeOf, skipItems } from "./pull.js";
import { type Port, parentPort, type Reply, type Request } from "./worker-protocol.js";

/**
 * Serves a dataset to the program that started this worker; see {@link workerDataset}. Call it once, in the worker's file.
 *
 * @throws ConfigError outside a worker
 * @example serveDataset(csvDataset("reviews.csv").map(encode).shuffle(10_000).padBatch(32));
 */
export function serveDataset(dataset: Dataset<unknown>): void {
  if (!(dataset instanceof Dataset)) {
    const hint = isIterable(dataset) ? " Make one: Dataset.from(items)." : "";
    throw new ConfigError(`serveDataset: expected a Dataset.${hint}`);
  }
  const port = parentPort();
  if (!port) throw new ConfigError("serveDataset: this is not a worker. Call it in the file that a Worker runs.");
  if (serves) throw new ConfigError("serveDataset: this worker serves a dataset already; call it once in its file.");
  serves = true;
  serveOn(port, dataset);
}

let serves = false;

/** Serves a dataset on a port. @internal */
export function serveOn(port: Port<Reply, Request>, dataset: Dataset<unknown>): void {
  let pull: Pull<unknown> | undefined;
  let index = 0;
  // Requests are answered one after another.
  let last: Promise<unknown> = Promise.resolve();
  const answer = async (request: Request): Promise<void> => {
    if ("open" in request) pull = dataset.open(request.open);
    else if ("skip" in request) await skipItems(pull!, request.skip);
    else for (let i = 0; i < request.more; i++) await send(port, pull!, index++);
  };
  port.onMessage((request) => {
    last = last.then(() => answer(request)).catch((error) => port.post(failure(error)));
  });
  port.post({ serving: true });
}

async function send(port: Port<Reply, Request>, pull: Pull<unknown>, index: number): Promise<void> {
  const item = await pull.next();
  if (item === END) return port.post({ end: true });
  const buffers: ArrayBufferLike[] = [];
  const place = pull.origin ? placeOf(pull, index) : undefined;
  port.post({ item: copied(item, buffers), place }, buffers);
}

/** The item with its numbers in memory of its own, which is handed over instead of copied once more. */
function copied(item: unknown, buffers: ArrayBufferLike[]): unknown {
  if (ArrayBuffer.isView(item) && !(item instanceof DataView)) {
    const copy = (item as Float32Array).slice();
    buffers.push(copy.buffer);
    return copy;
  }
  if (Array.isArray(item)) return item.map((part) => copied(part, buffers));
  if (typeof item !== "object" || item === null || Object.getPrototypeOf(item) !== Object.prototype) return item;
  return Object.fromEntries(Object.entries(item).map(([key, part]) => [key, copied(part, buffers)]));
}

function failure(error: unknown): Reply {
  const kind = error instanceof TavaliError ? error.name : "DataError";
  return { failed: error instanceof Error ? error.message : String(error), kind };
}
