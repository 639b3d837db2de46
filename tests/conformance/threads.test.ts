/** Threads change how fast a result comes, not the result. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import workerThreads, { type Worker } from "node:worker_threads";
import { describe, expect, it, vi } from "vitest";
import type { Engine } from "../../src/engines/engine.js";
import { createWasmEngine } from "../../src/engines/index.js";
import { referenceEngine } from "../../src/engines/reference/reference-engine.js";
import { Heap } from "../../src/engines/wasm/heap.js";
import { controlLayout } from "../../src/engines/wasm/thread-code.js";
import { type Thread, ThreadPool } from "../../src/engines/wasm/threads.js";
import { startThread } from "../../src/engines/wasm/threads-node.js";
import { StateError } from "../../src/errors.js";
import { dense, embedding, globalAveragePooling1D, simpleRNN, timeDistributed } from "../../src/layers/index.js";
import { type Sequential, sequential } from "../../src/models/index.js";
import { adam, rmsprop } from "../../src/optimizers/index.js";
import { Random } from "../../src/tensor/random.js";

const [N, T, V, C] = [37, 6, 11, 3];
const random = new Random(4);
/** Sentences of random length, padded in front; the first is nothing but padding. */
const ids = Array.from({ length: N }, (_, row) => {
  const length = row === 0 ? 0 : 1 + random.integer(T);
  return Array.from({ length: T }, (_, t) => (t < T - length ? 0 : 1 + random.integer(V - 1)));
});
const classes = Array.from({ length: N }, () => random.integer(C));
const tags = ids.map((row) => row.map((id) => id % C));
const weights = Array.from({ length: N }, () => 0.5 + random.uniform());

type Make = (engine: Engine, threads: number) => Sequential;

const classifier: Make = (engine, threads) =>
  sequential(
    [
      embedding(V, 4, { maskZero: true }),
      simpleRNN(5, { returnSequences: true }),
      globalAveragePooling1D(),
      dense(C, { activation: "softmax" }),
    ],
    { seed: 3, engine, threads },
  ).compile({
    optimizer: rmsprop({ learningRate: 0.01, globalClipnorm: 0.5 }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
    weightedMetrics: ["accuracy"],
  });

const tagger: Make = (engine, threads) =>
  sequential(
    [
      embedding(V, 4, { maskZero: true }),
      simpleRNN(5, { returnSequences: true }),
      timeDistributed(dense(C, { activation: "softmax" })),
    ],
    { seed: 3, engine, threads },
  ).compile({ optimizer: adam({ learningRate: 0.01 }), loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });

async function everything(model: Sequential, y: number[] | number[][], sampleWeight?: number[]) {
  const { history } = await model.fit(ids, y, { batchSize: 32, epochs: 2, seed: 1, sampleWeight, verbose: 0 });
  return {
    ...history,
    ...(await model.evaluate(ids, y, { batchSize: 20 })),
    prediction: [...(await model.predict(ids, { batchSize: 30 })).data],
    weights: model.getWeights().flatMap(({ data }) => [...data]),
  } as Record<string, number | number[]>;
}

function expectClose(
  actual: Record<string, number | number[]>,
  expected: Record<string, number | number[]>,
  tolerance: number,
) {
  for (const [name, values] of Object.entries(expected)) {
    const [got, wanted] = [[actual[name]!].flat(), [values].flat()];
    wanted.forEach((value, i) => {
      expect(Math.abs(got[i]! - value), `${name}[${i}]: ${got[i]} instead of ${value}`).toBeLessThanOrEqual(tolerance);
    });
  }
}

const wasm = createWasmEngine({ threads: 3 });

describe.each([
  ["a classifier with sample weights", classifier, classes, weights],
  ["a tagger whose loss is masked", tagger, tags, undefined],
] as const)("%s", (_, make, y, sampleWeight) => {
  const run = (engine: Engine, threads: number) =>
    everything(make(engine, threads), y as number[], sampleWeight as number[] | undefined);

  it.each([2, 3, 4])("gives the same in %i shards as in one, in float64", async (shards) => {
    expectClose(await run(referenceEngine, shards), await run(referenceEngine, 1), 1e-10);
  });

  it("gives the same on real threads, in float32", async () => {
    expectClose(await run(wasm, 3), await run(referenceEngine, 1), 3e-5);
  });

  it("gives the same bits twice for the same number of threads", async () => {
    expect(await run(wasm, 2)).toEqual(await run(wasm, 2));
  });
});

describe.each([
  ["nothing", {}],
  ["each norm", { clipnorm: 0.002 }],
  ["the common norm", { globalClipnorm: 0.003 }],
  ["each number", { clipvalue: 1e-4 }],
])("weights large enough to be updated by several threads, with %s limited", (_, clip) => {
  const optimizer = () => adam({ learningRate: 0.01, ...clip });
  const run = async (engine: Engine, threads: number, limits: object = {}) => {
    const model = sequential(
      [
        embedding(600, 8, { maskZero: true, ...limits }),
        simpleRNN(70, { kernelRegularizer: "l2" }),
        dense(C, { activation: "softmax" }),
      ],
      { seed: 5, engine, threads },
    ).compile({ optimizer: optimizer(), loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
    const result = await everything(model, classes);
    return { ...result, slots: model.optimizerState()!.slots.flatMap(({ values }) => [...values.data]) };
  };

  it.each([2, 3])("gives the same on %i threads as on one, in float64", async (threads) => {
    expectClose(await run(referenceEngine, threads), await run(referenceEngine, 1), 1e-10);
  });

  it("gives the same on real threads, and the same bits twice", async () => {
    const first = await run(wasm, 2);
    expectClose(first, await run(referenceEngine, 1), 1e-4);
    expect(await run(wasm, 2)).toEqual(first);
  });

  it("is not cut where a constraint needs the whole weight", async () => {
    const limits = { embeddingsConstraint: { type: "maxNorm", maxValue: 0.1 } };
    expectClose(await run(referenceEngine, 2, limits), await run(referenceEngine, 1, limits), 1e-10);
  });
});

describe("a device with threads", () => {
  it("says how many programs run at once", async () => {
    expect(await wasm.createDevice().threads()).toBe(3);
    expect(await createWasmEngine({ threads: 1 }).createDevice().threads()).toBe(1);
  });

  it("refuses another thread where memory is not shared", async () => {
    const device = createWasmEngine({ threads: 1 }).createDevice();
    const empty = {
      name: "empty",
      buffers: [],
      instructions: [],
      inputs: [],
      variables: [],
      outputs: [],
      arenaSize: 0,
    };
    await expect(device.load(empty, { thread: 1 })).rejects.toThrow(/memory cannot be shared/);
  });
});

/** A table that holds these functions. */
const table = (entries: { host: "blas" }[]) => ({
  get version() {
    return entries.length;
  },
  changesSince: (known: number) => entries.flatMap((entry, index) => (index >= known ? [{ index, entry }] : [])),
});

/** A pool whose only thread does what `begin` says when it is sent something. */
const pool = (
  begin: (thread: { end(reason: string): void; say(message: object): void }) => void,
  ended: string[] = [],
) => {
  let end: (reason: string) => void = () => {};
  let say: (message: never) => void = () => {};
  const thread: Thread = {
    post: () => setTimeout(() => begin({ end: (reason) => end(reason), say: (message) => say(message as never) }), 1),
    onMessage: (listener) => {
      say = listener;
    },
    onEnd: (listener) => {
      end = listener;
    },
    hold: () => {},
    end: () => ended.push("end"),
  };
  const made = new ThreadPool(
    { threadCount: () => 2, startThread: () => thread },
    new Heap(true),
    async () => undefined,
  );
  made.start(1, Promise.resolve());
  return made;
};

describe("threads that are started early", () => {
  it("get what they begin with before there is a program, and only once", async () => {
    let sent = 0;
    const threads = pool(({ say }) => {
      sent++;
      say({ ready: true });
    });
    threads.start(1, Promise.resolve());
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sent).toBe(1);
    await threads.prepare(0, table([]));
    expect(sent).toBe(1);
  });

  it("take the functions of programs that are loaded at the same time one after the other", async () => {
    // The thread of this test answers every command at once.
    const { at } = controlLayout;
    const answering = vi.spyOn(Atomics, "notify").mockImplementation((words, turn = 0) => {
      words[turn - at.turn + at.done] = words[turn]!;
      return 1;
    });
    const threads = pool(({ say }) => say({ ready: true }));
    await threads.prepare(0, table([]));
    const entries: { host: "blas" }[] = [{ host: "blas" }];
    const first = threads.prepare(0, table(entries));
    await new Promise((resolve) => setTimeout(resolve));
    entries.push({ host: "blas" });
    await Promise.all([first, threads.prepare(0, table(entries))]);
    answering.mockRestore();
  });
});

describe("a worker that dies", () => {
  it("while it starts is an error, not a hang", async () => {
    const failure = pool(({ end }) => end("it ended with code 1")).prepare(0, table([]));
    await expect(failure).rejects.toThrow(StateError);
    await expect(failure).rejects.toThrow(/worker thread 0 is lost: it ended with code 1/);
  });

  it("later is an error at the next command", async () => {
    let die = () => {};
    const threads = pool(({ end, say }) => {
      die = () => end("it ran out of memory");
      say({ ready: true });
    });
    await threads.prepare(0, table([]));
    die();
    expect(() => threads.run(0, 0, 0)).toThrow(/it ran out of memory/);
  });
});

it.each([
  { asked: "before", first: true },
  { asked: "never", first: false },
])("a worker that ends while the main thread waits is known to be gone, $asked asked", async ({ first }) => {
  const thread = startThread("function serve(post, onMessage) { onMessage(() => {}); post({ ready: true }); }");
  await new Promise<void>((resolve) => thread.onMessage(() => resolve()));
  await new Promise((resolve) => setTimeout(resolve, 20)); // its loop runs
  if (first) expect(thread.alive?.()).toBe(true);
  thread.end();
  // The main thread hears nothing meanwhile.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  expect(thread.alive?.()).toBe(false);
});

it("a model whose worker has died goes on with another one, and the same results", async () => {
  const workers: Worker[] = [];
  const { Worker: Real } = workerThreads;
  class Watched extends Real {
    constructor(...given: ConstructorParameters<typeof Real>) {
      super(...given);
      workers.push(this);
    }
  }
  workerThreads.Worker = Watched;
  try {
    const model = classifier(createWasmEngine({ threads: 2 }), 2);
    const expected = await model.predict(ids);
    expect(workers).toHaveLength(1);
    await workers[0]!.terminate();
    expect(await model.predict(ids)).toEqual(expected);
    // Not awaited: nobody can hear of its end while the main thread waits for it.
    void workers[1]!.terminate();
    await expect(model.predict(ids)).rejects.toThrow(/worker thread 0 is lost: it has ended.*call again/);
    expect(await model.predict(ids)).toEqual(expected);
    await model.fit(ids, classes, { batchSize: 32, verbose: 0 });
    expect(workers).toHaveLength(3);
  } finally {
    workerThreads.Worker = Real;
  }
});

it("a worker ends when the device that it works for is gone", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const ended: string[] = [];
  await pool(({ say }) => say({ ready: true }), ended).prepare(0, table([]));
  for (let i = 0; i < 50 && ended.length === 0; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(ended).toEqual(["end"]);
});
