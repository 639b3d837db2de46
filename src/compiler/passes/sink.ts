/**
 * Sink: a product that the recurrence does not need leaves the loop. Its factors are kept at every step, and one product
 * over all T·B rows follows the loop: Σ over t of a(t)ᵀ·δ(t) is the stacked a, transposed, times the stacked δ.
 */
import {
  add,
  add2,
  isOp,
  makeNode,
  matmulOp,
  type Node,
  opOf,
  reshape,
  reshapeOp,
  type ScanAttributes,
  sliceOp,
  stacked,
  sum,
  summed,
  sumOp,
  transpose,
  transposeOp,
} from "../../equations/index.js";
import { Analysis, type Loop } from "./analysis.js";
import { asOneHot } from "./one-hot.js";
import type { Graph, Pass } from "./pass.js";
import { substitute } from "./rewrite.js";
import { asTableRows } from "./table-products.js";

/**
 * A step's product with at least this many rows stays in the loop and is added up there: it is large enough to be fast, and its factors are
 * still in the cache. With fewer rows, one product over all steps is up to twice as fast.
 */
const ROWS_TO_STAY = 48;

export const sink = {
  name: "sink",
  apply(graph: Graph): Graph {
    const analysis = new Analysis(graph);
    const replacements = new Map<Node, Node>();
    for (const loop of analysis.loops()) {
      const sinking = new Sinking(loop, analysis);
      for (const output of loop.outputs) {
        const { kind, of } = output.attributes;
        if (kind === "stacked") replacements.set(output, sinking.stacked(of));
        if (kind === "summed") replacements.set(output, sinking.summed(of));
      }
    }
    return substitute(graph, replacements);
  },
} as const satisfies Pass;

class Sinking {
  readonly #scan: Node<ScanAttributes>;
  readonly #inside: ReadonlySet<Node>;
  /** The nodes that the next states are computed from. */
  readonly #recurrent: ReadonlySet<Node>;

  constructor({ scan }: Loop, analysis: Analysis) {
    this.#scan = scan;
    this.#inside = analysis.inside;
    this.#recurrent = new Set(analysis.bodyOf(scan.attributes.next));
  }

  /** A body's value at every step, computed after the loop as far as possible. */
  stacked(node: Node): Node {
    if (this.#recurrent.has(node) || !this.#holdsProduct(node)) return this.#remembered(node);
    const shape = [this.#scan.attributes.length, ...node.shape];
    if (isOp(node, reshapeOp)) return reshape(this.stacked(node.inputs[0]!), shape);
    const [a, b] = node.inputs as [Node, Node];
    if (!isOp(node, matmulOp)) return add(this.stacked(a), this.stacked(b));
    return makeNode(matmulOp, [this.#remembered(a), b], shape, undefined);
  }

  /** A product by a matrix that is the same at every step, or a sum of such products. */
  #holdsProduct(node: Node): boolean {
    if (isOp(node, matmulOp)) {
      const [a, b] = node.inputs as [Node, Node];
      return this.#inside.has(a) && !this.#inside.has(b) && b.shape.length === 2;
    }
    if (isOp(node, reshapeOp)) return this.#holdsProduct(node.inputs[0]!);
    return (
      isOp(node, opOf(add2)) &&
      node.inputs.every((input) => input.shape.length === node.shape.length && this.#holdsProduct(input))
    );
  }

  /** A body's value summed over the steps: one product or one sum after the loop where it is one of those, else summed in the loop. */
  summed(value: Node): Node {
    if (isOp(value, reshapeOp)) return reshape(this.summed(value.inputs[0]!), value.shape);
    if (isOp(value, transposeOp)) return transpose(this.summed(value.inputs[0]!), value.attributes.permutation);
    if (isOp(value, matmulOp) && value.shape.length === 2) {
      const [a, b] = value.inputs as [Node, Node];
      const factor = this.#rows(transpose(a));
      if (b.shape[0]! >= ROWS_TO_STAY && !asOneHot(factor) && !asTableRows(factor)) return summed(this.#scan, value);
      return makeNode(matmulOp, [transpose(factor), this.#rows(b)], value.shape, undefined);
    }
    if (isOp(value, sumOp)) {
      return sum(this.#remembered(value.inputs[0]!), [0, ...value.attributes.axes.map((axis) => axis + 1)]);
    }
    return summed(this.#scan, value);
  }

  /** A matrix at every step, [T·rows, columns]. */
  #rows(matrix: Node): Node {
    return reshape(this.#remembered(matrix), [this.#scan.attributes.length * matrix.shape[0]!, matrix.shape[1]!]);
  }

  /** A value at every step. A view is made again after the loop, and a sequence is an input of the scan. */
  #remembered(value: Node): Node {
    const { sequences, length } = this.#scan.attributes;
    const i = sequences.indexOf(value);
    if (i >= 0) return this.#scan.inputs[i]!;
    if (this.#isInside(value) && value.op.view) {
      const source = this.#remembered(value.inputs[0]!);
      if (isOp(value, reshapeOp)) return reshape(source, [length, ...value.shape]);
      if (isOp(value, transposeOp))
        return transpose(source, [0, ...value.attributes.permutation.map((axis) => axis + 1)]);
      if (isOp(value, sliceOp)) {
        const { axis, start } = value.attributes;
        return makeNode(sliceOp, [source], [length, ...value.shape], { axis: axis + 1, start }, { dtype: value.dtype });
      }
    }
    return stacked(this.#scan, value);
  }

  /** Whether a value is inside the loop; also for transposes that this pass made. */
  #isInside(value: Node): boolean {
    return this.#inside.has(value) || value.inputs.some((input) => this.#inside.has(input));
  }
}
