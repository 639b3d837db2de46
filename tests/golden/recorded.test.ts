/** Bidirectional layers and stacked cells against numbers recorded from Keras: see keras-recorded/README.md. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { gruCell, lstmCell, simpleRNNCell } from "../../src/cells/index.js";
import { type Layer, rnn } from "../../src/layers/index.js";
import type { NestedArray } from "../../src/tensor/tensor.js";
import { expectClose } from "../conformance/run-equations.js";
import { engines, flat } from "./golden.js";
import { evaluate, layerOf, type Options } from "./layer-golden.js";

interface RecordedCase {
  readonly name: string;
  readonly layer: Options;
  readonly x: NestedArray;
  readonly mask: NestedArray | null;
  readonly weights: NestedArray[];
  /** The outputs and then the states; absent where gradients were recorded. */
  readonly outputs?: NestedArray[];
  /** The loss is the sum of the output by these numbers. */
  readonly coefficients?: NestedArray[];
  readonly loss?: number;
  readonly gradWeights?: NestedArray[];
  readonly gradX?: NestedArray;
}

const file = new URL("./keras-recorded/recurrent.json", import.meta.url);
const cases: RecordedCase[] = JSON.parse(readFileSync(file, "utf8")).cases;
const cells = { simpleRNN: simpleRNNCell, lstm: lstmCell, gru: gruCell };

function recordedLayer({ type, cells: names, units, ...options }: Options): Layer {
  if (type !== "stackedCells") return layerOf({ type, ...(units === undefined ? {} : { units }), ...options });
  const stack = (names as (keyof typeof cells)[]).map((name) => cells[name]);
  return rnn(stack, units as number[], options);
}

async function check(golden: RecordedCase, [, engine, tolerance]: (typeof engines)[number]) {
  const { x, mask, weights, outputs, coefficients, loss, gradWeights, gradX } = golden;
  const { results, parameters } = await evaluate(
    recordedLayer(golden.layer),
    { x, mask, weights },
    (coefficients ?? outputs)!,
    (names) => [...names, "x"],
    engine,
  );
  const compare = (port: string, expected: NestedArray) => expectClose(results[port]!, flat(expected), tolerance, port);
  for (const [i, output] of (outputs ?? []).entries()) compare(`output${i}`, output);
  if (loss !== undefined) compare("loss", [loss]);
  for (const [i, gradient] of (gradWeights ?? []).entries()) compare(`d_${parameters[i]}`, gradient);
  if (gradX) compare("d_x", gradX);
}

describe.each(engines)("recorded layers in %s compute what Keras computed", (...engine) => {
  it.each(cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    await check(golden, engine);
  });
});

describe("the recorded file turns red", () => {
  it("when forward and backward weights are exchanged", async () => {
    for (const golden of cases.filter(({ layer }) => layer.type === "bidirectional")) {
      const half = golden.weights.length / 2;
      const exchanged = { ...golden, weights: [...golden.weights.slice(half), ...golden.weights.slice(0, half)] };
      await expect(check(exchanged, engines[0]!), golden.name).rejects.toThrow("element 0");
    }
  });
});
