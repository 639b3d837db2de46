/** Epochs: continued trainings, abort signals and callbacks. */
import { describe, expect, it } from "vitest";
import { arrayFeed } from "./batch-feed.js";
import { exampleBatches } from "./batches.js";
import type { Callback, TrainingControl } from "./callbacks.js";
import { earlyStopping } from "./early-stopping.js";
import { type FitOptions, fit as trainOn } from "./fit.js";
import { progressCallback, progressLine } from "./progress.js";
import type { Examples, Trainable } from "./trainable.js";

/** Trains on examples in batches. */
const train = (model: Trainable, some: Examples, validation: Examples | undefined, options: FitOptions) => {
  const { batchSize = 32, shuffle = true } = options;
  return trainOn(
    model,
    {
      training: arrayFeed(some, exampleBatches(some.count, batchSize, shuffle)),
      validation: validation && arrayFeed(validation, exampleBatches(validation.count, batchSize, false)),
    },
    options,
  );
};

const examples: Examples = {
  count: 6,
  data: { x: { data: new Float32Array(6), shape: [6] } },
};

function scripted(validationLosses: readonly number[] = []) {
  const seen: { rows: number[]; noise: number }[] = [];
  let tested = 0;
  const model: Trainable = {
    learningRate: 0.5,
    randomState: [],
    describe: async () => ({}),
    async trainStep(_, { rows, noise }) {
      seen.push({ rows: [...rows], noise });
      return { loss: 1, totals: [{ name: "loss", sums: [rows.length, rows.length] }] };
    },
    async testStep(_, { rows }) {
      const loss = validationLosses[tested++] ?? 1;
      return { loss, totals: [{ name: "loss", sums: [loss * rows.length, rows.length] }] };
    },
    snapshot: async () => new Map(),
    restore: async () => {},
  };
  return { model, seen, tested: () => tested };
}

async function run(options: FitOptions, validationLosses?: readonly number[]) {
  const script = scripted(validationLosses);
  const result = await train(script.model, examples, validationLosses && examples, { batchSize: 2, ...options });
  return { ...script, ...result };
}

describe("continuing at a later epoch", () => {
  it("draws the order and the noise of an uninterrupted training", async () => {
    const whole = await run({ epochs: 5, seed: 3 });
    const rest = await run({ epochs: 5, initialEpoch: 3, seed: 3 });
    expect(rest.epoch).toEqual([3, 4]);
    expect(rest.seen).toEqual(whole.seen.slice(9));
  });

  it("draws another order and noise with another seed, and in another epoch", async () => {
    const [one, two] = [await run({ epochs: 2, seed: 3 }), await run({ epochs: 2, seed: 4 })];
    const noises = [...one.seen, ...two.seen].map(({ noise }) => noise);
    expect(new Set(noises).size).toBe(noises.length);
  });
});

describe("an AbortSignal", () => {
  it("raised during validation ends it, too, and the epoch does not count", async () => {
    const signal = { aborted: false };
    const { model, tested } = scripted();
    const judge = model.testStep;
    model.testStep = (...given) => {
      signal.aborted = true;
      return judge(...given);
    };
    const ends: unknown[] = [];
    const callbacks: Callback[] = [
      { onEpochEnd: () => void ends.push("epoch"), onTrainEnd: () => void ends.push("training") },
    ];
    const { epoch, aborted } = await train(model, examples, examples, { batchSize: 2, epochs: 3, signal, callbacks });
    expect({ epoch, aborted, tested: tested(), ends }).toEqual({
      epoch: [],
      aborted: true,
      tested: 1,
      ends: ["training"],
    });
  });

  it("raised before the start trains nothing", async () => {
    const { seen, epoch } = await run({ signal: { aborted: true } });
    expect({ seen, epoch }).toEqual({ seen: [], epoch: [] });
  });
});

describe("callbacks", () => {
  it("are called before every batch, and know whether there will be validation", async () => {
    const heard: unknown[] = [];
    const callback: Callback = {
      onTrainBegin: ({ validates, steps }) => void heard.push({ validates, steps }),
      onBatchBegin: (batch) => void heard.push(`${batch} begins`),
      onBatchEnd: (batch) => void heard.push(`${batch} ends`),
    };
    await run({ batchSize: 4, callbacks: [callback] }, [1]);
    expect(heard).toEqual([{ validates: true, steps: 2 }, "0 begins", "0 ends", "1 begins", "1 ends"]);
  });

  it("of early stopping skip epochs without validation", async () => {
    const stopping = earlyStopping({ patience: 1 });
    const losses = [3, 3, 3].flatMap((loss) => [loss, loss, loss]);
    const { epoch } = await run({ epochs: 8, validationFreq: 2, callbacks: [stopping] }, losses);
    expect(epoch).toEqual([0, 1, 2, 3]);
  });

  it("of early stopping name a number that is not reported", async () => {
    const stopping = earlyStopping({ monitor: "valAcuracy" });
    await expect(run({ callbacks: [stopping] }, [1, 1, 1])).rejects.toThrow(/no "valAcuracy".*loss, valLoss/);
  });
});

describe("a progress line", () => {
  const terminal = (columns?: number) => {
    const written: string[] = [];
    const sink = { isTerminal: true, columns, write: (text: string) => void written.push(text) };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is removed
    return { sink, text: () => written.join("").replace(/\u001b\[\d*[mK]/g, "") };
  };
  const bar = "━".repeat(20);

  it("leaves out the numbers that do not fit while it is redrawn, and shows all at the end", () => {
    const { sink, text } = terminal(53);
    const line = progressLine(1, sink, () => 0);
    const logs = { loss: 0.5, accuracy: 0.75 };
    line.begin(10);
    line.step(1, logs);
    line.end(logs);
    expect(text()).toBe(
      `\r 1/10 ${bar} 0s 0s/step - loss: 0.5000\r10/10 ${bar} 0s 0s/step - loss: 0.5000 - accuracy: 0.7500\n`,
    );
  });

  it("that is never finished ends with a line break", () => {
    const { sink, text } = terminal();
    const progress = progressCallback(1, sink, () => 0);
    const control = { epochs: 1, steps: 3 } as TrainingControl;
    progress.onEpochBegin!(0, control);
    progress.onBatchEnd!(0, { loss: 1 }, control);
    progress.onTrainEnd!({}, control);
    expect(text()).toBe(`\r1/3 ${bar} 0s 0s/step - loss: 1.0000\n`);
  });
});
