/** The files of shared/keras-golden about recurrent layers: outputs, states, gradients, wrappers, stacked cells, state carried on. */
import { describe, expect, it } from "vitest";
import { gruCell, lstmCell, simpleRNNCell } from "../../../src/cells/index.js";
import { bidirectional, gru, type Layer, lstm, rnn, simpleRNN } from "../../../src/layers/index.js";
import type { NestedArray } from "../../../src/tensor/tensor.js";
import { expectClose } from "../../conformance/run-equations.js";
import { engines, flat } from "../golden.js";
import { evaluate } from "../layer-golden.js";
import { describeShared, sharedCases } from "./keras-golden.js";
import { camelCase } from "./keras-object.js";

interface Case {
  /** Absent for stacked cells. */
  readonly layer?: string;
  readonly units: number;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly return_sequences: boolean;
  readonly return_state?: boolean;
  readonly go_backwards?: boolean;
  readonly unroll?: boolean;
  readonly merge_mode?: "concat" | "sum" | "mul" | "ave" | null;
  readonly mask: number[][] | null;
  readonly initial_state?: NestedArray[] | null;
  readonly weights: NestedArray[];
  readonly x: NestedArray;
  readonly output?: NestedArray;
  /** Of a bidirectional layer. */
  readonly outputs?: NestedArray[];
  readonly states?: NestedArray[];
  readonly states_flat?: NestedArray[];
  readonly C?: NestedArray;
  readonly loss_value?: number;
  readonly grad_weights?: NestedArray[];
  readonly grad_x?: NestedArray;
}

interface Stateful {
  readonly layer: string;
  readonly weights: NestedArray[];
  readonly x1: NestedArray[][];
  readonly x2: NestedArray[][];
  readonly first_call_x1: NestedArray[][];
  readonly second_call_x2: NestedArray[][];
  readonly after_reset_x2: NestedArray[][];
}

const makers: Readonly<Record<string, typeof simpleRNN>> = {
  SimpleRNN: simpleRNN,
  LSTM: lstm,
  GRU: gru,
  "RNN(zero_output_for_mask)SimpleRNNCell": (units, options) => rnn(simpleRNNCell, units, options),
};
/** Unrolled, which we need not be, Keras forgets about this option. */
const zeroesOutput = ({ layer, unroll }: Pick<Case, "layer" | "unroll">) =>
  layer?.startsWith("RNN(zero_output_for_mask)") === true && !unroll;

function layerOf({ layer = "", units, args = {}, merge_mode, ...golden }: Case): Layer {
  const [, wrapped] = /^Bi(?:directional)?\((.*)\)$/.exec(layer) ?? [];
  const made = makers[wrapped ?? layer]!(units, {
    ...Object.fromEntries(Object.entries(args).map(([name, value]) => [camelCase(name), value])),
    returnSequences: golden.return_sequences,
    returnState: golden.return_state ?? golden.states !== undefined,
    goBackwards: golden.go_backwards ?? false,
    zeroOutputForMask: zeroesOutput({ layer, ...golden }),
  });
  return wrapped === undefined ? made : bidirectional(made, merge_mode === undefined ? {} : { mergeMode: merge_mode });
}

/**
 * Where we differ from Keras on purpose: it zeroes the last output too where the last step is padding, so that a sentence's result would
 * depend on the side it is padded on. Here a layer that returns one output returns that of the last valid step. States are compared.
 */
const differs = (golden: Case) => zeroesOutput(golden) && !golden.return_sequences && golden.mask !== null;

async function check(golden: Case, layer: Layer, [, engine, tolerance]: (typeof engines)[number]) {
  const { x, mask, weights, output, C, grad_weights, grad_x, loss_value, initial_state } = golden;
  const outputs = golden.outputs ?? (output === undefined ? [] : [output]);
  const expected = [...outputs, ...(golden.states ?? golden.states_flat ?? [])];
  const { results, parameters } = await evaluate(
    layer,
    { x, mask, weights, states: initial_state ?? null },
    C === undefined ? expected : [C],
    (names) => (grad_weights ? [...names, "x"] : []),
    engine,
  );
  expected.forEach((value, i) => {
    if (i === 0 && differs(golden)) return;
    expectClose(results[`output${i}`]!, flat(value), tolerance, `output${i}`);
  });
  if (loss_value !== undefined) expectClose(results.loss!, [loss_value], tolerance, "loss");
  grad_weights?.forEach((value, i) => {
    expectClose(results[`d_${parameters[i]}`]!, flat(value), tolerance, `d_${parameters[i]}`);
  });
  if (grad_x) expectClose(results.d_x!, flat(grad_x), tolerance, "d_x");
}

describeShared("recurrent layers", () => {
  describe.each(engines)("in %s", (...engine) => {
    it.each(["rnn_layers.json", "rnn_gradients.json", "bidirectional.json"])("%s", async (file) => {
      const cases = sharedCases<Case>(file);
      expect(cases.length).toBeGreaterThan(90);
      for (const [i, golden] of cases.entries()) {
        await check(golden, layerOf(golden), engine).catch((error: Error) => {
          throw new Error(`case ${i}, ${golden.layer}: ${error.message}`);
        });
      }
    });

    it("stacked_cells.json", async () => {
      for (const golden of sharedCases<Case>("stacked_cells.json")) {
        const options = { returnSequences: golden.return_sequences, returnState: true };
        await check(golden, rnn([simpleRNNCell, lstmCell, gruCell], [4, 3, 2], options), engine);
      }
    });

    it("stateful.json: a state that is carried on is one longer sequence", async () => {
      for (const { layer, weights, ...given } of sharedCases<Stateful>("stateful.json")) {
        const whole = (a: NestedArray[][], b: NestedArray[][]) => a.map((row, i) => [...row, ...b[i]!]);
        const x = whole(given.x1, given.x2);
        const output = whole(given.first_call_x1, given.second_call_x2);
        const units = (weights[1] as NestedArray[]).length;
        const golden: Case = { layer, units, weights, x, output, mask: null, return_sequences: true };
        await check(golden, layerOf(golden), engine);
        const fresh = { ...golden, x: given.x2, output: given.after_reset_x2 };
        await check(fresh, layerOf(fresh), engine);
      }
    });
  });
});
