import { describe, expect, it } from "vitest";
import { expectClose, randomValues, runEquations } from "../../tests/conformance/run-equations.js";
import { wasmEngine } from "../engines/wasm/wasm-engine.js";
import { constant, differentiate, input, type Node, softmax, sum } from "../equations/index.js";
import { ShapeError } from "../errors.js";
import { ctc } from "./index.js";

/** Text of an alignment: classes held for several steps collapse, blanks go. */
function read(alignment: readonly number[], blank: number): number[] {
  return alignment.filter((label, t) => label !== blank && label !== alignment[t - 1]);
}

/** −ln of the sum over every alignment of one sequence that reads as the labels. */
function enumerate(logits: readonly (readonly number[])[], labels: readonly number[], blank: number): number {
  const logs = logits.map((row) => {
    const total = Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0));
    return row.map((z) => z - total);
  });
  let alignments: number[][] = [[]];
  for (const row of logs) alignments = alignments.flatMap((path) => row.map((_, label) => [...path, label]));
  const probability = alignments
    .filter((path) => read(path, blank).join() === labels.join())
    .reduce((sum, path) => sum + Math.exp(path.reduce((total, label, t) => total + logs[t]![label]!, 0)), 0);
  return -Math.log(probability);
}

const [T, B, C] = [4, 3, 3];
const logits = randomValues(T * B * C, 5, -2, 2);
const yPred = input("yPred", [T, B, C]);

async function cost(labels: readonly (readonly number[])[], options: { mask?: number[]; blank?: number } = {}) {
  const ids = input("ids", [labels[0]!.length, B], "int");
  const mask = options.mask && constant(options.mask, [T, B]);
  const perSample = ctc({ blank: options.blank }).perSample(ids, yPred, mask);
  const equations = {
    name: "ctc",
    inputs: { ids, yPred },
    outputs: { perSample, d: differentiate(sum(perSample), [yPred])[0]! },
  };
  const values = { yPred: logits, ids: labels[0]!.flatMap((_, l) => labels.map((row) => row[l]!)) };
  const result = await runEquations(equations, values);
  const single = await runEquations(equations, values, { engine: wasmEngine });
  for (const port of ["perSample", "d"]) expectClose(single[port]!, result[port]!, 1e-5, port);
  return result as { perSample: number[]; d: number[] };
}

const rows = (b: number, steps = [...Array(T).keys()]) =>
  steps.map((t) => logits.slice((t * B + b) * C, (t * B + b + 1) * C));

describe("ctc is the sum over all alignments", () => {
  it.each([
    [
      "of different labels",
      [
        [1, 2],
        [2, 1],
        [1, 2],
      ],
      0,
    ],
    [
      "of equal labels in a row, between which a blank must stand",
      [
        [1, 1],
        [2, 2],
        [1, 1],
      ],
      0,
    ],
    [
      "of labels padded at either end, and of no labels",
      [
        [0, 1, 2],
        [2, 0, 0],
        [0, 0, 0],
      ],
      0,
    ],
    ["of one label", [[2], [0], [1]], 0],
    [
      "with another class for the blank",
      [
        [0, 1],
        [1, 2],
        [2, 2],
      ],
      2,
    ],
  ])("%s", async (_, labels, blank) => {
    const { perSample } = await cost(labels, { blank });
    const expected = labels.map((row, b) =>
      enumerate(
        rows(b),
        row.filter((label) => label !== blank),
        blank,
      ),
    );
    expectClose(perSample, expected, 1e-12);
  });

  it("over the valid steps only, and padding has no gradient", async () => {
    const mask = [1, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1];
    const labels = [
      [1, 0],
      [2, 1],
      [2, 2],
    ];
    const { perSample, d } = await cost(labels, { mask });
    const expected = labels.map((row, b) => {
      const steps = [...Array(T).keys()].filter((t) => mask[t * B + b] === 1);
      return enumerate(
        rows(b, steps),
        row.filter((label) => label !== 0),
        0,
      );
    });
    expectClose(perSample, expected, 1e-12);
    mask.forEach((valid, i) => {
      expect(d.slice(i * C, (i + 1) * C).some((value) => value !== 0)).toBe(valid === 1);
    });
  });

  it("costs 10³⁰ and has no gradient where labels need more steps than there are", async () => {
    const { perSample, d } = await cost([
      [1, 1, 1],
      [1, 2, 1],
      [2, 0, 0],
    ]);
    expect(perSample[0]).toBe(1e30);
    expectClose(perSample.slice(1), [enumerate(rows(1), [1, 2, 1], 0), enumerate(rows(2), [2], 0)], 1e-12);
    for (let t = 0; t < T; t++) expect(d.slice(t * B * C, t * B * C + C)).toEqual([0, 0, 0]);
  });
});

describe("ctc", () => {
  it("stays exact over many steps in float32", async () => {
    const [steps, labels] = [400, 60];
    const x = input("x", [steps, 1, 20]);
    const ids = input("ids", [labels, 1], "int");
    const perSample = ctc().perSample(ids, x);
    const equations = {
      name: "long",
      inputs: { x, ids },
      outputs: { perSample, d: differentiate(sum(perSample), [x])[0]! },
    };
    const values = {
      x: randomValues(steps * 20, 2, -4, 4),
      ids: Array.from({ length: labels }, (_, i) => 1 + ((7 * i) % 19)),
    };
    const exact = await runEquations(equations, values);
    const single = await runEquations(equations, values, { engine: wasmEngine });
    expectClose(single.perSample!, exact.perSample!, 1e-6);
    expectClose(single.d!, exact.d!, 1e-3);
  });

  it("recognises probabilities that softmax made", async () => {
    const ids = input("ids", [2, B], "int");
    const of = (prediction: Node) => ctc().perSample(ids, prediction);
    const equations = { name: "z", inputs: { ids, yPred }, outputs: { a: of(yPred), b: of(softmax(yPred)) } };
    const { a, b } = await runEquations(equations, { yPred: logits, ids: [1, 2, 1, 2, 0, 1] });
    expect(a).toEqual(b);
  });

  it("refuses shapes of other data, and a blank that is not a class", () => {
    const ids = input("ids", [2, B], "int");
    expect(() => ctc().perSample(input("ids", [2, B + 1], "int"), yPred)).toThrow(ShapeError);
    expect(() => ctc({ blank: C }).perSample(ids, yPred)).toThrow(/more than 3 classes/);
  });
});
