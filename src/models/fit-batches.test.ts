/** Training, evaluation and prediction on data in pieces. */
import { describe, expect, test, vi } from "vitest";
import { Dataset } from "../data/index.js";
import { dense, embedding, lstm } from "../layers/index.js";
import { adam, sgd } from "../optimizers/index.js";
import { Random } from "../tensor/random.js";
import { tensor } from "../tensor/tensor.js";
import type { TrainingState } from "../training/index.js";
import type { FitOptions } from "./model-options.js";
import { sequential } from "./sequential.js";

const random = new Random(5);
const ids = Int32Array.from({ length: 22 * 6 }, () => 1 + random.integer(9));
const x = tensor(ids, [22, 6]);
const y = tensor(
  Int32Array.from({ length: 22 }, (_, i) => (ids[i * 6]! > 4 ? 1 : 0)),
  [22],
);
const rows = Dataset.fromArrays([x, y] as const);
const quiet = { verbose: 0, seed: 3 } as const;

const build = () =>
  sequential([embedding(10, 4), lstm(5, { dropout: 0.2 }), dense(1, { activation: "sigmoid" })], {
    seed: 1,
    threads: 1,
  }).compile({ optimizer: adam(), loss: "binaryCrossentropy", metrics: ["accuracy"] });

async function trained(train: (model: ReturnType<typeof build>) => Promise<unknown>) {
  const model = build();
  await train(model);
  return model.getWeights();
}

/** Items with an origin. */
const rowsOf = (items: readonly (readonly [Int32Array, number])[]) =>
  Dataset.fromArrays(Int32Array.from(items.keys())).map((i) => items[i]!);

describe("fit on batches", () => {
  const options: FitOptions = { ...quiet, epochs: 2 };
  const asArrays = () => trained((model) => model.fit(x, y, { ...options, batchSize: 4, shuffle: false }));
  test("ends with the bits of the same batches of arrays", async () => {
    expect(await trained((model) => model.fit(rows.batch(4), options))).toEqual(await asArrays());
    expect(await trained((model) => model.fit(rows.batch(4).prefetch(2), options))).toEqual(await asArrays());
  });
  test("takes generator functions, also async ones, and lists of steps", async () => {
    async function* batches() {
      for await (const batch of rows.batch(4)) yield batch;
    }
    expect(await trained((model) => model.fit(batches, options))).toEqual(await asArrays());
    const once = batches();
    const steps = trained((model) => model.fit(once, { ...options, epochs: 1 }));
    expect(await steps).toEqual(await trained((model) => model.fit(rows.batch(4), { ...options, epochs: 1 })));
    await expect(build().fit(batches(), options)).rejects.toThrow("a generator can be read once, but epochs is 2");
  });
  test("epochs of stepsPerEpoch continue where the one before ended", async () => {
    const seen: number[] = [];
    const data = rows.map(([a, b], { index }) => {
      seen.push(index);
      return [a, b] as const;
    });
    const { history } = await build().fit(data.batch(4), { ...quiet, epochs: 3, stepsPerEpoch: 4 });
    expect(history.loss).toHaveLength(3);
    // 22 rows make 6 batches: 4 and 2, then 4 of the next pass, …
    expect(seen.length).toBe(22 * 2);
  });
  test("a generator that ends early ends the training, with a warning", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    async function* batches() {
      yield* rows.batch(4);
    }
    const { epoch } = await build().fit(batches(), { ...quiet, epochs: 5, stepsPerEpoch: 4 });
    expect(epoch).toEqual([0, 1]);
    expect(warn.mock.calls.flat().join()).toContain("the generator ended after 2 batches of an epoch of 4");
    warn.mockRestore();
  });
  test.each([
    ["each epoch reads the data", {}],
    ["epochs continue", { stepsPerEpoch: 5 }],
  ])("resumes anywhere with equal bits, with the order of the seed: %s", async (_, more: FitOptions) => {
    const data = rows
      .shuffle(7)
      .map(([a, b], { random: noise }) => [a, noise.uniform() < 2 ? b : 0] as const)
      .batch(4);
    const states: TrainingState[] = [];
    const save = (state: TrainingState) => void states.push(state);
    const whole = await trained((model) =>
      model.fit(data, { ...quiet, epochs: 3, ...more, checkpoint: { every: { steps: 1 }, save } }),
    );
    expect(states.length).toBeGreaterThan(12);
    for (const resume of states.filter((_, i) => i % 4 === 1)) {
      expect(await trained((model) => model.fit(data, { ...quiet, epochs: 3, ...more, resume }))).toEqual(whole);
    }
    await expect(build().fit(data.take(3), { ...quiet, epochs: 3, ...more, resume: states[0]! })).rejects.toThrow(
      "take(3)",
    );
  });
  test("validates on batches and on arrays alike", async () => {
    const validated = (validationData: FitOptions["validationData"]) =>
      build().fit(rows.batch(4), { ...quiet, validationData: validationData! });
    const [pieces, arrays] = [await validated(rows.batch(5)), await validated([x, y])];
    expect(pieces.history.valLoss![0]).toBeCloseTo(arrays.history.valLoss![0]!, 6);
    const { history } = await build().fit(x, y, { ...quiet, validationData: rows.batch(5), validationSteps: 2 });
    expect(history.valLoss).toHaveLength(1);
  });
  test("validates on the same batches after every epoch where validationSteps limits them", async () => {
    let read = 0;
    let closed = 0;
    async function* held() {
      try {
        for await (const batch of rows.batch(4)) {
          read++;
          yield batch;
        }
      } finally {
        closed++;
      }
    }
    const still = { ...quiet, epochs: 3, validationSteps: 2 };
    const model = build().compile({ optimizer: sgd({ learningRate: 0 }), loss: "binaryCrossentropy" });
    const { history } = await model.fit(x, y, { ...still, validationData: held });
    expect(new Set(history.valLoss).size).toBe(1);
    expect([read, closed]).toEqual([6, 3]);
    await expect(build().fit(x, y, { ...still, validationData: held() })).rejects.toThrow(
      "validationData is a generator",
    );
  });
  test("a model that is not built yet resumes on data that are fetched ahead", async () => {
    const data = rows.shuffle(7).batch(4).prefetch(2);
    const states: TrainingState[] = [];
    const save = (state: TrainingState) => void states.push(state);
    const whole = await trained((model) => model.fit(data, { ...options, checkpoint: { every: { steps: 1 }, save } }));
    for (const resume of states.slice(0, 6)) {
      expect(await trained((model) => model.fit(data, { ...options, resume }))).toEqual(whole);
    }
  });
  test("a pass that fails while it is passed over is closed", async () => {
    let [opened, closed] = [0, 0];
    let torn = false;
    async function* batches() {
      opened++;
      try {
        yield* rows.batch(4);
      } finally {
        closed++;
      }
    }
    const data = Dataset.from(batches).filter(() => {
      if (torn) throw new Error("torn");
      return true;
    });
    const states: TrainingState[] = [];
    const save = (state: TrainingState) => void states.push(state);
    await build().fit(data, { ...quiet, checkpoint: { every: { steps: 1 }, save } });
    torn = true;
    const built = build().build([null, 6]);
    await expect(built.fit(data, { ...quiet, resume: states[2]! })).rejects.toThrow("torn");
    expect(closed).toBe(opened);
  });
  test("the number of batches is known from the second epoch on", async () => {
    const known: unknown[] = [];
    const callbacks = [
      { onEpochBegin: (_: number, { steps }: { steps: number | undefined }) => void known.push(steps) },
    ];
    await build().fit(rows.filter(() => true).batch(4), { ...quiet, epochs: 2, callbacks });
    expect(known).toEqual([undefined, 6]);
    const texts: string[] = [];
    const progress = { isTerminal: true, write: (part: string) => void texts.push(part) };
    await build().fit(rows.filter(() => true).batch(4), { seed: 1, progress });
    expect(texts.join("")).toContain("1/Unknown");
    expect(texts.join("")).toContain("6/6");
  });
  test("padded batches of unequal length train", async () => {
    const texts = Dataset.from(
      Array.from({ length: 12 }, (_, i) => [new Int32Array(1 + (i % 5)).fill(1 + (i % 9)), i % 2] as const),
    );
    const model = sequential([embedding(10, 4, { maskZero: true }), lstm(5), dense(1, { activation: "sigmoid" })], {
      seed: 1,
    }).compile({ optimizer: "adam", loss: "binaryCrossentropy" });
    const { history } = await model.fit(texts.bucketByLength({ boundaries: [3], batchSize: 4 }), {
      ...quiet,
      epochs: 3,
    });
    expect(history.loss!.every(Number.isFinite)).toBe(true);
  });
  test.each([
    [{ batchSize: 4 }, "batchSize does not go with data in pieces"],
    [{ shuffle: true }, "shuffle the dataset"],
    [{ validationSplit: 0.1 }, "give validationData"],
    [{ sampleWeight: [1] }, "[x, y, sampleWeight]"],
    [{ lengths: [1] }, "bucketByLength"],
  ] as [FitOptions, string][])("refuses %o, which only arrays can have", async (given, message) => {
    await expect(build().fit(rows.batch(4), given)).rejects.toThrow(message);
  });
  test("refuses data without an end, data without a batch, and batches of another form", async () => {
    await expect(build().fit(rows.batch(4).repeat(), quiet)).rejects.toThrow("stepsPerEpoch, or leave repeat() out");
    await expect(build().fit(rows.take(0).batch(4), quiet)).rejects.toThrow("the data gave no batch");
    await expect(build().fit(Dataset.fromArrays(x).batch(4) as never, quiet)).rejects.toThrow("a batch must be [x, y]");
    await expect(build().fit(x, y, { ...quiet, stepsPerEpoch: 3 })).rejects.toThrow(
      "stepsPerEpoch is for data in pieces",
    );
    await expect(
      (build() as unknown as { fit(...given: unknown[]): Promise<unknown> }).fit(rows.batch(4), y, {}),
    ).rejects.toThrow();
  });
  test("errors of a batch name it, and the rows of its source", async () => {
    const long = Array.from({ length: 12 }, (_, i) => [Int32Array.of(1, 2, i === 9 ? 99 : 3), 1] as const);
    const given = rowsOf(long);
    const failed = async (data: unknown) =>
      build()
        .fit(data as never, quiet)
        .then(
          () => "",
          ({ message }: Error) => message,
        );
    expect(await failed(given.batch(4))).toMatch(/^batch 3, the batch that begins with row 8: x: the value 99/);
    expect(await failed(given.shuffle(3).batch(4).prefetch(2))).toMatch(
      /^batch \d, the batch that begins with row \d+: x: the value 99/,
    );
    expect(await failed(Dataset.from(long).batch(4))).toMatch(/^batch 3: x: the value 99/);
    const torn = rowsOf(long).map(([ids, y], { index }) => [index === 7 ? ids.subarray(1) : ids, y] as const);
    expect(await failed(torn.shuffle(12, { seed: 2 }).batch(12))).toMatch(/in item \d+ \(row 7\)|item 0 \(row 7\)/);
    await expect(build().predict(given.map(([ids]) => [ids] as const).batch(4))).rejects.toThrow(
      /^batch 3: x: the value 99/,
    );
  });
  test("an error of the data ends the training, closes the source, and leaves the model usable", async () => {
    let closed = false;
    async function* batches() {
      try {
        yield* rows.batch(4).take(2);
        throw new Error("line 9 is torn");
      } finally {
        closed = true;
      }
    }
    const model = build();
    await expect(model.fit(batches, quiet)).rejects.toThrow("line 9 is torn");
    expect(closed).toBe(true);
    await model.fit(x, y, quiet);
  });
});

describe("evaluate and predict on batches", () => {
  test("give the numbers of arrays", async () => {
    const model = build();
    await model.fit(x, y, quiet);
    const [pieces, arrays] = [await model.evaluate(rows.batch(4)), await model.evaluate(x, y)];
    expect(pieces.loss).toBeCloseTo(arrays.loss!, 6);
    expect(pieces.accuracy).toBe(arrays.accuracy);
    const whole = await model.predict(x);
    expect((await model.predict(rows.batch(4))).data).toEqual(whole.data);
    expect((await model.predict(Dataset.fromArrays(x).batch(4), { steps: 2 })).data).toEqual(whole.data.subarray(0, 8));
    expect((await model.evaluate(rows.batch(4).repeat(), { steps: 6 })).loss).toBeCloseTo(arrays.loss!, 6);
    await expect(model.predict(rows.batch(4).repeat())).rejects.toThrow("steps, or leave repeat() out");
  });
  test("outputs of unequal length name a loop", async () => {
    const model = sequential([embedding(10, 4), lstm(3, { returnSequences: true })], { seed: 1 });
    const data = Dataset.from([
      [tensor(ids.subarray(0, 4), [2, 2])] as const,
      [tensor(ids.subarray(0, 6), [2, 3])] as const,
    ]);
    await expect(model.predict(data)).rejects.toThrow("for await (const [x] of data)");
  });
});
