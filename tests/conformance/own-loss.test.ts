/**
 * A loss that Tavali does not know is treated like those it does: its gradient is derived through the model, padding costs nothing, and
 * it is saved and loaded by name. The loss is that of docs/your-own-cell.md.
 */
import { describe, expect, it } from "vitest";
import { wasmEngine } from "../../src/engines/index.js";
import { constant, input, maximum, mean, mul, sub } from "../../src/equations/index.js";
import { ConfigError } from "../../src/errors.js";
import { modelFromBytes, modelToBytes } from "../../src/formats/index.js";
import { dense, masking, simpleRNN, timeMajor } from "../../src/layers/index.js";
import { defineLoss, meanSquaredError, reduceLoss } from "../../src/losses/index.js";
import { sequential } from "../../src/models/index.js";
import { checkGradient, expectClose, randomValues, runEquations } from "./run-equations.js";
import { randomNested, traceLayer } from "./trace-layer.js";

const pinball = defineLoss({
  name: "pinball",
  options: { quantile: 0.5 },
  perSample: (yTrue, yPred, { quantile }) => {
    const error = sub(yTrue, yPred);
    return mean(maximum(mul(quantile, error), mul(quantile - 1, error)), [-1]);
  },
});

const x = [
  [[1], [2], [0]],
  [[2], [3], [4]],
  [[1], [0], [0]],
];
const y = [
  [[0.5], [1], [9]],
  [[2], [0], [1]],
  [[1], [9], [9]],
];

/** Row by row: a step of zeros is padding. */
const model = () => {
  const layers = [masking({ inputShape: [null, 1] }), simpleRNN(3, { returnSequences: true }), dense(1)];
  return sequential(layers, { seed: 1, engine: wasmEngine }).compile({ loss: pinball({ quantile: 0.9 }) });
};

describe("defineLoss", () => {
  it("is the equation, with its options, over targets in the prediction's shape", async () => {
    const inputs = { yTrue: input("yTrue", [2]), yPred: input("yPred", [2, 1]) };
    const loss = pinball({ quantile: 0.9 }).perSample(inputs.yTrue, inputs.yPred);
    const { j } = await runEquations({ name: "loss", inputs, outputs: { j: loss } }, { yTrue: [3, 1], yPred: [1, 2] });
    expectClose(j!, [0.9 * 2, 0.1 * 1], 1e-12);
  });

  it("has the gradient that finite differences measure, through a layer and over a mask", async () => {
    const layer = simpleRNN(4, { returnSequences: true });
    const mask = [
      [1, 1, 0],
      [0, 1, 1],
    ];
    const { inputs, values, signals } = traceLayer(layer, { x: randomNested([2, 3, 5], 1), mask });
    const yTrue = constant(randomValues(24, 2), [3, 2, 4]);
    const perStep = pinball({ quantile: 0.8 }).perSample(yTrue, timeMajor(signals[0]!));
    await checkGradient(inputs, reduceLoss(perStep, { mask: signals[0]!.mask }), values);
  });

  it("counts no padding: a target there changes nothing, as a sentence by itself shows", async () => {
    const changed = y.map((row, i) => row.map((value, t) => (x[i]![t]![0] === 0 ? [-50] : value)));
    const whole = await model().evaluate(x, y, { verbose: 0 });
    expect(await model().evaluate(x, changed, { verbose: 0 })).toEqual(whole);
    const alone = await Promise.all([
      model().evaluate([x[0]!.slice(0, 2)], [y[0]!.slice(0, 2)], { verbose: 0 }),
      model().evaluate([x[1]!], [y[1]!], { verbose: 0 }),
      model().evaluate([x[2]!.slice(0, 1)], [y[2]!.slice(0, 1)], { verbose: 0 }),
    ]);
    const [a, b, c] = alone.map(({ loss }) => loss!);
    expectClose([whole.loss!], [(2 * a! + 3 * b! + 1 * c!) / 6], 1e-6);
  });

  it("trains, and comes back from a file when it is given", async () => {
    const trained = model();
    const { history } = await trained.fit(x, y, { epochs: 30, verbose: 0 });
    expect(history.loss!.at(-1)).toBeLessThan(history.loss![0]!);
    const bytes = await modelToBytes(trained);
    const { model: loaded } = await modelFromBytes(bytes, "upper.tavali", { losses: { pinball } });
    expect(await loaded.evaluate(x, y, { verbose: 0 })).toEqual(await trained.evaluate(x, y, { verbose: 0 }));
    expect(await modelToBytes(loaded)).toEqual(bytes);
    await expect(modelFromBytes(bytes, "upper.tavali")).rejects.toThrow(
      /Unknown loss "pinball".*loadModel\(path, { losses: { "pinball": … } }\)/,
    );
  });

  it("refuses the name of a built-in loss, and options that nothing reads", () => {
    const definition = { name: meanSquaredError().name, options: {}, perSample: sub };
    expect(() => defineLoss(definition)).toThrow(ConfigError);
    expect(() => pinball({ quantil: 0.9 } as object)).toThrow(
      'pinball: there is no option "quantil"; did you mean quantile?',
    );
  });
});
