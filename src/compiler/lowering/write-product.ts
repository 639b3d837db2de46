/** Matrix products: leading axes become one batch, or more rows where the right factor is one matrix for all of them. */
import type { Node } from "../../equations/index.js";
import { sizeOf } from "../../tensor/shape.js";
import { broadcastView, mergeLeading, reshapeView, type View } from "./views.js";
import { operand, type Writer } from "./writer.js";

/** Writes a product. */
export function writeMatmul(writer: Writer, node: Node): void {
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

/** An axis of size 1 may have any stride: makes one of the last two strides 1. */
function normalised(view: View, rows: number, columns: number): ReturnType<typeof operand> {
  const [batch = 0, row = 0, column = 0] = view.strides;
  if (row === 1 || column === 1) return operand(view);
  return { ...operand(view), strides: columns === 1 ? [batch, row, 1] : [batch, rows === 1 ? 1 : row, column] };
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
