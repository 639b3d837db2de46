/** Losses of whole sequences in a model: a CRF that tags, CTC that transcribes. */
import { describe, expect, it } from "vitest";
import { type Engine, referenceEngine, wasmEngine } from "../engines/index.js";
import { ShapeError } from "../errors.js";
import { bidirectional, crf, dense, embedding, gru, layerFromConfig, lstm } from "../layers/index.js";
import { crfLoss, ctc } from "../losses/index.js";
import { adam } from "../optimizers/index.js";
import { Random } from "../tensor/random.js";
import { tensor, toNested } from "../tensor/tensor.js";
import { sequential } from "./sequential.js";

const engines: [string, Engine][] = [
  ["float64", referenceEngine],
  ["float32", wasmEngine],
];
const quiet = { verbose: 0, batchSize: 8, seed: 1 } as const;

/** Words 1 … 6; the tag of a word is whether the word before it was greater, 2 at the first. Padded after, before or between. */
function sentences(count: number, time: number) {
  const random = new Random(3);
  const [x, y] = [new Int32Array(count * time), new Int32Array(count * time)];
  for (let row = 0; row < count; row++) {
    const steps = [...random.permutation(time).slice(0, 2 + random.integer(time - 2))].sort((a, b) => a - b);
    let before: number | undefined;
    for (const step of steps) {
      const word = 1 + random.integer(6);
      x[row * time + step] = word;
      y[row * time + step] = before === undefined ? 2 : Number(before > word);
      before = word;
    }
  }
  return { x: tensor(x, [count, time]), y: tensor(y, [count, time]) };
}

function tagger(engine: Engine, threads = 1) {
  const layers = [
    embedding(7, 6, { maskZero: true }),
    bidirectional(lstm(6, { returnSequences: true })),
    crf(3, { name: "tags" }),
  ];
  return sequential(layers, { engine, seed: 1, threads }).compile({
    optimizer: adam({ learningRate: 0.05 }),
    loss: crfLoss(),
    metrics: ["accuracy"],
  });
}

describe.each(engines)("a tagger with a CRF in %s", (_, engine) => {
  const { x, y } = sentences(24, 6);

  it("learns, counts right tags, and predicts tags, -1 at padding", async () => {
    const model = tagger(engine);
    await model.fit(x, y, { ...quiet, epochs: 25 });
    const { loss, accuracy } = await model.evaluate(x, y);
    expect(loss).toBeLessThan(0.5);
    expect(accuracy).toBeGreaterThan(0.97);
    const tags = await model.predict(x);
    expect(tags.shape).toEqual([24, 6]);
    const words = [...x.data.keys()].filter((i) => x.data[i] !== 0);
    const right = words.filter((i) => tags.data[i] === y.data[i]).length;
    expect(right / words.length).toBeCloseTo(accuracy!, 5);
    expect([...tags.data].every((tag, i) => (tag === -1) === (x.data[i] === 0))).toBe(true);
  });

  it("on two threads does the same", async () => {
    const [one, two] = [tagger(engine), tagger(engine, 2)];
    const options = { ...quiet, epochs: 2, batchSize: 24 };
    const [a, b] = [await one.fit(x, y, options), await two.fit(x, y, options)];
    for (const name of ["loss", "accuracy"]) expect(b.history[name]![1]).toBeCloseTo(a.history[name]![1]!, 4);
  });

  it("knows sequences without padding, too", async () => {
    const layers = [dense(4, { activation: "tanh", inputShape: [null, 2] }), crf(3)];
    const model = sequential(layers, { engine, seed: 2 }).compile({ loss: "crfLoss" });
    const steps = tensor(
      Float32Array.from({ length: 3 * 5 * 2 }, (_, i) => Math.sin(i)),
      [3, 5, 2],
    );
    const tags = await model.predict(steps);
    expect(tags.shape).toEqual([3, 5]);
    expect([...tags.data].every((tag) => [0, 1, 2].includes(tag))).toBe(true);
    expect((await model.evaluate(steps, tags)).loss).toBeGreaterThan(0);
  });
});

describe("the layer crf", () => {
  it("comes back from its config, and refuses missing parts", () => {
    const layer = crf(5, { chainInitializer: "glorotUniform" });
    expect(layerFromConfig(JSON.parse(JSON.stringify(layer.config))).config).toEqual(layer.config);
    expect(() => sequential([dense(3, { inputShape: [4] }), crf(3)])).toThrow(ShapeError);
  });

  it("refuses targets that are not tags", async () => {
    const { x, y } = sentences(4, 6);
    const wrong = tensor(
      y.data.map((tag) => tag + 2),
      y.shape,
    );
    await expect(tagger(referenceEngine).fit(x, wrong, quiet)).rejects.toThrow(
      /is not a class; expected whole numbers from 0 to 2/,
    );
    await expect(tagger(referenceEngine).fit(x, tensor(y.data, [24]), quiet)).rejects.toThrow(ShapeError);
  });
});

describe.each(engines)("a model trained by CTC in %s", (_, engine) => {
  /** Each label is heard for a step or two, with noise. */
  const random = new Random(8);
  const labels = Array.from({ length: 16 }, () => [1 + random.integer(2), 1 + random.integer(2), 0]);
  const sounds = labels.map(([a, b]) =>
    [0, a!, 0, b!, b!, 0].map((k) => [0, 1, 2].map((i) => Number(i === k) + 0.1 * random.uniform())),
  );

  it("learns labels without their positions, and logs the loss as a metric, too", async () => {
    const layers = [gru(8, { returnSequences: true, inputShape: [null, 3] }), dense(3)];
    const model = sequential(layers, { engine, seed: 1 });
    model.compile({ optimizer: adam({ learningRate: 0.05 }), loss: ctc(), metrics: ["ctc"] });
    const { history } = await model.fit(sounds, labels, { ...quiet, epochs: 40 });
    expect(history.loss!.at(-1)).toBeLessThan(0.2);
    expect(history.ctc!.at(-1)).toBeCloseTo(history.loss!.at(-1)!, 5);
    const logits = toNested(await model.predict(sounds)) as number[][][];
    const read = logits.map((rows) => {
      const best = rows.map((row) => row.indexOf(Math.max(...row)));
      return best.filter((label, t) => label !== 0 && label !== best[t - 1]);
    });
    expect(read).toEqual(labels.map((row) => row.filter((label) => label !== 0)));
  });
});
