/**
 * The goldens can fail: every way in which a recurrent layer is usually wrong turns at least one of them red. Mutants are made by rule, for
 * every cell, every gate, every pair of gates, every weight and every state, not picked by hand; each is the real cell or layer with one
 * thing changed.
 */
import { describe, expect, it } from "vitest";
import { type AnyCell, gruCell, lstmCell, simpleRNNCell } from "../../src/cells/index.js";
import { concat, mul, type Node, reshape, slice, sub, sum, transpose } from "../../src/equations/index.js";
import { rnn } from "../../src/layers/index.js";
import { engines, goldenCases } from "./golden.js";
import { checkRecurrent, type RecurrentCase } from "./layer-golden.js";

type Nodes = Record<string, Node>;
type Step = (inputs: Nodes, weights: Nodes, context: object) => Nodes;
/** What is changed about a cell's step, a golden's options, or its data. */
interface Mutation {
  readonly step?: (original: Step) => Step;
  readonly golden?: (golden: RecurrentCase) => RecurrentCase;
}
type Mutations = Record<string, Mutation>;

interface Family {
  readonly file: string;
  readonly cell: AnyCell;
  readonly gates: readonly string[];
  readonly belongs: (golden: RecurrentCase) => boolean;
  /** How many rows of biases there are. */
  readonly biases: number;
}

const families: Record<string, Family> = {
  simpleRNN: { file: "simple-rnn.json", cell: simpleRNNCell, gates: ["h"], belongs: () => true, biases: 1 },
  lstm: { file: "lstm.json", cell: lstmCell, gates: ["i", "f", "c", "o"], belongs: () => true, biases: 1 },
  gru: {
    file: "gru.json",
    cell: gruCell,
    gates: ["z", "r", "h"],
    belongs: ({ layer }) => layer.resetAfter !== false,
    biases: 2,
  },
  "gru, reset before": {
    file: "gru.json",
    cell: gruCell,
    gates: ["z", "r", "h"],
    belongs: ({ layer }) => layer.resetAfter === false,
    biases: 1,
  },
};

const pairs = <Item>(items: readonly Item[]) => items.flatMap((a, i) => items.slice(i + 1).map((b) => [a, b] as const));
const all = (mutations: readonly Mutations[]): Mutations => Object.assign({}, ...mutations);

/** The step over changed weights; one that a golden does not have stays away. */
const withWeight = (name: string, change: (weight: Node) => Node): Mutation => ({
  step: (step) => (inputs, weights, context) =>
    step(inputs, { ...weights, ...(weights[name] && { [name]: change(weights[name]) }) }, context),
});

/** The weight with the part of each gate replaced. */
const byGate = (weight: Node, count: number, part: (parts: readonly Node[], gate: number) => Node): Node => {
  const size = weight.shape.at(-1)! / count;
  const parts = Array.from({ length: count }, (_, gate) => slice(weight, -1, gate * size, size));
  return concat(parts.map((_, gate) => part(parts, gate)));
};

const byRow = (bias: Node, row: number, change: (row: Node) => Node): Node =>
  bias.shape.length === 1
    ? change(bias)
    : concat(
        [0, 1].map((i) => (i === row ? change(slice(bias, 0, i, 1)) : slice(bias, 0, i, 1))),
        0,
      );

function weightMutations({ gates, biases }: Family): Mutations {
  const swapped = (a: number, b: number) => (weight: Node) =>
    byGate(weight, gates.length, (parts, gate) => parts[gate === a ? b : gate === b ? a : gate]!);
  const indices = [...gates.keys()];
  const rows = Array.from({ length: biases }, (_, row) => row);
  return all([
    ...pairs(indices).flatMap(([a, b]) => [
      ...["kernel", "recurrentKernel"].map((name) => ({
        [`${gates[a]} and ${gates[b]} exchanged in ${name}`]: withWeight(name, swapped(a, b)),
      })),
      ...rows.map((row) => ({
        [`${gates[a]} and ${gates[b]} exchanged in bias ${row}`]: withWeight("bias", (bias) =>
          byRow(bias, row, swapped(a, b)),
        ),
      })),
    ]),
    ...indices.map((which) => ({
      [`the recurrent kernel of ${gates[which]} transposed`]: withWeight("recurrentKernel", (weight) =>
        byGate(weight, gates.length, (parts, gate) => (gate === which ? transpose(parts[gate]!) : parts[gate]!)),
      ),
    })),
    ...["kernel", "recurrentKernel"].flatMap((name) =>
      indices.map((which) => ({
        [`${name} of ${gates[which]} dropped`]: withWeight(name, (weight) =>
          byGate(weight, gates.length, (parts, gate) => (gate === which ? mul(0, parts[gate]!) : parts[gate]!)),
        ),
      })),
    ),
    ...rows.flatMap((row) =>
      indices.map((which) => ({
        [`bias ${row} of ${gates[which]} dropped`]: withWeight("bias", (bias) =>
          byRow(bias, row, (values) =>
            byGate(values, gates.length, (parts, gate) => (gate === which ? mul(0, parts[gate]!) : parts[gate]!)),
          ),
        ),
      })),
    ),
  ]);
}

function stateMutations({ cell }: Family): Mutations {
  const states = Object.keys(cell.state({ ...cell.options, features: 1, units: 1 }));
  return all([
    ...states.map(
      (name): Mutations => ({
        [`${name} forgotten`]: {
          step: (step) => (inputs, weights, context) =>
            step({ ...inputs, [name]: mul(0, inputs[name]!) }, weights, context),
        },
      }),
    ),
    ...pairs(states).map(
      ([a, b]): Mutations => ({
        [`${a} and ${b} exchanged before the step`]: {
          step: (step) => (inputs, weights, context) =>
            step({ ...inputs, [a]: inputs[b]!, [b]: inputs[a]! }, weights, context),
        },
        [`${a} and ${b} exchanged behind the step`]: {
          step: (step) => (inputs, weights, context) => {
            const after = step(inputs, weights, context);
            return { ...after, [a]: after[b]!, [b]: after[a]! };
          },
        },
        [`${b} shown instead of ${a}`]: {
          step: (step) => (inputs, weights, context) => {
            const after = step(inputs, weights, context);
            return { ...after, output: after[b]! };
          },
        },
      }),
    ),
  ]);
}

/** Every use of an activation: left out, or turned round (1 − f for a gate, −f for what is remembered). */
function activationMutations({ cell }: Family): Mutations {
  const uses = { activation: cell === lstmCell ? 2 : 1, recurrentActivation: { lstm: 3, gru: 2 }[cell.name] ?? 0 };
  const changes = {
    "left out": () => (x: Node) => x,
    "turned round": (f: (x: Node) => Node, option: string) => (x: Node) =>
      option === "activation" ? mul(-1, f(x)) : sub(1, f(x)),
  };
  return all(
    Object.entries(uses).flatMap(([option, count]) =>
      Array.from({ length: count }, (_, which) =>
        Object.entries(changes).map(
          ([what, change]): Mutations => ({
            [`use ${which} of ${option} ${what}`]: {
              step: (step) => (inputs, weights, context) => {
                const f = (context as Record<string, (x: Node) => Node>)[option]!;
                let use = 0;
                const changed = (x: Node) => (use++ === which ? change(f, option)(x) : f(x));
                return step(inputs, weights, { ...context, [option]: changed });
              },
            },
          }),
        ),
      ).flat(),
    ),
  );
}

const resetElsewhere: Mutation = {
  step: (step) => (inputs, weights, context) => {
    const { resetAfter } = context as { resetAfter: boolean };
    const bias =
      weights.bias &&
      (resetAfter ? sum(weights.bias, [0]) : concat([asRow(weights.bias), mul(0, asRow(weights.bias))], 0));
    return step(inputs, { ...weights, ...(bias && { bias }) }, { ...context, resetAfter: !resetAfter });
  },
};
const asRow = (bias: Node) => reshape(bias, [1, ...bias.shape]);

const layerMutations: Mutations = {
  "the mask dropped": { golden: (golden) => ({ ...golden, mask: null }) },
  "the mask turned round": {
    golden: (golden) => ({
      ...golden,
      mask: golden.mask && (golden.mask as number[][]).map((row) => row.map((m) => 1 - m)),
    }),
  },
  "the mask read backwards": {
    golden: (golden) => ({
      ...golden,
      mask: golden.mask && (golden.mask as number[][]).map((row) => [...row].reverse()),
    }),
  },
  "the initial state dropped": { golden: (golden) => ({ ...golden, initialState: null, gradInitialState: null }) },
  "the other direction": {
    golden: (golden) => ({ ...golden, layer: { ...golden.layer, goBackwards: !golden.layer.goBackwards } }),
  },
  "another rule for outputs at padding": {
    golden: (golden) => ({ ...golden, layer: { ...golden.layer, zeroOutputForMask: !golden.layer.zeroOutputForMask } }),
  },
};

function mutantLayer(cell: AnyCell, { layer }: RecurrentCase, change: (step: Step) => Step = (step) => step) {
  const { type: _, units, ...options } = layer;
  const mutant: AnyCell = {
    ...cell,
    name: "mutant",
    step: change(cell.step as unknown as Step) as unknown as AnyCell["step"],
  };
  const isOfCell = ([name]: [string, unknown]) => name in cell.options;
  const cellOptions = Object.fromEntries(Object.entries(options).filter(isOfCell));
  const others = Object.fromEntries(Object.entries(options).filter((entry) => !isOfCell(entry)));
  return rnn(mutant, units as number, { ...others, cellOptions });
}

const check = (cell: AnyCell, golden: RecurrentCase, mutation: Mutation) => {
  const changed = mutation.golden?.(golden) ?? golden;
  return checkRecurrent(changed, engines[0]!, false, mutantLayer(cell, changed, mutation.step));
};

describe.each(Object.entries(families))("the goldens of %s", (name, family) => {
  const cases = goldenCases<RecurrentCase>(family.file).filter(family.belongs);

  it("are green for the cell as it is", async () => {
    for (const golden of cases) await check(family.cell, golden, {});
  });

  const mutations = all([
    weightMutations(family),
    stateMutations(family),
    activationMutations(family),
    layerMutations,
    name.startsWith("gru") ? { "the reset gate on the other side of the product": resetElsewhere } : {},
  ]);
  it.each(Object.entries(mutations))("turn red with %s", async (_, mutation) => {
    let red = false;
    for (const golden of cases) {
      red ||= await check(family.cell, golden, mutation).then(
        () => false,
        (error: Error) => {
          // A mutant that cannot be traced proves nothing.
          expect(error.message).toMatch(/: element \d+ is/);
          return true;
        },
      );
      if (red) break;
    }
    expect(red).toBe(true);
  });
});
