/** The softmax instruction: a softmax, its logarithm, the logarithm of the sum of exponentials, or the first and the last of them together. */
import type { Node } from "../../equations/index.js";
import { sizeOf } from "../../tensor/shape.js";
import type { SoftmaxInstruction } from "../program.js";
import { asSoftmax } from "../softmax-family.js";
import { broadcastView, mergeLeading, reshapeView, type View } from "./views.js";
import { operand, type Writer } from "./writer.js";

/** Writes one node of the softmax family, or two that share their exponentials. */
export function writeSoftmax(writer: Writer, nodes: readonly Node[]): void {
  const sum = nodes.find((node) => asSoftmax(node)!.form === "logSumExp");
  const probabilities = nodes.find((node) => node !== sum);
  const { form, x, bias, scale } = asSoftmax(probabilities ?? sum!)!;
  const columns = x.shape.at(-1)!;
  const rows = sizeOf(x.shape.slice(0, -1));
  const rowWise = (view: View): boolean => {
    const merged = mergeLeading(view, 1);
    return merged !== undefined && (merged.strides[1] === 1 || columns === 1);
  };
  const strided = (view: View) => ({ ...operand(view), strides: [view.strides[0]!, 1] });
  const common = {
    kind: "softmax",
    form,
    rows,
    columns,
    input: strided(mergeLeading(writer.contiguous(writer.view(x), "float", rowWise), 1)!),
    ...(bias && { bias: { ...operand(writer.contiguous(writer.view(bias), "float")), strides: [0, 1] } }),
    ...(scale && { scale: strided(numberPerRow(writer, scale, x)) }),
  } as const satisfies Partial<SoftmaxInstruction>;
  const onePerRow = (target: View): View => reshapeView(target, [rows, 1])!;
  const writeProbabilities = (logSum?: View): void =>
    writer.produce(
      probabilities!,
      (target) => {
        const output = strided(mergeLeading(target, 1)!);
        writer.emit(logSum ? { ...common, output, logSum: strided(onePerRow(logSum)) } : { ...common, output });
      },
      rowWise,
    );
  if (!sum) writeProbabilities();
  else {
    writer.produce(sum, (target) => {
      if (probabilities) writeProbabilities(target);
      else writer.emit({ ...common, output: strided(onePerRow(target)) });
    });
  }
}

/** [rows, 1], any stride. */
function numberPerRow(writer: Writer, scale: Node, x: Node): View {
  const view = broadcastView(writer.view(scale), [...x.shape.slice(0, -1), 1]);
  return mergeLeading(
    writer.contiguous(view, "float", (each) => mergeLeading(each, 1) !== undefined),
    1,
  )!;
}
