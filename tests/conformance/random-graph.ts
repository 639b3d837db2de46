/**
 * Random equations beside their values by definition: every operation is chosen with shapes that fit, and its value is computed here once
 * more, element by element, as NumPy would. Axes may be of size 0.
 */
import * as ops from "../../src/equations/index.js";
import { input, type Node } from "../../src/equations/index.js";
import { Random } from "../../src/tensor/random.js";
import { broadcastShapes, type Shape, sizeOf } from "../../src/tensor/shape.js";
import type { Values } from "./run-equations.js";

/** An equation and the numbers that it must give. */
export interface Value {
  readonly node: Node;
  readonly data: readonly number[];
}

type Rule = (graph: RandomGraph, x: Value) => Value;

/** Every index of a shape, row-major. */
export function indicesOf(shape: Shape): number[][] {
  return shape.reduce<number[][]>(
    (lead, size) => lead.flatMap((index) => Array.from({ length: size }, (_, i) => [...index, i])),
    [[]],
  );
}

/** The element at an index, by NumPy's rule of broadcasting. */
function elementAt({ node: { shape }, data }: Value, index: readonly number[]): number {
  const own = index.slice(index.length - shape.length).map((i, axis) => (shape[axis] === 1 ? 0 : i));
  return data[own.reduce((at, i, axis) => at * shape[axis]! + i, 0)]!;
}

/** A value whose element at each index is `element` of that index. */
function made(node: Node, element: (index: readonly number[]) => number): Value {
  return { node, data: indicesOf(node.shape).map(element) };
}

const insert = (index: readonly number[], axis: number, i: number) => [
  ...index.slice(0, axis),
  i,
  ...index.slice(axis),
];
const replaced = (index: readonly number[], axis: number, i: number) => index.map((old, a) => (a === axis ? i : old));
const total = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0);

/** A reduction over one axis, whose line of numbers becomes one. */
const overAxis = (make: (x: Node, axis: number) => Node, ofLine: (line: readonly number[]) => number): Rule => {
  return (graph, x) => {
    const axis = graph.axisOf(x);
    const line = (index: readonly number[]) =>
      Array.from({ length: x.node.shape[axis]! }, (_, i) => elementAt(x, insert(index, axis, i)));
    return made(make(x.node, axis), (index) => ofLine(line(index)));
  };
};

/** Something of the last axis: `ofLine` of the whole line, and where the element stands in it. */
const overRow = (make: (x: Node) => Node, ofLine: (line: readonly number[], at: number) => number): Rule => {
  return (_, x) => {
    const last = x.node.shape.length - 1;
    const line = (index: readonly number[]) =>
      Array.from({ length: x.node.shape[last]! }, (_, i) => elementAt(x, replaced(index, last, i)));
    return made(make(x.node), (index) => ofLine(line(index), index[last]!));
  };
};

/** Shifted by the maximum, as every engine does it, so that a line of −∞ has no sum. */
function logSum(line: readonly number[]): number {
  const shift = line.length === 0 ? 0 : Math.max(...line);
  return shift + Math.log(total(line.map((value) => Math.exp(value - shift))));
}

const rules: Readonly<Record<string, Rule>> = {
  tanh: (_, x) => made(ops.tanh(x.node), (index) => Math.tanh(elementAt(x, index))),
  addNew(graph, x) {
    const other = graph.leaf(graph.broadcastable(x.node.shape));
    const node = graph.chance(0.5) ? ops.add(x.node, other.node) : ops.add(other.node, x.node);
    return made(node, (index) => elementAt(x, index) + elementAt(other, index));
  },
  whereNew(graph, x) {
    const other = graph.leaf(graph.broadcastable(x.node.shape));
    return made(ops.where(ops.greater(other.node, 0), x.node, 0.5), (index) =>
      elementAt(other, index) > 0 ? elementAt(x, index) : 0.5,
    );
  },
  sum: overAxis((x, axis) => ops.sum(x, [axis]), total),
  sumSquares: overAxis(
    (x, axis) => ops.sumSquares(x, [axis]),
    (line) => total(line.map((value) => value * value)),
  ),
  max: overAxis(
    (x, axis) => ops.max(x, [axis]),
    (line) => Math.max(...line),
  ),
  sumOfAll: (_, x) => made(ops.sum(x.node), () => total(x.data)),
  softmax: overRow(ops.softmax, (line, at) => Math.exp(line[at]! - logSum(line))),
  logSoftmax: overRow(ops.logSoftmax, (line, at) => line[at]! - logSum(line)),
  logSumExp(_, x) {
    const length = x.node.shape.at(-1)!;
    return made(ops.logSumExp(x.node), (index) =>
      logSum(Array.from({ length }, (_, i) => elementAt(x, [...index, i]))),
    );
  },
  transpose(graph, x) {
    const permutation = [...graph.random.permutation(x.node.shape.length)];
    return made(ops.transpose(x.node, permutation), (index) =>
      elementAt(
        x,
        permutation.map((_, axis) => index[permutation.indexOf(axis)]!),
      ),
    );
  },
  reshape: (graph, x) => ({ node: ops.reshape(x.node, graph.reshaped(x.node.shape)), data: x.data }),
  slice(graph, x) {
    const axis = graph.axisOf(x);
    const size = graph.integer(0, x.node.shape[axis]!);
    const start = graph.integer(0, x.node.shape[axis]! - size);
    return made(ops.slice(x.node, axis, start, size), (index) =>
      elementAt(x, replaced(index, axis, index[axis]! + start)),
    );
  },
  reverse(graph, x) {
    const axis = graph.axisOf(x);
    return made(ops.reverse(x.node, axis), (index) =>
      elementAt(x, replaced(index, axis, x.node.shape[axis]! - 1 - index[axis]!)),
    );
  },
  broadcastTo(graph, x) {
    const lead = graph.pick([0, 1, 2]);
    return made(ops.broadcastTo(x.node, [lead, ...x.node.shape]), (index) => elementAt(x, index));
  },
  concat(graph, x) {
    const axis = graph.axisOf(x);
    const { shape } = x.node;
    const other = graph.leaf(shape.map((size, a) => (a === axis ? graph.pick([0, 1, 2]) : size)));
    return made(ops.concat([x.node, other.node], axis), (index) =>
      index[axis]! < shape[axis]!
        ? elementAt(x, index)
        : elementAt(other, replaced(index, axis, index[axis]! - shape[axis]!)),
    );
  },
  pad(graph, x) {
    const axis = graph.axisOf(x);
    const before = graph.integer(0, 2);
    return made(ops.pad(x.node, axis, before, graph.integer(0, 2)), (index) => {
      const at = index[axis]! - before;
      return at >= 0 && at < x.node.shape[axis]! ? elementAt(x, replaced(index, axis, at)) : 0;
    });
  },
  matmul(graph, x) {
    if (x.node.shape.length < 2) return x;
    const [m, k] = x.node.shape.slice(-2) as [number, number];
    const lead = graph.chance(0.5) ? x.node.shape.slice(0, -2) : [];
    const right = graph.chance(0.8);
    const other = graph.leaf([...lead, ...(right ? [k, graph.size()] : [graph.size(), m])]);
    const [a, b] = right ? [x, other] : [other, x];
    return made(ops.matmul(a.node, b.node), (index) => {
      const [head, i, j] = [index.slice(0, -2), index.at(-2)!, index.at(-1)!];
      const length = a.node.shape.at(-1)!;
      return total(Array.from({ length }, (_, l) => elementAt(a, [...head, i, l]) * elementAt(b, [...head, l, j])));
    });
  },
  gather(graph, x) {
    if (x.node.shape.length !== 2) return x;
    const ids = graph.ids([graph.size(), 2], x.node.shape[0]!);
    return made(ops.gather(x.node, ids.node), (index) =>
      elementAt(x, [elementAt(ids, index.slice(0, -1)), index.at(-1)!]),
    );
  },
  scatterAdd(graph, x) {
    if (x.node.shape.length < 1) return x;
    const rows = graph.integer(1, 3);
    const lead = x.node.shape.slice(0, -1);
    const ids = graph.ids(lead, rows);
    const width = x.node.shape.at(-1)!;
    return made(ops.scatterAdd(ids.node, x.node, [rows, width]), ([row, column]) =>
      total(indicesOf(lead).map((index) => (elementAt(ids, index) === row ? elementAt(x, [...index, column!]) : 0))),
    );
  },
  pick(graph, x) {
    const classes = x.node.shape.at(-1);
    if (!classes) return x;
    const ids = graph.ids(x.node.shape.slice(0, -1), classes);
    return made(ops.pick(x.node, ids.node), (index) => elementAt(x, [...index, elementAt(ids, index)]));
  },
  scan(graph, x) {
    const [length, ...shape] = x.node.shape;
    if (length === undefined) return x;
    const first = graph.leaf(shape);
    const reverse = graph.chance(0.5);
    const { outputs, state } = ops.scan({
      sequences: { x: x.node },
      initial: { h: first.node },
      reverse,
      step: ({ x: now }, { h }) => {
        const next = ops.add(ops.mul(0.5, h), now);
        return { state: { h: next }, outputs: { y: next } };
      },
    });
    const after = (index: readonly number[], steps: number) =>
      Array.from({ length: steps }).reduce<number>(
        (h, _, i) => 0.5 * h + elementAt(x, [reverse ? length - 1 - i : i, ...index]),
        elementAt(first, index),
      );
    if (graph.chance(0.5)) return made(state.h, (index) => after(index, length));
    return made(outputs.y, ([t, ...index]) => after(index, reverse ? length - t! : t! + 1));
  },
};

/** The names of the operations that a random graph is made of. */
export const ruleNames = Object.keys(rules);

export class RandomGraph {
  readonly random: Random;
  readonly inputs: Record<string, Node> = {};
  readonly values: Values = {};

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  integer(low: number, high: number): number {
    return low + this.random.integer(high - low + 1);
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.random.integer(items.length)]!;
  }

  chance(probability: number): boolean {
    return this.random.uniform() < probability;
  }

  size(): number {
    return this.pick([0, 0, 1, 2, 3, 5]);
  }

  axisOf({ node }: Value): number {
    return this.random.integer(node.shape.length);
  }

  /** A new input. */
  leaf(shape: Shape): Value {
    return this.#declare(
      shape,
      "float",
      Array.from({ length: sizeOf(shape) }, () => Math.fround(this.random.uniform() * 2 - 1)),
    );
  }

  /** New ids below `limit`. Where there is nothing to name, no ids. */
  ids(shape: Shape, limit: number): Value {
    const own = limit === 0 ? [0, ...shape.slice(1)] : shape;
    return this.#declare(
      own,
      "int",
      Array.from({ length: sizeOf(own) }, () => this.random.integer(limit)),
    );
  }

  #declare(shape: Shape, dtype: "float" | "int", data: number[]): Value {
    const name = `x${Object.keys(this.inputs).length}`;
    const node = input(name, shape, dtype);
    this.inputs[name] = node;
    this.values[name] = data;
    return { node, data };
  }

  /** A shape that broadcasts with another one to that one, or to one with an axis more. */
  broadcastable(shape: Shape): number[] {
    const own = shape.slice(this.integer(0, shape.length)).map((size) => (this.chance(0.3) ? 1 : size));
    const lead = own.length === shape.length && this.chance(0.2) ? [this.size()] : [];
    broadcastShapes("random graph", shape, [...lead, ...own]);
    return [...lead, ...own];
  }

  /** Another shape of the same size. */
  reshaped(shape: Shape): number[] {
    if (sizeOf(shape) === 0) {
      const other = Array.from({ length: this.integer(1, 3) }, () => this.size());
      return other.includes(0) ? other : [...other, 0];
    }
    const axes = shape.filter((size) => size !== 1);
    const at = this.integer(0, axes.length);
    return this.chance(0.5)
      ? [sizeOf(axes.slice(0, at)), sizeOf(axes.slice(at))]
      : [...axes.slice(0, at), 1, ...axes.slice(at)];
  }

  /** So many operations, one after the other; each value on the way is among the results. */
  grow(steps: number, names: readonly string[] = ruleNames): Value[] {
    let value = this.leaf(Array.from({ length: this.integer(1, 3) }, () => this.size()));
    const results = [value];
    for (let i = 0; i < steps; i++) {
      if (value.node.shape.length === 0) value = results[0]!;
      value = rules[this.pick(names)]!(this, value);
      if (value.node.shape.length > 4 || sizeOf(value.node.shape) > 500) value = results[0]!;
      results.push(value);
    }
    return results;
  }
}
