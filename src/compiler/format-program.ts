/**
 * Printed programs: one line per result, `operand ← formula   cost`, with loops indented. Fused kernels are written in ordinary notation, with
 * the signs that `explain` uses.
 */

import { type Expression, number, numberIn, symbolsIn, timeless } from "../equations/explain/expression.js";
import { formatExpression } from "../equations/explain/format-expression.js";
import { type Notation, unicode } from "../equations/explain/notation.js";
import { scalarNotation } from "../equations/explain/scalar-notation.js";
import type { SoftmaxForm } from "../equations/index.js";
import { anObject, checkOptions, flag } from "../options/index.js";
import { expectParts } from "../tensor/expect-text.js";
import { formatShape } from "../tensor/shape.js";
import { OperandNames } from "./format-operand.js";
import {
  accessesOf,
  type MapInstruction,
  type MatmulInstruction,
  type Operand,
  type PlainInstruction,
  type StraightInstruction,
} from "./instructions.js";
import type { Port, Program } from "./program.js";

/** Milliseconds that each instruction of a program took in one run; an instruction in a loop has the sum over all steps. */
export type InstructionTimes = ReadonlyMap<object, number>;

/** Options of `formatProgram`. */
export interface FormatProgramOptions {
  /** Whether to list inputs, variables and outputs with their shapes. Default true. */
  readonly ports?: boolean;
  /** Milliseconds of instructions, as `createWasmEngine({ onRun })` gives them: each line then ends with them, products with their rate. */
  readonly times?: InstructionTimes;
}

/** Names are words here, so a number before a name is followed by a multiplication sign. */
const notation: Notation = /* @__PURE__ */ Object.assign({}, unicode, {
  scaled: (coefficient: number, value: string) => `${coefficient} × ${value}`,
});

const softmaxNames: Readonly<Record<SoftmaxForm, string>> = {
  softmax: "softmax",
  logSoftmax: "ln softmax",
  logSumExp: "ln Σ exp",
};

/** One result; without `left`, a line by itself. */
interface Row {
  readonly depth: number;
  readonly left?: string;
  readonly right: string;
  readonly note: string;
}

/**
 * Prints a compiled program.
 *
 * In a loop, `h[t]` is the row of step t, and `h[t−1]` the one before it; `z[t][:, 32:64]` are 32 of its columns. Each line ends with
 * its cost: a product m×k×n, or a kernel that passes once over a shape.
 *
 * @example
 * formatProgram(compile({ name: "square", inputs: { x }, outputs: { y: square(x) } }))
 * // program square  arena 64 B
 * //   inputs     x [4]
 * //   outputs    y [4]
 * //   y ← x²   kernel, 4
 */
export function formatProgram(program: Program, options: FormatProgramOptions = {}): string {
  const checks = { ports: flag, times: anObject };
  const { ports = true, times } = checkOptions<FormatProgramOptions>("formatProgram", options, checks);
  expectParts("formatProgram: program", program, ["buffers"]);
  const names = new OperandNames(program);
  const timed = (instruction: StraightInstruction, depth: number, steps: number): Row[] => {
    const [first, ...rest] = formatInstruction(instruction, names, depth);
    const time = times?.get(instruction);
    if (!first || time === undefined) return first ? [first, ...rest] : [];
    return [{ ...first, note: [first.note, formatTime(instruction, time, steps)].filter(Boolean).join(", ") }, ...rest];
  };
  const rows = program.instructions.flatMap((instruction): Row[] => {
    if (instruction.kind !== "loop") return timed(instruction, 1, 1);
    const last = instruction.length - 1;
    const range = instruction.reverse ? `${last}..0` : `0..${last}`;
    return [
      { depth: 1, right: `for t in ${range}`, note: "" },
      ...instruction.body.flatMap((inner) => timed(inner, 2, instruction.length)),
    ];
  });
  const lists = { inputs: program.inputs, variables: program.variables, outputs: program.outputs };
  return [
    `program ${program.name}  arena ${formatBytes(4 * program.arenaSize)}`,
    ...(ports ? Object.entries(lists) : []).flatMap(([title, list]) =>
      list.length > 0 ? [`  ${title.padEnd(10)} ${list.map(formatPort).join(", ")}`] : [],
    ),
    ...layOut(rows),
  ].join("\n");
}

function formatPort({ name, shape, dtype }: Port): string {
  return `${name} ${formatShape(shape)}${dtype === "int" ? " int" : ""}`;
}

function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Aligns the arrows, and the notes, except on very long lines. */
function layOut(rows: readonly Row[]): string[] {
  const indented = rows.map((row) => ({ ...row, start: "  ".repeat(row.depth) + (row.left ?? "") }));
  const width = (texts: readonly string[], limit: number): number =>
    Math.max(0, ...texts.map(({ length }) => length).filter((length) => length <= limit));
  const arrows = width(
    indented.flatMap(({ left, start }) => (left === undefined ? [] : start)),
    30,
  );
  const written = indented.map(({ left, right, start, note }) => ({
    note,
    text: left === undefined ? start + right : `${start.padEnd(arrows)} ← ${right}`,
  }));
  const notes = width(
    written.map(({ text }) => text),
    80,
  );
  return written.map(({ text, note }) => (note ? `${text.padEnd(notes)}   ${note}` : text));
}

/** The time of all steps together. */
function formatTime(instruction: StraightInstruction, milliseconds: number, steps: number): string {
  const time = `${milliseconds.toPrecision(3)} ms`;
  if (instruction.kind !== "matmul") return time;
  const { batch, m, k, n } = instruction;
  return `${time}, ${((2 * batch * m * k * n * steps) / milliseconds / 1e6).toFixed(1)} GFLOP/s`;
}

const sizes = (shape: readonly number[]): string => (shape.length === 0 ? "one number" : shape.join("×"));

function formatInstruction(instruction: StraightInstruction, names: OperandNames, depth: number): Row[] {
  const row = (left: string, right: string, note: string): Row[] => [{ depth, left, right, note }];
  const format = (operand: Operand, shape: readonly number[]): string => names.format(operand, shape);
  switch (instruction.kind) {
    case "map":
      return formatMap(instruction, names, depth);
    case "matmul":
      return row(...formatMatmul(instruction, names, depth > 1));
    case "reduce": {
      const { op, shape, input, output } = instruction;
      const target = format(output, [shape[0], shape[2]]);
      const each = shape[0] * shape[2];
      return row(
        target,
        op === "sumSquares" ? `Σ ${format(input, shape)}²` : `${op === "sum" ? "Σ" : op} ${format(input, shape)}`,
        each === 1 ? `${op} of ${shape[1]}` : `${each} times ${op} of ${shape[1]}`,
      );
    }
    case "softmax": {
      const { form, rows, columns, input, bias, output, scale, logSum } = instruction;
      const shape = [rows, columns];
      const target = format(output, form === "logSumExp" ? [rows, 1] : shape);
      const source = bias ? `${format(input, shape)} + ${format(bias, shape)}` : format(input, shape);
      const of = (name: SoftmaxForm): string => `${softmaxNames[name]}(${source})`;
      const line = row(target, scale ? `${of(form)} ⊙ ${format(scale, [rows, 1])}` : of(form), sizes(shape));
      return logSum ? [...line, ...row(format(logSum, [rows, 1]), of("logSumExp"), "same kernel")] : line;
    }
    case "gather": {
      const { count, width, table, ids, output } = instruction;
      const source = format({ ...table, strides: [width, 1] }, [count, width]);
      return row(
        format(output, [count, width]),
        `gather(${source}, ${format(ids, [count])})`,
        `${count} rows of ${width}`,
      );
    }
    case "scatterAdd": {
      const { count, width, source, ids, output } = instruction;
      const target = format(output, [count, width]);
      const added = `${format(source, [count, width])} at ${format(ids, [count])}`;
      return row(target, `${target} + ${added}`, `${count} rows of ${width}`);
    }
    case "random":
      return row(
        format(instruction.output, [instruction.size]),
        `random(${format(instruction.seed, [1])}, stream ${instruction.stream})`,
        sizes([instruction.size]),
      );
    case "fill":
      return row(format(instruction.output, [instruction.size]), `${instruction.value}`, "");
    case "copy": {
      const { shape, input, output } = instruction;
      return row(format(output, shape), format(input, shape), `copy, ${sizes(shape)}`);
    }
    default:
      return [formatPlain(instruction, names, depth)];
  }
}

/** `output ← kind(inputs)` */
function formatPlain(instruction: PlainInstruction, names: OperandNames, depth: number): Row {
  const accesses = accessesOf(instruction).map((each) => ({ ...each, text: names.format(each.operand, each.shape) }));
  const output = accesses.find(({ writes }) => writes)!;
  const inputs = accesses.flatMap(({ writes, text }) => (writes ? [] : [text]));
  return { depth, left: output.text, right: `${instruction.kind}(${inputs.join(", ")})`, note: sizes(output.shape) };
}

function formatMatmul(
  { batch, m, k, n, a, b, output, accumulate }: MatmulInstruction,
  names: OperandNames,
  inLoop: boolean,
): [string, string, string] {
  const matrix = (operand: Operand, rows: number, columns: number): string =>
    names.format(operand, [batch, rows, columns]);
  const target = matrix(output, m, n);
  const product = `${matrix(a, m, k)} · ${matrix(b, k, n)}`;
  const kind = batch > 1 ? `${batch} products` : inLoop ? "product" : "one product";
  return [target, accumulate ? `${target} + ${product}` : product, `${kind}, ${m}×${k}×${n}`];
}

/** A kernel: one line per result, and before them one for each value that they share. */
function formatMap(
  { shape, inputs, steps, results, outputs, rowMask, gather }: MapInstruction,
  names: OperandNames,
  depth: number,
): Row[] {
  const values: Expression[] = inputs.map((operand, i) => {
    const name = names.format(operand, shape);
    const text = i === gather?.input ? `gather(${name}, ${names.format(gather.ids, shape.slice(0, 1))})` : name;
    return /^-?[\d.e+-]+$/.test(text) ? number(Number(text)) : timeless(text);
  });
  const readers = new Map<number, number>();
  for (const value of steps.flatMap((step) => step.arguments)) readers.set(value, (readers.get(value) ?? 0) + 1);
  const rows: { left: string; right: string }[] = [];
  let shared = 0;
  steps.forEach((step, i) => {
    const index = inputs.length + i;
    const operands = step.arguments.map((argument) => values[argument]!);
    let value = step.op === "constant" ? number(step.value!) : scalarNotation[step.op](...operands);
    const result = results.indexOf(index);
    const isShared = (readers.get(index) ?? 0) > 1 && symbolsIn(value).length > 2 && numberIn(value) === undefined;
    if (result >= 0 || isShared) {
      const left = result >= 0 ? names.format(outputs[result]!, shape) : `u${++shared}`;
      rows.push({ left, right: formatExpression(value, notation) });
      value = timeless(left);
    }
    values.push(value);
  });
  const count = steps.filter(({ op }) => op !== "constant").length;
  const kernel = count > 1 ? `fused kernel of ${count}, ${sizes(shape)}` : `kernel, ${sizes(shape)}`;
  const note = rowMask ? `${kernel}, where ${names.format(rowMask, shape)} ≠ 0` : kernel;
  return rows.map((row, i) => ({ depth, ...row, note: i === 0 ? note : "same kernel" }));
}
