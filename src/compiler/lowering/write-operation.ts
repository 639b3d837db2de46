/** Instructions of operations that are neither elementwise nor a softmax, and views of those that only re-arrange their input. */
import {
  argmaxOp,
  broadcastOp,
  concatOp,
  gatherOp,
  isOp,
  matmulOp,
  maxOp,
  type Node,
  oneHotOp,
  padOp,
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
import { asPlainInstruction, type PlainWriter } from "../instructions.js";
import { broadcastView, isContiguous, reshapeView, reverseView, sliceView, transposeView, type View } from "./views.js";
import { writeMatmul } from "./write-product.js";
import { writeReduce } from "./write-reduce.js";
import { vectorOperand, writeGather, writeOneHot, writeScatterAdd } from "./write-rows.js";
import { operand, type Writer } from "./writer.js";

/** Writes one node that is neither elementwise nor a softmax. */
export function writeOperation(writer: Writer, node: Node): void {
  const plain = asPlainInstruction(node);
  if (plain) writePlain(writer, node, plain);
  else if (node.op.view) writer.setView(node, viewOf(writer, node));
  else if (isOp(node, matmulOp)) writeMatmul(writer, node);
  else if (isOp(node, sumOp)) writeReduce(writer, node, "sum");
  else if (isOp(node, sumSquaresOp)) writeReduce(writer, node, "sumSquares");
  else if (isOp(node, maxOp)) writeReduce(writer, node, "max");
  else if (isOp(node, argmaxOp)) writeReduce(writer, node, "argmax");
  else if (isOp(node, gatherOp)) writeGather(writer, node);
  else if (isOp(node, scatterAddOp)) writeScatterAdd(writer, node);
  else if (isOp(node, oneHotOp)) writeOneHot(writer, node);
  else if (isOp(node, concatOp)) writeConcat(writer, node);
  else if (isOp(node, padOp)) writePad(writer, node);
  else throw new TavaliError(`compile: there is no instruction for the operation "${node.op.name}".`);
}

/** Writes an instruction that reads vectors and writes one vector. */
function writePlain(writer: Writer, node: Node, instruction: PlainWriter): void {
  const inputs = node.inputs.map((input) => vectorOperand(writer, input));
  writer.produce(node, (target) => writer.emit(instruction(inputs, { ...operand(target), strides: [1] })));
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

/** The part of a concatenation's memory that belongs to each input. */
export function concatParts(node: Node<{ readonly axis: number }>, whole: View): View[] {
  let start = 0;
  return node.inputs.map((part) => {
    const size = part.shape[node.attributes.axis]!;
    start += size;
    return sliceView(whole, node.attributes.axis, start - size, size);
  });
}

function writeConcat(writer: Writer, node: Node<{ readonly axis: number }>): void {
  // Parts that were computed in place are there already (see in-place.ts).
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
