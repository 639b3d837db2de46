import { describe, expect, it } from "vitest";
import { referenceEngine } from "../engines/index.js";
import { ConfigError, ShapeError, StateError } from "../errors.js";
import { dense, dropout, embedding, flatten, simpleRNN } from "../layers/index.js";
import { sgd } from "../optimizers/index.js";
import { tensor } from "../tensor/tensor.js";
import { snakeCase } from "./layer-names.js";
import { sequential, sequentialFromConfig } from "./sequential.js";

const sentiment = () => [embedding(9, 3), simpleRNN(4), dense(1, { activation: "sigmoid" })];

describe("names of layers", () => {
  it("are the class in Keras's snake case", () => {
    const classes = ["SimpleRNN", "LSTM", "TimeDistributed", "SpatialDropout1D", "GlobalMaxPooling1D", "RMSprop"];
    expect(classes.map(snakeCase)).toEqual([
      "simple_rnn",
      "lstm",
      "time_distributed",
      "spatial_dropout1d",
      "global_max_pooling1d",
      "rm_sprop",
    ]);
  });

  it("count up within the model, around names the user gave", () => {
    const named = simpleRNN(2, { returnSequences: true, name: "simple_rnn_1" });
    const model = sequential([named, ...[0, 1].map(() => simpleRNN(2, { returnSequences: true })), simpleRNN(2)]);
    expect(model.layers.map(({ name }) => name)).toEqual([
      "simple_rnn_1",
      "simple_rnn",
      "simple_rnn_2",
      "simple_rnn_3",
    ]);
    expect(sequential([simpleRNN(2)]).layers[0]!.name).toBe("simple_rnn");
  });

  it("are refused twice", () => {
    expect(() => sequential([dense(1, { name: "a" }), dense(1, { name: "a" })])).toThrow(/two layers are called "a"/);
  });

  it("find layers", () => {
    const model = sequential(sentiment());
    expect(model.getLayer("simple_rnn").type).toBe("SimpleRNN");
    expect(() => model.getLayer("lstm")).toThrow(/no "lstm"; the layers are embedding, simple_rnn, dense/);
  });
});

describe("building", () => {
  it("happens at once when the first layer knows its input", () => {
    const model = sequential([simpleRNN(4, { inputShape: [3, 2] })]);
    expect(model.inputShape).toEqual([null, 3, 2]);
    expect(model.outputShape).toEqual([null, 4]);
    expect(model.countParams()).toBe(28);
    model.add(dense(1));
    expect(model.outputShape).toEqual([null, 1]);
    expect(model.countParams()).toBe(33);
  });

  it("waits for a shape otherwise", () => {
    const model = sequential(sentiment());
    expect(() => model.countParams()).toThrow(StateError);
    expect(() => model.outputShape).toThrow(/build\(\[null, …\]\)/);
    expect(model.build([null, 7]).outputShape).toEqual([null, 1]);
    expect(model.countParams()).toBe(27 + 32 + 5);
  });

  it("happens with the first data", async () => {
    const model = sequential(sentiment(), { engine: referenceEngine });
    const { shape } = await model.predict([
      [1, 2],
      [3, 8],
      [0, 1],
    ]);
    expect(shape).toEqual([3, 1]);
    expect(model.inputShape).toEqual([null, 2]);
  });

  it("keeps weights when it happens again, and refuses where they would not fit", () => {
    const model = sequential([simpleRNN(4), dense(1)]).build([null, 3, 2]);
    const before = model.getWeights();
    expect(model.build([null, 5, 2]).getWeights()).toEqual(before);
    expect(() => model.build([null, 3, 4])).toThrow(/simple_rnn\/kernel is \[2, 4\] and would have to be \[4, 4\]/);
    expect(model.inputShape).toEqual([null, 5, 2]);
  });

  it("needs no engine to count, to summarise, and to give and take weights", () => {
    const engine = {
      ...referenceEngine,
      createDevice(): never {
        throw new Error("nothing has to be computed yet");
      },
    };
    const model = sequential(sentiment(), { engine }).build([null, null]);
    model.setWeights(model.getWeights());
    expect(model.summary({ print: false })).toContain("Total params: 64");
  });

  it("refuses a model without layers, and a state in the middle", () => {
    expect(() => sequential().build([null, 2])).toThrow(/no layers/);
    const layers = [simpleRNN(2, { returnState: true, inputShape: [3, 2] }), dense(1)];
    expect(() => sequential(layers)).toThrow(/"dense" would receive 2 outputs of "simple_rnn"/);
  });

  it("refuses to add a layer after compile", () => {
    const model = sequential([dense(1)]).compile({ loss: "mse" });
    expect(() => model.add(dense(1))).toThrow(StateError);
  });
});

describe("weights", () => {
  it("come from the seed: equal seeds give equal bits", () => {
    const of = (seed: number) =>
      sequential(sentiment(), { seed })
        .build([null, 5])
        .getWeights()
        .map(({ data }) => [...data]);
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  it("go in and out in Keras's order, to the last bit of the engine's precision", () => {
    for (const engine of [referenceEngine, undefined]) {
      const model = sequential(sentiment(), engine && { engine }).build([null, 5]);
      expect(model.getWeights().map(({ shape }) => shape)).toEqual([[9, 3], [3, 4], [4, 4], [4], [4, 1], [1]]);
      const third = model
        .getWeights()
        .map(({ shape, data }) => tensor(new Float64Array(data.length).fill(1 / 3), shape));
      model.setWeights(third);
      const expected = engine ? 1 / 3 : Math.fround(1 / 3);
      for (const { data } of model.getWeights()) expect(new Set(data)).toEqual(new Set([expected]));
    }
  });

  it("that do not fit are named, with the shapes that do, and nothing is changed", () => {
    const model = sequential(sentiment()).build([null, 5]);
    const before = model.getWeights();
    expect(() => model.setWeights(before.slice(1))).toThrow(
      /has 6 weights \(embedding\/embeddings \[9, 3\].*received 5/,
    );
    const wrong = [...before.slice(0, 5), tensor([1, 2])];
    expect(() => model.setWeights(wrong)).toThrow(ShapeError);
    expect(() => model.setWeights(wrong)).toThrow(/weight 5, dense\/bias, is \[1\], received \[2\]/);
    expect(model.getWeights()).toEqual(before);
  });
});

describe("a config", () => {
  it("makes the model again, compiled as it was, after going through JSON", () => {
    const model = sequential([...sentiment().slice(0, 2), dropout(0.5), dense(3, { activation: "softmax" })], {
      name: "mine",
    });
    model.build([null, 6]);
    model.compile({
      optimizer: sgd({ learningRate: 0.1, momentum: 0.9, clipvalue: 1 }),
      loss: "sparseCategoricalCrossentropy",
      metrics: ["acc"],
      weightedMetrics: ["acc"],
    });
    model.learningRate = 0.025;
    const config = JSON.parse(JSON.stringify(model.toConfig()));
    const again = sequentialFromConfig(config);
    expect(again.toConfig()).toEqual(model.toConfig());
    expect(again.learningRate).toBe(0.025);
    expect(again.summary({ print: false })).toBe(model.summary({ print: false }));
  });

  it("of another kind is refused", () => {
    expect(() => sequentialFromConfig({ type: "Functional", name: "a", layers: [] })).toThrow(ConfigError);
  });
});

describe("data of another length", () => {
  const x = (time: number) =>
    tensor(
      Float32Array.from({ length: 2 * time * 2 }, (_, i) => Math.sin(i)),
      [2, time, 2],
    );

  it("passes through a model that was built from data, where no weight depends on the length", async () => {
    const model = sequential([simpleRNN(3), dense(1)], { engine: referenceEngine });
    await model.predict(x(4));
    expect((await model.predict(x(6))).shape).toEqual([2, 1]);
    expect(model.inputShape).toEqual([null, 4, 2]);
  });

  it("is refused where a weight depends on it, or where the first layer was given the shape", async () => {
    const flat = sequential([flatten(), dense(1)], { engine: referenceEngine });
    await flat.predict(x(4));
    await expect(flat.predict(x(6))).rejects.toThrow(/x: the model expects \[null, 4, 2\].*received \[2, 6, 2\]/);
    const told = sequential([simpleRNN(3, { inputShape: [4, 2] })], { engine: referenceEngine });
    await expect(told.predict(x(6))).rejects.toThrow(ShapeError);
    const any = sequential([simpleRNN(3, { inputShape: [null, 2] })], { engine: referenceEngine });
    expect((await any.predict(x(6))).shape).toEqual([2, 3]);
  });
});
