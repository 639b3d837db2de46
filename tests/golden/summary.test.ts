/** The summary, letter by letter as Keras 3 prints it. */
import { describe, expect, it } from "vitest";
import { referenceEngine } from "../../src/engines/index.js";
import { type Layer, type LayerConfig, layerFromConfig } from "../../src/layers/index.js";
import { sequential } from "../../src/models/index.js";
import type { PartialShape, Shape } from "../../src/tensor/shape.js";
import { sizeOf } from "../../src/tensor/shape.js";
import { tensor } from "../../src/tensor/tensor.js";
import { goldenCases } from "./golden.js";

type Table = LayerConfig & { readonly layer?: Table };

interface SummaryCase {
  readonly name: string;
  readonly modelName: string | null;
  readonly layers: readonly Table[];
  readonly inputShape: PartialShape | null;
  readonly build: PartialShape | null;
  readonly fit: { optimizer: { type: string }; loss: string; xShape: Shape; yShape: Shape } | null;
  readonly frozenLayers: readonly number[];
  readonly terminalColumns: number;
  readonly lineLength: number | null;
  readonly text: string;
}

const className = (type: string) =>
  ["lstm", "gru"].includes(type) ? type.toUpperCase() : type[0]!.toUpperCase() + type.slice(1);

function layerOf({ type, layer, ...options }: Table, more: object = {}): Layer {
  const inner = layer && layerOf(layer).config;
  return layerFromConfig({ type: className(type), ...(inner && { layer: inner }), ...options, ...more });
}

describe("summary prints what Keras prints", () => {
  const cases = goldenCases<SummaryCase>("summaries.json");

  it.each(cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    const { layers, inputShape, frozenLayers, build, fit } = golden;
    const model = sequential(
      layers.map((layer, i) =>
        layerOf(layer, {
          ...(i === 0 && inputShape ? { inputShape } : {}),
          ...(frozenLayers.includes(i) ? { trainable: false } : {}),
        }),
      ),
      { engine: referenceEngine, ...(golden.modelName && { name: golden.modelName }) },
    );
    if (build) model.build(build);
    if (fit) {
      model.compile({ optimizer: fit.optimizer, loss: fit.loss });
      const zeros = (shape: Shape) => tensor(new Int32Array(sizeOf(shape)), shape);
      await model.fit(zeros(fit.xShape), zeros(fit.yShape), { verbose: 0 });
    }
    const printed: string[] = [];
    const lineLength = golden.lineLength ?? Math.min(88, golden.terminalColumns - 4);
    const returned = model.summary({ lineLength, print: (text) => void printed.push(text) });
    // A model built from data has any batch size here, as on Keras's TensorFlow; Keras's JAX keeps that of the data.
    const expected = fit ? golden.text.replace(/\(3(,.*?\)) {3}/g, "(None$1") : golden.text;
    expect(returned).toBe(expected);
    expect(printed).toEqual([expected]);
  });

  it("lays itself out for 80 columns when nothing says how wide the page is", () => {
    const [golden] = cases;
    const model = sequential([layerOf(golden!.layers[0]!, { inputShape: golden!.inputShape })]);
    expect(model.summary({ print: false })).toBe(golden!.text);
  });
});
