import { MessageChannel } from "node:worker_threads";
import { describe, expect, it, vi } from "vitest";
import { DataError, FormatError, ShapeError } from "../errors.js";
import type { Tensor } from "../tensor/tensor.js";
import { Dataset } from "./dataset.js";
import { serveDataset, serveOn } from "./serve-dataset.js";
import { workerDataset } from "./worker-dataset.js";

/** A worker in this thread: messages are copied as between threads. */
function inPlace(dataset: Dataset<unknown>) {
  const { port1, port2 } = new MessageChannel();
  serveOn(
    {
      post: (message, transfer) => port2.postMessage(message, transfer as ArrayBuffer[]),
      onMessage: (listener) => port2.on("message", listener),
    },
    dataset,
  );
  return {
    on: (event: string, listener: (value: never) => void) => port1.on(event as "message", listener as never),
    postMessage: (message: unknown) => port1.postMessage(message),
    ref: () => port1.ref(),
    unref: () => port1.unref(),
    async terminate() {
      port1.close();
    },
  };
}
async function all<Item>(data: Dataset<Item>, epoch = 0, skip = 0): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of data.epoch(epoch, { seed: 5, skip })) items.push(item);
  return items;
}

const x = Float32Array.from({ length: 44 }, (_, i) => i);
const rows = Dataset.fromArrays({
  x: { data: x, shape: [22, 2] },
  y: Int32Array.from({ length: 22 }, (_, i) => i % 2),
});

describe("workerDataset", () => {
  it("gives the items that the worker makes, from any place of any pass", async () => {
    const batches = rows.shuffle(7).batch(4);
    const data = workerDataset(() => inPlace(batches));
    for (const [epoch, skip] of [
      [0, 0],
      [1, 0],
      [1, 2],
      [3, 5],
      [0, 9],
    ] as const) {
      expect(await all(data, epoch, skip)).toEqual(await all(batches, epoch, skip));
    }
  });

  it("passes over items in the middle of a pass", async () => {
    const pull = workerDataset<{ y: Tensor }>(() => inPlace(rows.batch(1)), { ahead: 3 }).open({ seed: 0, epoch: 0 });
    const first = async () => ((await pull.next()) as { x: Tensor } & { y: Tensor }).x.data[0];
    expect(await first()).toBe(0);
    await pull.skip!(2);
    expect(await first()).toBe(6);
    await pull.skip!(10);
    expect(await first()).toBe(28);
    await pull.close!();
  });

  it("holds no more items than it says, and keeps arrays that the worker's data still need", async () => {
    let made = 0;
    const shared = Float32Array.of(1, 2, 3);
    const endless = Dataset.from(function* () {
      for (;;) {
        made++;
        yield shared.subarray(1);
      }
    });
    const data = workerDataset<Float32Array>(() => inPlace(endless), { ahead: 4 });
    let read = 0;
    for await (const item of data) {
      expect([...item]).toEqual([2, 3]);
      expect(item.buffer.byteLength).toBe(8);
      await new Promise((resolve) => setTimeout(resolve, 2));
      expect(made).toBeLessThanOrEqual(read + 6);
      if (++read === 20) break;
    }
    expect(made).toBeGreaterThan(20);
    expect([...shared]).toEqual([1, 2, 3]);
  });

  it("gives errors of the data their class and place", async () => {
    const torn = Dataset.fromArrays(x).map((value) => {
      if (value === 3) throw new FormatError("torn");
      return value;
    });
    const failed = all(workerDataset(() => inPlace(torn)));
    await expect(failed).rejects.toThrow("row 3: torn");
    await expect(failed).rejects.toBeInstanceOf(FormatError);
    const ragged = Dataset.from([[1], [1, 2]])
      .map((list) => Float32Array.from(list))
      .batch(2);
    await expect(all(workerDataset(() => inPlace(ragged)))).rejects.toBeInstanceOf(ShapeError);
    const functions = Dataset.from([() => 1]);
    await expect(all(workerDataset(() => inPlace(functions)))).rejects.toBeInstanceOf(DataError);
  });

  it("ends with an error where the worker ends, or never serves", async () => {
    const { port1 } = new MessageChannel();
    const listeners: Record<string, (value: never) => void> = {};
    const silent = {
      on: (event: string, listener: (value: never) => void) => {
        listeners[event] = listener;
      },
      postMessage() {},
      ref() {},
      unref() {},
      terminate: async () => port1.close(),
    };
    const ended = all(workerDataset(() => silent));
    await vi.waitFor(() => expect(listeners.exit).toBeDefined());
    listeners.exit!(7 as never);
    await expect(ended).rejects.toThrow("it ended with code 7. Its file must call serveDataset(dataset) once");
    vi.useFakeTimers();
    const waiting = all(workerDataset(() => silent)).catch((error) => error.message);
    await vi.advanceTimersByTimeAsync(31_000);
    vi.useRealTimers();
    expect(await waiting).toContain("it did not call serveDataset within 30 seconds");
  });

  it("refuses what is no worker, and to serve outside of one", () => {
    expect(() => [...[workerDataset(() => 7 as never).open({ seed: 0, epoch: 0 })]]).toThrow(
      "start must give a new Worker",
    );
    expect(() => workerDataset("data.worker.js" as never)).toThrow("start must be a function");
    expect(() => serveDataset([1] as never)).toThrow("Make one: Dataset.from(items)");
  });
});
