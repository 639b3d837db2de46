/**
 * Equations of a cell and its derived backward equations in ordinary notation. No cell is known here: the step is traced, differentiated
 * by the rules that training uses, and formatted (trace-cell → choose-lines → write-expression → format-expression).
 */

import { ConfigError } from "../../errors.js";
import { anObject, checkOptions, formatValue, type OptionChecks, oneOf } from "../../options/index.js";
import type { Node } from "../graph.js";
import { chooseLines, type Lines } from "./choose-lines.js";
import { type Expression, type SymbolExpression, timed } from "./expression.js";
import { formatExpression } from "./format-expression.js";
import { latex, type Notation, type NotationName, unicode } from "./notation.js";
import { atFirstStep, withSubscript } from "./rewrite-symbols.js";
import { type ExplainableCell, type TracedCell, traceCell } from "./trace-cell.js";

/** Options of `explain`. */
export interface ExplainOptions {
  /** Plain text, or LaTeX for an `aligned` environment. Default "unicode". */
  readonly notation?: "unicode" | "latex";
  /** Letters for weights, states and named values, in addition to the usual ones: kernel W, recurrentKernel R, bias b. */
  readonly symbols?: Readonly<Record<string, string>>;
  /** Options of the cell that differ from its defaults, such as the activation. */
  readonly options?: object;
}

const explainOptions: OptionChecks<ExplainOptions> = {
  notation: oneOf("unicode", "latex"),
  symbols: anObject,
  options: anObject,
};

/** One line: left = right. */
export interface Equation {
  readonly left: string;
  readonly right: string;
  /** The gates that the line holds for, written as the index k in it; absent for a line without an index. */
  readonly forEach?: { readonly index: string; readonly labels: readonly string[] };
}

/** A cell's equations, and the backward equations derived from them. */
export interface Explanation {
  readonly forward: readonly Equation[];
  readonly backward: readonly Equation[];
  /** The lines as text, equal signs under one another. */
  toString(): string;
}

const usualSymbols: Readonly<Record<string, string>> = {
  kernel: "W",
  recurrentKernel: "R",
  bias: "b",
  recurrentBias: "b′",
  inputGate: "i",
  forgetGate: "f",
  outputGate: "o",
  updateGate: "z",
  resetGate: "r",
  candidate: "g",
};
const notations: Readonly<Record<NotationName, Notation>> = { unicode, latex };

/**
 * The equations of a cell and its derived backward equations, as text. Sums over the batch are implied; ⊙ is element by element;
 * J is the loss, ∂J/∂h(t) the gradient from the layer above at step t, and every δ(T+1) is zero, unless the last state is used.
 *
 * @throws ConfigError if the step does not return its output or a state
 * @example
 * explain(simpleRNNCell)
 * // h(t)      = tanh(x(t)·W + h(t−1)·R + b)
 * //
 * // δ(t)      = (1 − h(t)²) ⊙ (∂J/∂h(t) + δ(t+1)·Rᵀ)
 * // ∂J/∂W     = Σₜ x(t)ᵀ·δ(t)
 * // …
 */
export function explain(cell: ExplainableCell, options: ExplainOptions = {}): string {
  return explainEquations(cell, options).toString();
}

/** Like `explain`, but as separate lines, for pages that typeset each equation. */
export function explainEquations(cell: ExplainableCell, options: ExplainOptions = {}): Explanation {
  checkOptions("explain", options, explainOptions);
  checkCell(cell);
  const notation = notations[options.notation ?? "unicode"];
  const symbols = { ...usualSymbols, ...options.symbols };
  const symbolOf = (name: string): string => symbols[name] ?? name;
  const traced = traceCell(cell, options.options);
  const lines = chooseLines(traced, symbolOf);
  const { letters } = lines.writer.vocabulary;
  const line = (left: string, right: Expression): Equation => ({ left, right: formatExpression(right, notation) });
  const define = (node: Node): Equation => line(notation.symbol(letters.get(node)!), lines.writer.define(node));

  const forward = lines.forward.map(define);
  for (const { name, after } of traced.states) {
    const letter = timed(symbolOf(name));
    if (letters.get(after)!.name !== letter.name || letters.get(after)!.time!.step !== 0)
      forward.push(line(notation.symbol(letter), lines.writer.write(after)));
  }
  const backward = [
    ...lines.backward.map(define),
    ...[...traced.parameters.values()].flatMap((node) => weightGradients(node, traced, lines, notation)),
    ...inputGradients(traced, lines, symbolOf).map(([symbol, right]) => line(notation.gradient(symbol), right)),
  ];
  return { forward, backward, toString: () => formatLines(forward, backward, notation) };
}

function checkCell(cell: ExplainableCell): void {
  const { parameters, state, step } = (cell ?? {}) as Partial<ExplainableCell>;
  if ([parameters, state, step].every((part) => typeof part === "function")) return;
  throw new ConfigError(`explain: expected a cell, such as lstmCell, received ${formatValue(cell)}.`);
}

/** A weight's gradient: one line, or one for each part that the equations use; parts of the same form share a line. */
function weightGradients(weight: Node, { gradients }: TracedCell, { writer }: Lines, notation: Notation): Equation[] {
  const gradient = gradients.get(weight);
  if (!gradient) return [];
  const letter = writer.vocabulary.letters.get(weight)!;
  const seen = [...(writer.parts.get(weight)?.values() ?? [[]])].toSorted(
    (a, b) => (a[0]?.start ?? 0) - (b[0]?.start ?? 0),
  );
  const labelsTaken = [...writer.vocabulary.letters.values()].map(({ name }) => name);
  const index = ["k", "j", "m", "n"].find((candidate) => !labelsTaken.includes(candidate)) ?? "k";
  const groups = new Map<
    string,
    { labels: string[]; left: SymbolExpression; right: Expression; general: Expression }
  >();
  for (const ranges of seen) {
    const left = ranges.length > 0 ? (writer.write(weight, ranges) as SymbolExpression) : letter;
    const right = writer.write(gradient, ranges);
    const label = left.subscripts.at(-1) ?? "";
    const general = label === "" ? right : withSubscript(right, label, index);
    const key = JSON.stringify([general, left.subscripts.slice(0, -1)]);
    const group = groups.get(key) ?? { labels: [], left, right, general };
    group.labels.push(label);
    groups.set(key, group);
  }
  const write = (left: SymbolExpression, right: Expression): Equation => ({
    left: notation.gradient(left),
    right: notation.sumOverTime + inSum(right, notation),
  });
  return [...groups.values()].map(({ labels, left, right, general }) => {
    if (labels.length === 1) return write(left, right);
    const subscripts = [...left.subscripts.slice(0, -1), index];
    return { ...write({ ...left, subscripts }, general), forEach: { index, labels } };
  });
}

/** The expression after Σₜ: a sum of several terms gets parentheses. */
function inSum(expression: Expression, notation: Notation): string {
  const text = formatExpression(expression, notation);
  return expression.kind === "sum" && expression.terms.length > 1 ? notation.parentheses(text) : text;
}

/** The gradients of the cell's inputs: x at every step, and the initial states. */
function inputGradients(
  { x, states, gradients }: TracedCell,
  { writer }: Lines,
  symbolOf: (name: string) => string,
): [SymbolExpression, Expression][] {
  const ofInput = gradients.get(x);
  const result: [SymbolExpression, Expression][] = ofInput ? [[timed(symbolOf("x")), writer.write(ofInput)]] : [];
  for (const { name, before } of states) {
    const gradient = gradients.get(before);
    const first = { ...timed(symbolOf(name)), time: { relative: false, step: 0 } };
    if (gradient) result.push([first, atFirstStep(writer.write(gradient))]);
  }
  return result;
}

function formatLines(forward: readonly Equation[], backward: readonly Equation[], notation: Notation): string {
  const all = [...forward, ...backward];
  const scope = ({ forEach }: Equation, space: string): string =>
    forEach ? `${space}(${forEach.index}${notation.index}${forEach.labels.join(", ")})` : "";
  if (notation === latex) {
    const rows = all.map((equation) => `  ${equation.left} &= ${equation.right}${scope(equation, " \\quad ")}`);
    return `\\begin{aligned}\n${rows.join(" \\\\\n")}\n\\end{aligned}`;
  }
  const width = Math.max(...all.map(({ left }) => [...left].length));
  const row = (equation: Equation): string =>
    `${equation.left}${" ".repeat(width - [...equation.left].length)} = ${equation.right}${scope(equation, "   ")}`;
  return [...forward.map(row), "", ...backward.map(row)].join("\n");
}
