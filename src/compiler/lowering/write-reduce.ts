/** Reductions: neighbouring axes are reduced together, and groups of axes one after the other. */
import type { Node, ReduceAttributes } from "../../equations/index.js";
import { sizeOf } from "../../tensor/shape.js";
import type { ReduceInstruction } from "../program.js";
import { reshapeView, type View } from "./views.js";
import { operand, type Writer } from "./writer.js";

/** The result of the numbers along an axis. */
export type Reduction = ReduceInstruction["op"];

/** Writes a reduction over some axes. */
export function writeReduce(writer: Writer, node: Node<ReduceAttributes>, reduction: Reduction): void {
  const source = node.inputs[0]!;
  let op = reduction;
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
