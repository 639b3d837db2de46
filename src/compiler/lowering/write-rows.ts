/** Instructions that go row by row: rows of a table by number, and sums of rows. */
import type { GatherAttributes, Node } from "../../equations/index.js";
import { sizeOf } from "../../tensor/shape.js";
import type { Operand } from "../program.js";
import { reshapeView } from "./views.js";
import { operand, type Writer } from "./writer.js";

/** The table and the ids of a gather. */
export function gatherOperands(writer: Writer, { inputs }: Node): { table: Operand; ids: Operand } {
  const [table, ids] = inputs as [Node, Node];
  const rows = writer.contiguous(writer.view(table), table.dtype);
  return { table: { ...operand(rows), strides: [table.shape[1]!, 1] }, ids: vectorOperand(writer, ids) };
}

/** Rows of a table by number. */
export function writeGather(writer: Writer, node: Node<GatherAttributes>): void {
  const [{ shape }, ids] = node.inputs as [Node, Node];
  const width = shape[1]!;
  const operands = gatherOperands(writer, node);
  writer.produce(node, (target) => {
    writer.emit({
      kind: "gather",
      count: sizeOf(ids.shape),
      width,
      perRow: node.attributes.perRow,
      ...operands,
      output: { ...operand(target), strides: [width, 1] },
    });
  });
}

/** Rows added to a table, which starts as zeros or as the given table. */
export function writeScatterAdd(writer: Writer, node: Node<GatherAttributes>): void {
  const [ids, source, base] = node.inputs as [Node, Node, Node?];
  const width = node.shape[1]!;
  const rows = writer.contiguous(writer.view(source), "float");
  const flatIds = vectorOperand(writer, ids);
  writer.produce(node, (target) => {
    if (base) writer.copyUnlessThere(base, target);
    else writer.fill(target, 0);
    writer.emit({
      kind: "scatterAdd",
      count: sizeOf(ids.shape),
      width,
      perRow: node.attributes.perRow,
      source: { ...operand(rows), strides: [width, 1] },
      ids: flatIds,
      output: { ...operand(target), strides: [width, 1] },
    });
  });
}

/** Zeros, with a 1 in each row. */
export function writeOneHot(writer: Writer, node: Node): void {
  const ids = node.inputs[0]!;
  const one = { ...operand(writer.constant([1], [1])), strides: [0, 1] };
  const columns = vectorOperand(writer, ids);
  writer.produce(node, (target) => {
    writer.fill(target, 0);
    const output = { ...operand(target), strides: [1, 1] };
    writer.emit({
      kind: "scatterAdd",
      count: sizeOf(ids.shape),
      width: 1,
      perRow: node.shape.at(-1)!,
      source: one,
      ids: columns,
      output,
    });
  });
}

/** A value as a vector, with one stride. */
export function vectorOperand(writer: Writer, node: Node): Operand {
  const view = writer.view(node);
  const size = sizeOf(node.shape);
  return operand(reshapeView(view, [size]) ?? reshapeView(writer.contiguous(view, node.dtype), [size])!);
}
