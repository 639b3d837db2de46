/**
 * Expressions from a graph. A value that has a line becomes its letter; all others are written out. Operations that only rearrange
 * numbers (reshape, broadcast, a sum over the batch) are invisible, and a slice of a fused product is written with the parts it needs:
 * (x·W + b)[gate] is x·W_gate + b_gate.
 */
import { isOp, type Node } from "../graph.js";
import {
  broadcastOp,
  concatOp,
  constantOp,
  isElementwise,
  matmulOp,
  padOp,
  reshapeOp,
  type ScalarName,
  sliceOp,
  softmaxOp,
  stopGradientOp,
  sumOp,
  transposeOp,
} from "../ops/index.js";
import {
  call,
  type Expression,
  linearCall,
  list,
  number,
  part,
  product,
  quotient,
  type SymbolExpression,
  sum,
  symbolsIn,
  timeless,
  transpose,
} from "./expression.js";
import { dropCovered, type Range, rangeKey, rangesOf } from "./ranges.js";
import { oneStepLater } from "./rewrite-symbols.js";
import { scalarNotation } from "./scalar-notation.js";
import { batch, sizes } from "./trace-cell.js";

/** Letters and labels of the graph, which the writer needs. */
export interface Vocabulary {
  /** Letters of leaves, and of values that have a line. */
  readonly letters: Map<Node, SymbolExpression>;
  /** Labels of slices. */
  readonly labels: ReadonlyMap<Node, string>;
  /** For the gradient that arrives from the next step: the gradient, at this step, of the state before it. */
  readonly fromNext: ReadonlyMap<Node, Node | undefined>;
}

export class ExpressionWriter {
  /** The parts of each weight that occurred, by the key of their ranges. */
  readonly parts = new Map<Node, Map<string, readonly Range[]>>();
  /** The gradients from the next step that are being written out. */
  readonly #open = new Set<Node>();
  #measuring = false;
  #metItself = false;

  constructor(readonly vocabulary: Vocabulary) {}

  /** The value, or the given part of it, as an equation shows it. */
  write(node: Node, ranges: readonly Range[] = []): Expression {
    const wanted = dropCovered(ranges, node.shape);
    const letter = this.vocabulary.letters.get(node);
    if (letter) return wanted.length === 0 ? letter : this.#partOfLetter(node, letter, wanted);
    return this.define(node, wanted);
  }

  /** The value written out, even if it has a letter. */
  define(node: Node, ranges: readonly Range[] = []): Expression {
    if (this.vocabulary.fromNext.has(node)) return this.#fromNext(node, ranges);
    const averaged = averagedBy(node);
    if (averaged) return linearCall("mean", this.write(averaged, fitting(ranges, averaged, node)));
    if (isElementwise(node)) {
      const operands = node.inputs.map((source) => this.write(source, fitting(ranges, source, node)));
      return scalarNotation[node.op.name as ScalarName](...operands);
    }
    if (isOp(node, matmulOp)) return this.#product(node, ranges);
    if (isOp(node, constantOp)) return writeConstant(node.attributes.values);
    return this.#arrangement(node, ranges) ?? this.#other(node, ranges);
  }

  /** Number of letters of the value when it is written out. */
  measure(node: Node): number {
    this.#measuring = true;
    const { length } = symbolsIn(this.define(node));
    this.#measuring = false;
    return length;
  }

  /** Whether a gradient from the next step, written out, would contain itself, and so needs a line. */
  isCircular(node: Node): boolean {
    this.#metItself = false;
    this.define(node);
    return this.#metItself;
  }

  #fromNext(node: Node, ranges: readonly Range[]): Expression {
    const past = this.vocabulary.fromNext.get(node);
    if (!past) return number(0);
    // Its form is known only when all lines are: it is at least a product of two letters, and is never written twice.
    if (this.#measuring) return list([timeless(""), timeless(""), timeless("")]);
    if (this.#open.has(node)) {
      this.#metItself = true;
      return number(0);
    }
    this.#open.add(node);
    const expression = oneStepLater(this.write(past, ranges));
    this.#open.delete(node);
    return expression;
  }

  /** a·b; if a consists of parts, the sum of a_part·b_part. */
  #product(node: Node, ranges: readonly Range[]): Expression {
    const [a, b] = node.inputs as [Node, Node];
    const rows = ranges.filter(({ axis }) => axis > 0);
    const columns = ranges.filter(({ axis }) => axis !== 1);
    const inner = rangesOf(a, this.vocabulary.letters);
    if (!inner) return product(this.write(a, rows), this.write(b, columns));
    return sum(
      inner.map((range) => ({
        coefficient: 1,
        of: product(this.write(a, [...rows, range]), this.write(b, [...columns, { ...range, axis: 1 }])),
      })),
    );
  }

  /** Operations that only rearrange numbers; undefined if the wanted part cannot be traced through them. */
  #arrangement(node: Node, ranges: readonly Range[]): Expression | undefined {
    const source = node.inputs[0]!;
    if (isOp(node, stopGradientOp)) return this.write(source, ranges);
    if (isOp(node, reshapeOp) || isOp(node, broadcastOp)) return this.write(source, fitting(ranges, source, node));
    if (isOp(node, sliceOp)) {
      const axis = node.shape.length - 1 - node.attributes.axis;
      const narrower = ranges.find((range) => range.axis === axis);
      const own: Range = narrower
        ? { ...narrower, start: narrower.start + node.attributes.start }
        : {
            axis,
            start: node.attributes.start,
            size: node.shape[node.attributes.axis]!,
            label: this.vocabulary.labels.get(node),
          };
      return this.write(source, [own, ...ranges.filter((range) => range.axis !== axis)]);
    }
    if (isOp(node, transposeOp)) {
      const { permutation } = node.attributes;
      const last = permutation.length - 1;
      const swapped = permutation.every((axis, i) => axis === (i === last ? last - 1 : i === last - 1 ? last : i));
      if (!swapped) return undefined;
      return transpose(
        this.write(
          source,
          ranges.map((range) => ({ ...range, axis: range.axis < 2 ? 1 - range.axis : range.axis })),
        ),
      );
    }
    if (isOp(node, sumOp) && node.attributes.axes.every((axis) => source.shape[axis] === batch)) {
      return this.write(source, fitting(ranges, source, node));
    }
    if (isOp(node, sumOp)) return linearCall("sum", this.write(source, fitting(ranges, source, node)));
    if (isOp(node, concatOp) || isOp(node, padOp)) return this.#pieces(node, ranges);
    return undefined;
  }

  /** The pieces of a concatenation, or of a padded value, that lie in the wanted range. */
  #pieces(node: Node, ranges: readonly Range[]): Expression | undefined {
    const along = node.shape.length - 1 - (node.attributes as { axis: number }).axis;
    const wanted = ranges.find(({ axis }) => axis === along);
    if (!wanted && isOp(node, padOp)) return undefined;
    const others = ranges.filter((range) => range !== wanted);
    let start = isOp(node, padOp) ? node.attributes.before : 0;
    const inside: Expression[] = [];
    for (const source of node.inputs) {
      const size = source.shape.at(-1 - along)!;
      const [from, to] = wanted ? [wanted.start - start, wanted.start + wanted.size - start] : [0, size];
      start += size;
      if (to <= 0 || from >= size) continue;
      if (from < 0 || to > size) return undefined;
      const within: Range[] = wanted ? [{ ...wanted, start: from }] : [];
      inside.push(this.write(source, [...within, ...others]));
    }
    if (inside.length === 0) return number(0);
    return inside.length === 1 ? inside[0] : list(inside);
  }

  #other(node: Node, ranges: readonly Range[]): Expression {
    const name = isOp(node, softmaxOp) ? node.attributes.form : node.op.name;
    const whole = call(name, ...node.inputs.map((source) => this.write(source)));
    return ranges.length === 0 ? whole : part(whole, ranges.map(labelOf).join(","));
  }

  #partOfLetter(node: Node, letter: SymbolExpression, ranges: readonly Range[]): Expression {
    const key = rangeKey(ranges);
    const seen = this.parts.get(node) ?? new Map<string, readonly Range[]>();
    this.parts.set(node, seen);
    const known = seen.get(key) ?? ranges;
    seen.set(key, known);
    const labels = known.toSorted((a, b) => b.axis - a.axis).map(labelOf);
    return { ...letter, subscripts: [...letter.subscripts, ...labels] };
  }
}

function labelOf({ label, start, size }: Range): string {
  return label ?? `${start}:${start + size}`;
}

/** The ranges that hold for an input of a node too: those on axes that are not broadcast. */
function fitting(ranges: readonly Range[], source: Node, node: Node): Range[] {
  return ranges.filter(
    ({ axis }) => source.shape.at(-1 - axis) === node.shape.at(-1 - axis) && axis < source.shape.length,
  );
}

/** The value whose mean over rows the node is: a sum divided by the number of its terms; else undefined. */
function averagedBy(node: Node): Node | undefined {
  if (node.op.name !== "multiply") return undefined;
  const [value, factor] = node.inputs as [Node, Node];
  let total = value;
  while (isOp(total, reshapeOp) || isOp(total, broadcastOp)) total = total.inputs[0]!;
  if (!isOp(total, sumOp) || !isOp(factor, constantOp)) return undefined;
  const source = total.inputs[0]!;
  const count = total.attributes.axes.reduce((product, axis) => product * source.shape[axis]!, 1);
  return factor.attributes.values[0] === 1 / count ? source : undefined;
}

function writeConstant(values: readonly number[]): Expression {
  for (const [name, size] of Object.entries(sizes)) {
    if (values.length === 1 && values[0] === 1 / size) return quotient(number(1), timeless(name));
  }
  return values.every((value) => value === values[0]) ? number(values[0]!) : timeless("constant");
}
