/** Recurrent layers against Keras: outputs and every gradient; and that the goldens can fail. */
import { describe, expect, it } from "vitest";
import type { NestedArray } from "../../src/tensor/tensor.js";
import { engines, goldenCases } from "./golden.js";
import { checkRecurrent, type RecurrentCase } from "./layer-golden.js";

const files = ["simple-rnn.json", "lstm.json", "gru.json"].map(
  (file) => [file, goldenCases<RecurrentCase>(file)] as const,
);
const named = (cases: readonly RecurrentCase[]) => cases.map((golden) => [golden.name, golden] as const);
const casesOf = (file: string) => goldenCases<RecurrentCase>(file);

describe.each(engines)("recurrent layers in %s compute what Keras computes, and every gradient", (...engine) => {
  it.each(files.flatMap(([, cases]) => named(cases)))("%s", async (_, golden) => {
    await checkRecurrent(golden, engine);
  });
});

describe.each(files)("%s", (_, cases) => {
  it("agrees as well when the sequence arrives time-major", async () => {
    for (const golden of cases.filter(({ layer }) => layer.goBackwards)) {
      await checkRecurrent(golden, engines[0]!, true);
    }
  });
});

describe("simple-rnn.json turns red", () => {
  it("when kernel and recurrent kernel are swapped", async () => {
    const square = casesOf("simple-rnn.json").find(({ name }) => name.endsWith("features 4, units 4"))!;
    const [kernel, recurrentKernel, bias] = square.weights;
    const swapped = { ...square, weights: [recurrentKernel!, kernel!, bias!] };
    await expect(checkRecurrent(swapped, engines[0]!)).rejects.toThrow(/loss: element 0/);
  });
});

type Matrix = number[][];

/** The columns of each gate exchanged as told. */
function reorder(weight: Matrix, order: readonly number[]): Matrix {
  const units = weight[0]!.length / order.length;
  return weight.map((row) => order.flatMap((gate) => row.slice(gate * units, (gate + 1) * units)));
}

/** Each gate's square of the recurrent kernel transposed. */
function transposeGates(weight: Matrix): Matrix {
  const units = weight.length;
  return weight.map((row, i) => row.map((_, column) => weight[column % units]![column - (column % units) + i]!));
}

const gated = [
  { file: "lstm.json", gates: ["input gate", "forget gate", "candidate", "output gate"] },
  { file: "gru.json", gates: ["update gate", "reset gate", "candidate"] },
];

describe.each<{ file: string; gates: readonly string[] }>(gated)("$file turns red", ({ file, gates }) => {
  const biased = casesOf(file).filter(({ weights }) => weights.length === 3);
  const turnsRed = async (mutate: (weights: readonly Matrix[]) => Matrix[]) => {
    for (const golden of biased) {
      const isVector = (weight: NestedArray) => !Array.isArray((weight as NestedArray[])[0]);
      const matrices = golden.weights.map((weight) => (isVector(weight) ? [weight] : weight) as Matrix);
      const weights = mutate(matrices).map((weight, i) => (isVector(golden.weights[i]!) ? weight[0]! : weight));
      await expect(checkRecurrent({ ...golden, weights }, engines[0]!), golden.name).rejects.toThrow("loss: element 0");
    }
  };
  const swaps = gates.flatMap((_, i) => gates.slice(i + 1).map((_, j) => [i, i + 1 + j] as const));

  it.each(swaps.map(([a, b]) => [gates[a]!, gates[b]!, a, b] as const))(
    "when %s and %s are swapped",
    async (_, __, a, b) => {
      const order = gates.map((_, i) => (i === a ? b : i === b ? a : i));
      await turnsRed((weights) => weights.map((weight) => reorder(weight, order)));
    },
  );

  it("when the recurrent kernel is transposed", async () => {
    await turnsRed(([kernel, recurrentKernel, bias]) => [kernel!, transposeGates(recurrentKernel!), bias!]);
  });

  it("when a bias is dropped", async () => {
    const without = (weight: Matrix, dropped: number) =>
      weight.map((row, i) => (i === dropped ? row.map(() => 0) : row));
    await turnsRed(([kernel, recurrentKernel, bias]) => [kernel!, recurrentKernel!, without(bias!, 0)]);
    await turnsRed(([kernel, recurrentKernel, bias]) => [kernel!, recurrentKernel!, without(bias!, bias!.length - 1)]);
  });
});
