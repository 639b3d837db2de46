/** One instruction (or a few) for each kind of operation: shapes become loops, nodes become operands. */
import {
  argmaxOp,
  broadcastOp,
  concatOp,
  constantOp,
  gatherOp,
  isOp,
  matmulOp,
  maxOp,
  type Node,
  oneHotOp,
  padOp,
  placesOfOp,
  type ReduceAttributes,
  randomOp,
  reshapeOp,
  reverseOp,
  scatterAddOp,
  sliceOp,
  stopGradientOp,
  sumOp,
  sumSquaresOp,
  transposeOp,
} from "../../equations/index.js";
import { TavaliError } from "../../errors.js";
import { sizeOf } from "../../tensor/shape.js";
import type { MapInstruction, ReduceInstruction, ScalarOp, ScalarStep } from "../program.js";
import {
  gatherOperands,
  writeGather,
  writeOneHot,
  writePlacesOf,
  writeRandom,
  writeScatterAdd,
} from "./row-instructions.js";
import { withRowMask } from "./row-mask.js";
import {
  broadcastView,
  isContiguous,
  mergeLeading,
  reshapeView,
  reverseView,
  sliceView,
  transposeView,
  type View,
} from "./views.js";
import { operand, type Writer } from "./writer.js";

/**
 * Writes a group of fused elementwise nodes.
 *
 * @param visible those that something else reads
 * @param gathers those that kernels do themselves
 */
export function writeMap(
  writer: Writer,
  nodes: readonly Node[],
  visible: (node: Node) => boolean,
  gathers: ReadonlySet<Node>,
): void {
  const shape = nodes[0]!.shape;
  const members = new Set(nodes);
  const scalars = new Map<Node, number>();
  const inputs: Node[] = [];
  for (const node of nodes) {
    for (const source of node.inputs) {
      if (members.has(source) || inputs.includes(source) || scalars.has(source)) continue;
      if (isOp(source, constantOp) && source.shape.length === 0) scalars.set(source, source.attributes.values[0]!);
      else inputs.push(source);
    }
  }
  const number = new Map<Node, number>(inputs.map((source, i) => [source, i]));
  const steps: ScalarStep[] = [];
  const addStep = (node: Node, step: ScalarStep) => number.set(node, inputs.length + steps.push(step) - 1);
  for (const [node, value] of scalars) addStep(node, { op: "constant", arguments: [], value });
  for (const node of nodes) {
    addStep(node, { op: node.op.name as ScalarOp, arguments: node.inputs.map((source) => number.get(source)!) });
  }
  const results = nodes.filter(visible);
  const views = results.map(
    (node) => writer.assignedBuffer(node) ?? writer.scratch(node.shape, "float", { name: node.name }),
  );
  const at = inputs.findIndex((source) => gathers.has(source));
  const rows = at < 0 ? undefined : gatherOperands(writer, inputs[at]!);
  const map: MapInstruction = {
    kind: "map",
    shape,
    inputs: inputs.map((source, i) => (i === at ? rows!.table : operand(broadcastView(writer.view(source), shape)))),
    inputTypes: inputs.map((source) => source.dtype),
    steps,
    results: results.map((node) => number.get(node)!),
    outputs: views.map(operand),
    ...(rows && { chosen: { input: at, ids: rows.ids } }),
  };
  writer.emit(writer.isEnabled("rowMask") ? withRowMask(map) : map);
  results.forEach((node, i) => {
    writer.setView(node, views[i]!);
  });
}

/** Writes one node that is neither elementwise nor a softmax. */
export function writeNode(writer: Writer, node: Node): void {
  if (node.op.view) writer.setView(node, viewOf(writer, node));
  else if (isOp(node, matmulOp)) writeMatmul(writer, node);
  else if (isOp(node, sumOp) || isOp(node, sumSquaresOp) || isOp(node, maxOp) || isOp(node, argmaxOp))
    writeReduce(writer, node);
  else if (isOp(node, gatherOp)) writeGather(writer, node);
  else if (isOp(node, scatterAddOp)) writeScatterAdd(writer, node);
  else if (isOp(node, placesOfOp)) writePlacesOf(writer, node);
  else if (isOp(node, oneHotOp)) writeOneHot(writer, node);
  else if (isOp(node, randomOp)) writeRandom(writer, node);
  else if (isOp(node, concatOp)) writeConcat(writer, node);
  else if (isOp(node, padOp)) writePad(writer, node);
  else throw new TavaliError(`compile: there is no instruction for the operation "${node.op.name}".`);
}

function viewOf(writer: Writer, node: Node): View {
  const source = writer.view(node.inputs[0]!);
  if (isOp(node, transposeOp)) return transposeView(source, node.attributes.permutation);
  if (isOp(node, sliceOp))
    return sliceView(source, node.attributes.axis, node.attributes.start, node.shape[node.attributes.axis]!);
  if (isOp(node, reverseOp)) return reverseView(source, node.attributes.axis);
  if (isOp(node, broadcastOp)) return broadcastView(source, node.shape);
  if (isOp(node, stopGradientOp)) return source;
  if (isOp(node, reshapeOp)) {
    return reshapeView(source, node.shape) ?? reshapeView(writer.contiguous(source, node.dtype), node.shape)!;
  }
  throw new TavaliError(`compile: there is no view for the operation "${node.op.name}".`);
}

/** [batch, rows, columns] with a stride of 1 on one of the last two axes, by a copy if need be. */
function matrixOperand(writer: Writer, view: View, dtype: Node["dtype"]): View {
  const fits = (candidate: View) => {
    const [rows, columns] = candidate.strides.slice(-2);
    const [m, n] = candidate.shape.slice(-2);
    return (
      (rows === 1 || columns === 1 || (m === 1 && columns === 1) || (n === 1 && rows! >= 1)) &&
      mergeLeading(candidate, 2) !== undefined
    );
  };
  return mergeLeading(writer.contiguous(view, dtype, fits), 2)!;
}

function writeMatmul(writer: Writer, node: Node): void {
  const [a, b] = node.inputs as [Node, Node];
  const [m, k, n] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
  const lead = node.shape.slice(0, -2);
  // A plain matrix for all leading axes: the rows of every one of them in one product.
  const flat = b.shape.length === 2 && mergeLeading(writer.view(a), 1);
  if (flat && lead.length > 0) {
    const rows = sizeOf(lead) * m;
    writeProduct(writer, node, matrixOperand(writer, flat, a.dtype), matrixOperand(writer, writer.view(b), b.dtype), [
      1,
      rows,
      k,
      n,
    ]);
    return;
  }
  const left = matrixOperand(writer, broadcastView(writer.view(a), [...lead, m, k]), a.dtype);
  const right = matrixOperand(writer, broadcastView(writer.view(b), [...lead, k, n]), b.dtype);
  writeProduct(writer, node, left, right, [sizeOf(lead), m, k, n]);
}

function writeProduct(
  writer: Writer,
  node: Node,
  a: View,
  b: View,
  [batch, m, k, n]: readonly [number, number, number, number],
): void {
  const merged = (view: View) => reshapeView(view, [batch, m, n]);
  const accepts = (view: View) => {
    const target = merged(view);
    return target !== undefined && (target.strides[2] === 1 || n === 1);
  };
  writer.produce(
    node,
    (target) => {
      const output = merged(target)!;
      writer.emit({
        kind: "matmul",
        batch,
        m,
        k,
        n,
        a: normalised(a, m, k),
        b: normalised(b, k, n),
        output: { ...operand(output), strides: [output.strides[0]!, output.strides[1]!, 1] },
        accumulate: writer.accumulates(node),
      });
    },
    accepts,
  );
}

/** An axis of size 1 may say any stride: makes one of the last two 1. */
function normalised(view: View, rows: number, columns: number): ReturnType<typeof operand> {
  const [batch = 0, row = 0, column = 0] = view.strides;
  if (row === 1 || column === 1) return operand(view);
  return { ...operand(view), strides: columns === 1 ? [batch, row, 1] : [batch, rows === 1 ? 1 : row, column] };
}

function writeReduce(writer: Writer, node: Node<ReduceAttributes>): void {
  const source = node.inputs[0]!;
  let op = node.op.name as ReduceInstruction["op"];
  // Neighbouring axes go together; groups are reduced from the last to the first.
  let view = writer.view(source);
  let axes = [...node.attributes.axes];
  while (axes.length > 0) {
    const last = axes.at(-1)!;
    let first = last;
    while (axes.includes(first - 1)) first--;
    axes = axes.filter((axis) => axis < first);
    const [lead, middle, tail] = [
      view.shape.slice(0, first),
      view.shape.slice(first, last + 1),
      view.shape.slice(last + 1),
    ];
    const shape = [sizeOf(lead), sizeOf(middle), sizeOf(tail)] as const;
    const input = reshapeView(view, shape) ?? reshapeView(writer.contiguous(view, source.dtype), shape)!;
    const reduced = [...lead, ...tail];
    const emit = (target: View) =>
      writer.emit({
        kind: "reduce",
        op,
        shape,
        input: operand(input),
        output: { ...operand(target), strides: [shape[2], 1] },
      });
    if (axes.length === 0) writer.produce(node, emit);
    else {
      const partial = writer.scratch(reduced, "float");
      emit(partial);
      view = partial;
      if (op === "sumSquares") op = "sum";
    }
  }
}

/** The memory of a concatenation, and the place of each part in it. */
export function concatParts(node: Node<{ readonly axis: number }>, whole: View): View[] {
  let start = 0;
  return node.inputs.map((part) => {
    const size = part.shape[node.attributes.axis]!;
    start += size;
    return sliceView(whole, node.attributes.axis, start - size, size);
  });
}

function writeConcat(writer: Writer, node: Node<{ readonly axis: number }>): void {
  // Parts that were written in place already lie there (see lower.ts).
  const whole = writer.assignedBuffer(node) ?? writer.scratch(node.shape, node.dtype);
  concatParts(node, whole).forEach((view, i) => {
    const part = node.inputs[i]!;
    const assigned = writer.assignedBuffer(part);
    if (assigned?.offset !== view.offset || assigned.buffer !== view.buffer) {
      writer.copy(writer.view(part), view);
    }
  });
  writer.setView(node, whole);
}

function writePad(writer: Writer, node: Node<{ readonly axis: number; readonly before: number }>): void {
  const { axis, before } = node.attributes;
  writer.produce(
    node,
    (target) => {
      writer.fill(target, 0);
      writer.copy(writer.view(node.inputs[0]!), sliceView(target, axis, before, node.inputs[0]!.shape[axis]!));
    },
    isContiguous,
  );
}
