/** One kernel for a group of elementwise nodes: inputs from memory, a step for each node, and the results that something else reads. */
import { constantOp, type ElementwiseNode, isOp, type Node } from "../../equations/index.js";
import type { MapInstruction, ScalarStep } from "../program.js";
import { withRowMask } from "./row-mask.js";
import { broadcastView } from "./views.js";
import { gatherOperands } from "./write-rows.js";
import { operand, type Writer } from "./writer.js";

/**
 * Writes a group of fused elementwise nodes.
 *
 * @param visible those that something else reads
 * @param gathers those that kernels do themselves
 */
export function writeMap(
  writer: Writer,
  nodes: readonly ElementwiseNode[],
  visible: (node: Node) => boolean,
  gathers: ReadonlySet<Node>,
): void {
  const shape = nodes[0]!.shape;
  const members = new Set<Node>(nodes);
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
    addStep(node, { op: node.op.name, arguments: node.inputs.map((source) => number.get(source)!) });
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
    ...(rows && { gather: { input: at, ids: rows.ids } }),
  };
  writer.emit(writer.isEnabled("rowMask") ? withRowMask(map) : map);
  results.forEach((node, i) => {
    writer.setView(node, views[i]!);
  });
}
