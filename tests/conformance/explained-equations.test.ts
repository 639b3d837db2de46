/**
 * What `explain` prints is what runs. With one unit, one feature and a batch of one, every value is a number, and the printed equations
 * are programs: they are evaluated as they stand and compared with the gradients of the real scan.
 */
import { describe, it } from "vitest";
import { gruCell, lstmCell } from "../../src/cells/index.js";
import {
  constant,
  differentiate,
  type Equation,
  type ExplainableCell,
  explainEquations,
  input,
  mul,
  type Node,
  scan,
  sum,
} from "../../src/equations/index.js";
import { expectClose, randomValues, runEquations } from "./run-equations.js";
import { joined, mgu } from "./sample-cells.js";

const steps = 4;
const seeds = randomValues(steps, 1);
const x = randomValues(steps, 2);
const sizes = { features: 1, units: 1 };

/** Runs the scan; returns the value and the gradient of each leaf. */
async function realGradients(cell: ExplainableCell) {
  const same = (x: Node) => x;
  const context = { ...cell.options, dropInput: same, dropState: same };
  const stateNames = Object.keys(cell.state(sizes));
  const weights = Object.entries(cell.parameters({ ...sizes, ...cell.options })).map(([name, parameter]) =>
    input(name, parameter!.shape),
  );
  const states = stateNames.map((name) => input(`${name}(0)`, [1, 1]));
  const sequence = input("x", [steps, 1, 1]);
  const { outputs } = scan({
    sequences: { x: sequence },
    initial: Object.fromEntries(states.map((node, i): [string, Node] => [stateNames[i]!, node])),
    step: ({ x }, state) => {
      const { output, ...next } = cell.step(
        { x, ...state },
        Object.fromEntries(weights.map((w) => [w.name!, w])),
        context,
      );
      return { state: next, outputs: { output: output! } };
    },
  });
  const leaves = [...weights, ...states, sequence];
  const loss = sum(mul(outputs.output, constant(seeds, [steps, 1, 1])));
  const gradients = differentiate(loss, leaves);
  const values = Object.fromEntries(
    leaves.map(({ name, shape }, i) => [
      name!,
      name === "x"
        ? x
        : randomValues(
            shape.reduce((a, b) => a * b, 1),
            10 + i,
          ),
    ]),
  );
  const result = await runEquations(
    {
      name: "explained",
      inputs: Object.fromEntries(leaves.map((leaf) => [leaf.name!, leaf])),
      outputs: Object.fromEntries(gradients.map((gradient, i) => [`d ${leaves[i]!.name}`, gradient])),
    },
    values,
  );
  return { values, gradients: (name: string) => result[`d ${name}`]! };
}

const functions: Record<string, string> = { σ: "sigmoid", tanh: "Math.tanh" };
const signs: Record<string, string> = { "²": "**2", ᵀ: "", "·": "*", "⊙": "*", "−": "-", Σₜ: "" };

/** A printed formula as JavaScript over `at(name, t)` and `weight(name)`. */
function toJavaScript(formula: string): string {
  const token =
    /Σₜ|∂J\/∂\p{Ll}\((t(?:[+−]1)?|1)\)|([\p{Lu}\p{Ll}][\p{Lu}\p{Ll}\d_′]*)(?:\((t(?:[+−]1)?|1)\))?|(\d\.\d+)|[²ᵀ·⊙−]/gu;
  return formula.replace(token, (all, seed, name, time, number) => {
    if (seed) return `seed(${seed.replace("−", "-")})`;
    if (number) return `${number}*`;
    if (!name) return signs[all]!;
    if (time) return `at("${name}", ${time.replace("−", "-")})`;
    return functions[name] ?? `weight("${name}")`;
  });
}

/** Evaluates printed equations. `known` are weights by letter, sequences and initial states. */
class Evaluator {
  readonly #definitions: Map<string, string>;
  readonly #known = new Map<string, number>();

  constructor(
    equations: readonly Equation[],
    readonly weights: Readonly<Record<string, number>>,
    initial: Readonly<Record<string, number>>,
  ) {
    this.#definitions = new Map(equations.map(({ left, right }) => [left, right]));
    for (const [name, value] of Object.entries(initial)) this.#known.set(`${name} 0`, value);
    for (const [i, value] of x.entries()) this.#known.set(`x ${i + 1}`, value);
  }

  evaluate(formula: string, t: number): number {
    const run = new Function("at", "seed", "weight", "sigmoid", "t", `return ${toJavaScript(formula)};`);
    return run(
      (name: string, time: number) => this.#at(name, time),
      (time: number) => seeds[time - 1] ?? 0,
      (name: string) => this.weights[name],
      (z: number) => 1 / (1 + Math.exp(-z)),
      t,
    );
  }

  /** After the last step there is nothing. */
  #at(name: string, t: number): number {
    const key = `${name} ${t}`;
    if (t > steps) return 0;
    if (!this.#known.has(key)) this.#known.set(key, this.evaluate(this.#definitions.get(`${name}(t)`)!, t));
    return this.#known.get(key)!;
  }
}

/** The letters of a weight's parts, in the order in which they lie. */
type Letters = Readonly<Record<string, readonly string[]>>;

const gates = (labels: string, weights: Readonly<Record<string, string>>): Letters =>
  Object.fromEntries(
    Object.entries(weights).map(([name, letter]) => [name, [...labels].map((gate) => `${letter}_${gate}`)]),
  );

const alone = (...names: string[]): Letters => Object.fromEntries(names.map((name) => [name, [name]]));

describe("explain prints what runs", () => {
  const cases: readonly [ExplainableCell, Letters][] = [
    [lstmCell, gates("ifgo", { kernel: "W", recurrentKernel: "R", bias: "b" })],
    [
      gruCell,
      {
        ...gates("zrg", { kernel: "W", recurrentKernel: "R" }),
        bias: ["b_1z", "b_1r", "b_1g", "b_2z", "b_2r", "b_2g"],
      },
    ],
    [mgu, alone("W", "R", "V", "S")],
    [joined, { kernel: ["W_x", "W_h"] }],
  ];
  for (const [cell, letters] of cases) {
    it(`for the cell "${cell.name}"`, async () => {
      const { values, gradients } = await realGradients(cell);
      const { forward, backward } = explainEquations(cell);
      const weights = Object.fromEntries(
        Object.entries(letters).flatMap(([name, parts]) => parts.map((part, i) => [part, values[name]![i]!])),
      );
      const states = Object.keys(cell.state(sizes));
      const initial = Object.fromEntries(states.map((name) => [name, values[`${name}(0)`]![0]!]));
      const evaluator = new Evaluator([...forward, ...backward], weights, initial);
      const single = backward.flatMap(({ left, right, forEach }): [string, string][] =>
        forEach
          ? forEach.labels.map((label) => [left.replace(/k$/, label), right.replaceAll("_k", `_${label}`)])
          : [[left, right]],
      );
      const line = (left: string): string => new Map(single).get(left)!;
      const times = Array.from({ length: steps }, (_, i) => i + 1);
      for (const [name, parts] of Object.entries(letters)) {
        const summed = parts.map((part) => {
          const formula = line(`∂J/∂${part}`);
          return times.reduce((total, t) => total + evaluator.evaluate(formula, t), 0);
        });
        expectClose(summed, gradients(name), 1e-12, name);
      }
      for (const name of states) {
        expectClose([evaluator.evaluate(line(`∂J/∂${name}(0)`), 0)], gradients(`${name}(0)`), 1e-12, name);
      }
      const ofInput = line("∂J/∂x(t)");
      expectClose(
        times.map((t) => evaluator.evaluate(ofInput, t)),
        gradients("x"),
        1e-12,
        "x",
      );
    });
  }
});
