import { describe, expect, it } from "vitest";
import { ConfigError, TavaliError } from "../errors.js";
import { checkOptions } from "../options/index.js";
import { arrayFeed } from "./batch-feed.js";
import { type Batch, exampleBatches } from "./batches.js";
import type { Callback } from "./callbacks.js";
import { earlyStopping } from "./early-stopping.js";
import { evaluate } from "./evaluate.js";
import { type FitOptions, fit as train, trainingOptions } from "./fit.js";
import type { Examples, Snapshot, Trainable } from "./trainable.js";

/** A model that records its calls; `losses` are its losses, step by step. */
class Recorder implements Trainable {
  learningRate = 1;
  randomState = [];
  readonly reported = { loss: "lower", accuracy: "higher" } as const;
  readonly batches: number[][] = [];
  readonly noise: number[] = [];
  restored: number[] = [];
  weight = 0;
  constructor(
    readonly losses: (step: number) => number = () => 1,
    readonly validation: (call: number) => number = () => 1,
  ) {}
  async trainStep(_: Examples, { rows, noise }: Batch) {
    this.batches.push([...rows]);
    this.noise.push(noise);
    this.weight++;
    const hits = rows.length - 1;
    const loss = this.losses(this.batches.length - 1);
    return {
      loss,
      totals: [
        { name: "loss", sums: [loss * rows.length, rows.length] },
        { name: "accuracy", sums: [hits, rows.length] },
      ],
    };
  }
  #tests = 0;
  async testStep(_: Examples, { rows }: Batch) {
    const loss = this.validation(this.#tests++);
    return {
      loss,
      totals: [
        { name: "loss", sums: [loss * rows.length, rows.length] },
        { name: "accuracy", sums: [0, 0] },
      ],
    };
  }
  async snapshot() {
    return new Map([["weight", { data: Float64Array.of(this.weight), shape: [] }]]);
  }
  async describe() {
    return {};
  }
  async restore(snapshot: Snapshot) {
    this.weight = snapshot.get("weight")!.data[0]!;
    this.restored.push(this.weight);
  }
}

function examples(count: number): Examples {
  return {
    count,
    data: { x: { data: new Float32Array(count), shape: [count] } },
  };
}

const feedOf = (some: Examples, { batchSize = 32, shuffle = true }: FitOptions = { shuffle: false }) =>
  arrayFeed(some, exampleBatches(some.count, batchSize, shuffle));

const run = (model: Trainable, options: FitOptions, count = 5, validation?: Examples) =>
  train(model, { training: feedOf(examples(count), options), validation: validation && feedOf(validation) }, options);

describe("fit", () => {
  it("divides the data into batches, the last one shorter, and weights the mean loss by size", async () => {
    const model = new Recorder((step) => [1, 2, 6][step]!);
    const { history, epoch } = await run(model, { batchSize: 2, shuffle: false });
    expect(model.batches).toEqual([[0, 1], [2, 3], [4]]);
    expect(history).toEqual({ loss: [(2 * 1 + 2 * 2 + 6) / 5], accuracy: [2 / 5] });
    expect(epoch).toEqual([0]);
  });

  it("shuffles every epoch differently, by the seed", async () => {
    const orders = async (seed: number) => {
      const model = new Recorder();
      await run(model, { batchSize: 8, epochs: 3, seed }, 8);
      return { batches: model.batches, noise: model.noise };
    };
    const first = await orders(1);
    expect(await orders(1)).toEqual(first);
    expect((await orders(2)).batches).not.toEqual(first.batches);
    expect(first.batches[0]).not.toEqual(first.batches[1]);
    for (const batch of first.batches) expect(batch.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(new Set(first.noise).size).toBe(3);
  });

  it("validates after the given epochs", async () => {
    const validated = async (validationFreq: FitOptions["validationFreq"]) => {
      const { history } = await run(new Recorder(), { epochs: 4, validationFreq }, 4, examples(3));
      return history.valLoss!.length;
    };
    expect(await validated(undefined)).toBe(4);
    expect(await validated(2)).toBe(2);
    expect(await validated([1, 3, 4])).toBe(3);
  });

  it("runs from initialEpoch to epochs", async () => {
    expect((await run(new Recorder(), { initialEpoch: 2, epochs: 4 })).epoch).toEqual([2, 3]);
  });

  it("calls callbacks in order, and lets them end an epoch or the training", async () => {
    const calls: string[] = [];
    const callback: Callback = {
      onTrainBegin: () => void calls.push("train begins"),
      onEpochBegin: (epoch) => void calls.push(`epoch ${epoch} begins`),
      onBatchEnd: async (batch, { loss }, control) => {
        calls.push(`batch ${batch} ${loss}`);
        if (batch === 1) control.stopTraining = true;
      },
      onEpochEnd: (epoch) => void calls.push(`epoch ${epoch} ends`),
      onTrainEnd: () => void calls.push("train ends"),
    };
    await run(new Recorder(), { batchSize: 1, epochs: 3, callbacks: [callback] });
    expect(calls).toEqual(["train begins", "epoch 0 begins", "batch 0 1", "batch 1 1", "epoch 0 ends", "train ends"]);
  });

  it("stops after the step in which the signal was raised, and reports it", async () => {
    const controller = new AbortController();
    const model = new Recorder();
    const callbacks = [{ onBatchEnd: (batch: number) => void (batch === 1 && controller.abort()) }];
    const result = await run(model, { batchSize: 1, epochs: 9, callbacks, signal: controller.signal });
    expect(model.batches).toHaveLength(2);
    expect(result).toMatchObject({ aborted: true, epoch: [] });
  });

  it("reports a loss that is not finite with its step and a hint, and undoes the step", async () => {
    const model = new Recorder((step) => (step === 3 ? Number.NaN : 1));
    const failure = run(model, { batchSize: 2, epochs: 2, shuffle: false }, 4);
    await expect(failure).rejects.toThrow(TavaliError);
    await expect(failure).rejects.toThrow(/became NaN in epoch 2, step 2.*clip/s);
    expect(model.weight).toBe(2);
  });

  it.each([
    { batchSize: 0 },
    { batchSize: 1.5 },
    { epochs: -1 },
    { seed: Number.NaN },
    { validationFreq: 0 },
    { epoch: 1 },
  ])("has checks that refuse %j", (options) => {
    expect(() => checkOptions<FitOptions>("fit", options, trainingOptions)).toThrow(ConfigError);
  });

  it("yields to the event loop", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const slow = new Recorder(() => {
      const end = performance.now() + 15;
      while (performance.now() < end);
      return 1;
    });
    await run(slow, { batchSize: 1 }, 12);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
  });
});

describe("earlyStopping", () => {
  const stopAfter = async (values: number[], options: Parameters<typeof earlyStopping>[0]) => {
    const model = new Recorder(undefined, (call) => values[call]!);
    const { epoch } = await run(model, { epochs: values.length, callbacks: [earlyStopping(options)] }, 4, examples(1));
    return { epochs: epoch.length, weight: model.weight };
  };

  it("waits `patience` epochs for an improvement", async () => {
    expect((await stopAfter([3, 2, 2.5, 2.1, 1], { patience: 2 })).epochs).toBe(4);
    expect((await stopAfter([3, 2, 2.5, 1, 1.5, 1.5], { patience: 2 })).epochs).toBe(6);
  });

  it("counts only improvements above minDelta", async () => {
    expect((await stopAfter([3, 2.95, 2.9, 1], { patience: 1, minDelta: 0.1 })).epochs).toBe(2);
  });

  it("waits for higher values where higher is better", async () => {
    expect((await stopAfter([1, 2, 3, 2], { mode: "max" })).epochs).toBe(4);
  });

  it("restores the best weights", async () => {
    expect((await stopAfter([3, 1, 2, 2], { patience: 2, restoreBestWeights: true })).weight).toBe(2);
  });

  it("lists the numbers to monitor, before training", async () => {
    const model = new Recorder();
    await expect(run(model, { callbacks: [earlyStopping()] })).rejects.toThrow(
      /no "valLoss".*loss, accuracy\. .*validationData/,
    );
    expect(model.batches).toEqual([]);
  });
});

describe("evaluate", () => {
  it("gives 0 for a metric without examples", async () => {
    expect(await evaluate(new Recorder(), feedOf(examples(3), { batchSize: 2, shuffle: false }))).toEqual({
      loss: 1,
      accuracy: 0,
    });
  });
});
