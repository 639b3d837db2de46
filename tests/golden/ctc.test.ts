/** CTC against Keras: the loss of every sequence, its gradient, and what is read off the logits. */
import { describe, expect, it } from "vitest";
import { constant, differentiate, input, transpose } from "../../src/equations/index.js";
import { ctc, ctcDecode, reduceLoss, sampleLosses } from "../../src/losses/index.js";
import { type NestedArray, toTensor } from "../../src/tensor/tensor.js";
import { expectClose, runEquations } from "../conformance/run-equations.js";
import { engines, flat, goldenCases } from "./golden.js";

interface CTCCase {
  readonly name: string;
  readonly logits: NestedArray;
  readonly labels: NestedArray;
  readonly lengths: readonly number[];
  readonly value: number;
  readonly losses: readonly number[];
  readonly gradient: NestedArray;
  readonly readings: { greedy: number[][][]; beam_search: number[][][]; scores: number[][] };
}

const cases = goldenCases<CTCCase>("ctc.json").map((golden) => [golden.name, golden] as const);

describe.each(engines)("ctc in %s is what Keras computes", (_, engine, tolerance) => {
  it.each(cases)("%s", async (_, { logits, labels, lengths, value, losses, gradient }) => {
    const [z, ids] = [toTensor(logits), toTensor(labels)];
    const [B, T] = z.shape as [number, number];
    const inputs = { z: input("z", z.shape), ids: input("ids", ids.shape, "int") };
    const mask = lengths.flatMap((length) => Array.from({ length: T }, (_, t) => Number(t < length)));
    const valid = transpose(constant(mask, [B, T]));
    const samples = sampleLosses(ctc(), transpose(inputs.ids), transpose(inputs.z, [1, 0, 2]), valid);
    const j = reduceLoss(samples.perSample, samples);
    const outputs = { perSample: samples.perSample, j, d: differentiate(j, [inputs.z])[0]! };
    const result = await runEquations({ name: "ctc", inputs, outputs }, { z: z.data, ids: ids.data }, { engine });
    expectClose(result.perSample!, losses, tolerance, "losses");
    expectClose(result.j!, [value], tolerance, "J");
    expectClose(result.d!, flat(gradient), tolerance, "gradient");
  });
});

describe("ctcDecode reads what Keras reads", () => {
  it.each(cases)("%s", (_, { logits, lengths, readings }) => {
    const greedy = ctcDecode(logits, { lengths });
    expect(greedy.map(([reading]) => reading!.labels)).toEqual(readings.greedy[0]);
    const beams = ctcDecode(logits, { lengths, strategy: "beamSearch", beamWidth: 300, topPaths: 3 });
    readings.beam_search.forEach((rows, path) => {
      expect(beams.map((found) => found[path]!.labels)).toEqual(rows);
      expectClose(
        beams.map((found) => found[path]!.logProbability),
        readings.scores.map((row) => row[path]!),
        1e-9,
      );
    });
  });
});
