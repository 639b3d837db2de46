/** Labels, weights and predictions that a loss would misread: refused, warned of once, or left out where a mask or the loss leaves them out. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { referenceEngine } from "../engines/index.js";
import { inspect } from "../inspection/index.js";
import { bidirectional, crf, dense, embedding, type Layer, lstm, masking, simpleRNN } from "../layers/index.js";
import { ctc } from "../losses/index.js";
import { tensor } from "../tensor/tensor.js";
import type { CompileOptions } from "./compile-model.js";
import { sequential } from "./sequential.js";

const quiet = { verbose: 0, seed: 1 } as const;
const make = (layers: Layer[], options: CompileOptions, engine = referenceEngine) =>
  sequential(layers, { seed: 2, engine }).compile(options);

let warnings: string[];
beforeEach(() => {
  warnings = [];
  vi.spyOn(console, "warn").mockImplementation((text) => void warnings.push(text));
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("class weights", () => {
  const x = Array.from({ length: 20 }, (_, i) => [i / 20]);
  const y = Array.from({ length: 20 }, (_, i) => i % 2);
  const yesNo = () =>
    make([dense(1, { activation: "sigmoid", inputShape: [1] })], {
      loss: "binaryCrossentropy",
      weightedMetrics: ["accuracy"],
    });

  it("are for training alone: examples held out weigh 1, as validation data do", async () => {
    const options = { ...quiet, classWeight: { 0: 100, 1: 1 }, shuffle: false };
    const split = await yesNo().fit(x, y, { ...options, validationSplit: 0.5 });
    const given = await yesNo().fit(x.slice(0, 10), y.slice(0, 10), {
      ...options,
      validationData: [x.slice(10), y.slice(10)],
    });
    expect(split.history).toEqual(given.history);
    expect(split.history.loss![0]).toBeGreaterThan(10);
    expect(split.history.valLoss![0]).toBeLessThan(2);
  });

  it("leave weights of examples where these are split", async () => {
    const sampleWeight = x.map((_, i) => i);
    const split = await yesNo().fit(x, y, { ...quiet, shuffle: false, sampleWeight, validationSplit: 0.5 });
    const validationData = [x.slice(10), y.slice(10), sampleWeight.slice(10)] as const;
    const given = await yesNo().fit(x.slice(0, 10), y.slice(0, 10), {
      ...quiet,
      shuffle: false,
      sampleWeight: sampleWeight.slice(0, 10),
      validationData,
    });
    expect(split.history).toEqual(given.history);
  });

  it("are refused for values that are not classes", async () => {
    const attempt = (classWeight: unknown) => yesNo().fit(x, y, { ...quiet, classWeight: classWeight as never });
    await expect(attempt({ 0: 1, 2: 3 })).rejects.toThrow(
      'classWeight has a weight for "2", which is not a class; classes are 0 to 1',
    );
    await expect(attempt({ yes: 3 })).rejects.toThrow('"yes", which is not a class');
    await expect(attempt(new Map([[0, 1]]))).rejects.toThrow("classWeight is a Map; give an object");
    await expect(attempt({ 1: Number.NaN })).rejects.toThrow("classWeight[1] is NaN");
    await expect(attempt(3)).rejects.toThrow("classWeight is 3");
    await attempt([1, 2]);
  });
});

describe("weights of another shape", () => {
  const steps = [
    [[0], [1]],
    [[1], [1]],
    [[0], [0]],
  ];
  const perStep = () => make([simpleRNN(2, { returnSequences: true, inputShape: [2, 1] }), dense(1)], { loss: "mse" });
  const perExample = () => make([simpleRNN(2, { inputShape: [2, 1] }), dense(1)], { loss: "mse" });
  const tagger = () => make([simpleRNN(2, { returnSequences: true, inputShape: [2, 1] }), crf(2)], { loss: "crfLoss" });
  const attempt = (model: ReturnType<typeof perStep>, y: number[] | number[][], sampleWeight: unknown) =>
    model.fit(steps, y, { ...quiet, sampleWeight: sampleWeight as never });

  it("are refused with the shapes that fit", async () => {
    const labels = [
      [0, 1],
      [1, 0],
      [0, 0],
    ];
    await expect(attempt(perExample(), [1, 2, 3], labels)).rejects.toThrow(
      /one answer per example.*\[3\], or let .*received \[3, 2\]/,
    );
    await expect(
      attempt(perStep(), labels, [
        [1, 2, 3],
        [1, 2, 3],
        [1, 2, 3],
      ]),
    ).rejects.toThrow(/2 answers per example.*\[3, 2\], or \[3, 1\].*received \[3, 3\]/);
    await expect(attempt(perStep(), labels, [1, 2, 3])).rejects.toThrow(/ambiguous.*\[3, 1\]/);
    await expect(attempt(perStep(), labels, [1, 2])).rejects.toThrow(/x has 3 examples, but this is \[2\]/);
    await expect(attempt(tagger(), labels, labels)).rejects.toThrow(
      /crfLoss is one number for each sequence.*\[3\]; received \[3, 2\]/,
    );
    await expect(attempt(perExample(), [1, 2, 3], [1, Number.NaN, 1])).rejects.toThrow(
      /sampleWeight: the value at \[1\] is NaN/,
    );
    for (const weight of [
      [1, 2, 3],
      [[1], [2], [3]],
    ]) {
      await attempt(tagger(), labels, weight);
      await attempt(perExample(), [1, 2, 3], weight);
    }
    await attempt(perStep(), labels, [[1], [2], [3]]);
    await attempt(perStep(), labels, labels);
  });
});

describe("labels at steps that a mask leaves out", () => {
  const x = [
    [1, 2, 3, 0],
    [4, 0, 0, 0],
    [2, 1, 4, 3],
  ];
  const right = [
    [0, 1, 2, 0],
    [1, 0, 0, 0],
    [2, 2, 1, 0],
  ];
  const readers: Record<string, () => ReturnType<typeof make>> = {
    softmax: () =>
      make(
        [embedding(5, 3, { maskZero: true }), lstm(3, { returnSequences: true }), dense(3, { activation: "softmax" })],
        { loss: "sparseCategoricalCrossentropy", metrics: ["accuracy", "perplexity"] },
      ),
    crf: () =>
      make([embedding(5, 3, { maskZero: true }), bidirectional(lstm(2, { returnSequences: true })), crf(3)], {
        loss: "crfLoss",
        metrics: ["accuracy"],
      }),
  };
  const padded = (label: number) => right.map((row, i) => row.map((value, t) => (x[i]![t] === 0 ? label : value)));

  it.each(Object.keys(readers))("may be any number: %s", async (kind) => {
    const expected = await readers[kind]!().evaluate(x, right);
    for (const label of [-1, -100, 99, 0.5, Number.NaN]) {
      expect(await readers[kind]!().evaluate(x, padded(label), { batchSize: 2 }), String(label)).toEqual(
        await readers[kind]!().evaluate(x, right, { batchSize: 2 }),
      );
    }
    const options = { ...quiet, validationSplit: 0.4 };
    const [a, b] = [
      await readers[kind]!().fit(x, right, options),
      await readers[kind]!().fit(x, padded(-100), options),
    ];
    expect(b.history).toEqual(a.history);
    expect((await readers[kind]!().trainOnBatch(x, padded(-1))).loss).toBeCloseTo(expected.loss!, 10);
    expect((await inspect(readers[kind]!(), x, padded(-1))).loss).toBeCloseTo(expected.loss!, 5);
  });

  it("may be predictions of a crf", async () => {
    const model = readers.crf!();
    const predicted = await model.predict(x);
    expect(predicted.data[3]).toBe(-1);
    expect((await model.evaluate(x, predicted)).accuracy).toBe(1);
  });

  it("may be numbers that are missing", async () => {
    const series = [
      [[1], [2], [9]],
      [[3], [9], [9]],
    ];
    const model = () =>
      make([masking({ maskValue: 9 }), simpleRNN(2, { returnSequences: true }), dense(1)], { loss: "mse" });
    const [y, missing] = [
      [
        [1, 2, 0],
        [3, 0, 0],
      ],
      [
        [1, 2, Number.NaN],
        [3, Number.NaN, Number.NaN],
      ],
    ];
    const [a, b] = [model(), model()];
    expect((await b.fit(series, missing, quiet)).history).toEqual((await a.fit(series, y, quiet)).history);
    expect(b.getWeights()).toEqual(a.getWeights());
    await expect(
      model().fit(
        series,
        [
          [1, Number.NaN, 0],
          [3, 0, 0],
        ],
        quiet,
      ),
    ).rejects.toThrow(/\[0, 1, 0\] is NaN/);
  });

  it("are refused where they count, and where there is no mask", async () => {
    const counted = [
      [0, -1, 2, 0],
      [1, 0, 0, 0],
      [2, 2, 1, 0],
    ];
    await expect(readers.softmax!().fit(x, counted, quiet)).rejects.toThrow(
      /the value -1 at \[0, 1\] is not a class.*a mask leaves out.*ignoreClass: -1/,
    );
    await expect(readers.crf!().fit(x, counted, quiet)).rejects.toThrow(
      /-1 at \[0, 1\] is not a class.*let a mask leave out/,
    );
    const unmasked = make([embedding(5, 3), lstm(3, { returnSequences: true }), dense(3, { activation: "softmax" })], {
      loss: "sparseCategoricalCrossentropy",
    });
    await expect(unmasked.fit(x, padded(-1), quiet)).rejects.toThrow(/-1 at \[0, 3\]/);
    const last = make([embedding(5, 3, { maskZero: true }), lstm(3), dense(3, { activation: "softmax" })], {
      loss: "sparseCategoricalCrossentropy",
    });
    await expect(last.fit(x, [0, -1, 2], quiet)).rejects.toThrow(/-1 at \[1\]/);
  });
});

describe("values that are not labels", () => {
  const x = [[1], [2]];
  const fails = (loss: CompileOptions["loss"], units: number, y: unknown, message: RegExp, activation = "softmax") =>
    expect(
      make([dense(units, { activation: activation as "softmax", inputShape: [1] })], { loss }).fit(
        x,
        y as never,
        quiet,
      ),
    ).rejects.toThrow(message);

  it("are refused in words", async () => {
    await fails(
      "binaryCrossentropy",
      1,
      [0, 2],
      /y: the value 2 at \[1, 0\] is outside 0 … 1.*sparseCategoricalCrossentropy.*hinge/,
      "sigmoid",
    );
    await fails("binaryCrossentropy", 1, [-1, 1], /-1 at \[0, 0\] is outside 0 … 1/, "sigmoid");
    await fails(
      "categoricalCrossentropy",
      2,
      [
        [0, 1],
        [5, 0],
      ],
      /5 at \[1, 0\] is outside 0 … 1.*toCategorical/,
    );
    await fails("sparseCategoricalCrossentropy", 2, [0, 3], /3 at \[1\] is not a class.*one unit per class/);
    await fails("sparseCategoricalCrossentropy", 2, [1, 2], /2 at \[1\] is not a class.*counted from 0.*3 units/);
    await fails("sparseCategoricalCrossentropy", 2, [0, 0.5], /0.5 at \[1\] is not a class/);
    const sound = make([simpleRNN(2, { returnSequences: true, inputShape: [6, 1] }), dense(4)], { loss: ctc() });
    const steps = tensor(new Float32Array(12), [2, 6, 1]);
    await expect(
      sound.fit(
        steps,
        [
          [1, 2, 0],
          [1, 0, 2],
        ],
        quiet,
      ),
    ).rejects.toThrow(/labels of example 1 have the blank 0 between them, at 1.*ctc\({ blank }\)/);
    await sound.fit(
      steps,
      [
        [1, 2, 0],
        [0, 0, 2],
      ],
      quiet,
    );
  });

  it("are warned of where a row sums to another number than 1", async () => {
    const model = make([dense(3, { activation: "softmax" })], { loss: "categoricalCrossentropy" });
    await model.fit(
      x,
      [
        [0.5, 0.5, 0],
        [0, 0, 0],
      ],
      quiet,
    );
    expect(warnings).toEqual([]);
    for (let i = 0; i < 2; i++)
      await model.fit(
        x,
        [
          [0, 1, 0],
          [1, 1, 0],
        ],
        quiet,
      );
    expect(warnings).toEqual([expect.stringMatching(/targets of a row sum to 2.*sigmoid.*binaryCrossentropy/)]);
  });
});

describe("a layer and a loss that do not belong together", () => {
  const x = [[[1], [2]]];
  const layers = (last: Layer) => [simpleRNN(2, { returnSequences: true, inputShape: [2, 1] }), last];

  it("are named in the error", async () => {
    await expect(make(layers(dense(3)), { loss: "crfLoss" }).fit(x, [[0, 1]], quiet)).rejects.toThrow(
      /crfLoss reads the output of a crf layer.*made by Dense "dense".*crf\(tags\)/,
    );
    await expect(make(layers(crf(3)), { loss: "mse" }).fit(x, [[0, 1]], quiet)).rejects.toThrow(
      /CRF "crf" has outputs that only its own loss can read.*meanSquaredError.*crfLoss/,
    );
  });
});
