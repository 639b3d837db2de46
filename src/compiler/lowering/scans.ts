/**
 * Lowering of a scan to a loop. A state lies in a history of T + 1 rows: the step at time t reads one row and writes its neighbour, so
 * nothing is copied, and "the state before every step" and "the state after every step", which back-propagation reads, are the same
 * memory seen with an offset of one row.
 */
import {
  bodyOrder,
  constantOp,
  isOp,
  matmulOp,
  type Node,
  type ScanAttributes,
  type ScanOutputAttributes,
} from "../../equations/index.js";
import { sizeOf } from "../../tensor/shape.js";
import { viewedNode } from "../viewed.js";
import { lowerScope } from "./lower.js";
import { stepView, type View } from "./views.js";
import { operand, type Writer } from "./writer.js";

interface ScanLowering {
  readonly scan: Node<ScanAttributes>;
  readonly outputs: readonly Node<ScanOutputAttributes>[];
  readonly dependenciesOf: (node: Node) => readonly Node[];
  readonly writeScan: (node: Node<ScanAttributes>) => void;
}

/** A state's rows: all of them, those before each step, those after. */
interface History {
  readonly state: Node;
  readonly next: Node;
  readonly before: View;
  readonly after: View;
  readonly last: View;
}

export function lowerScan(writer: Writer, { scan, outputs, dependenciesOf, writeScan }: ScanLowering): void {
  const body = scan.attributes;
  const values = outputs.filter(({ attributes }) => attributes.kind !== "final").map(({ attributes }) => attributes.of);
  const required = new Set([...body.next, ...values]);
  const order = bodyOrder(body, [...required]);

  body.sequences.forEach((sequence, i) => {
    if (order.includes(sequence)) writer.setView(sequence, stepView(writer.view(scan.inputs[i]!)));
  });
  const histories = body.states.map((state, i) => startHistory(writer, scan, state, i));
  const stacks = placeStacks(writer, scan, outputs, histories);
  const sums = startSums(writer, outputs, order);

  writer.loop(body.length, body.reverse, () => {
    const inner = new Set(order);
    lowerScope(writer, {
      order,
      required,
      dependenciesOf: (node) => dependenciesOf(node).filter((dependency) => inner.has(dependency)),
      writeScan,
    });
    for (const { next, after } of histories) writer.copyUnlessThere(next, stepView(after));
    for (const [of, whole] of stacks) writer.copyUnlessThere(of, stepView(whole));
    for (const [of, total] of sums) {
      if (writer.accumulates(of)) continue;
      writer.emit({
        kind: "map",
        shape: of.shape,
        inputs: [operand(total), operand(writer.view(of))],
        inputTypes: ["float", "float"],
        steps: [{ op: "add", arguments: [0, 1] }],
        results: [2],
        outputs: [operand(total)],
      });
    }
  });

  for (const output of outputs) {
    const { kind, of } = output.attributes;
    if (kind === "final") writer.setView(output, histories.find(({ state }) => state === of)!.last);
    else writer.setView(output, kind === "summed" ? sums.get(of)! : stackOf(of, stacks, histories, writer, scan));
  }
}

function startHistory(writer: Writer, scan: Node<ScanAttributes>, state: Node, i: number): History {
  const { length, reverse, next, sequences } = scan.attributes;
  const size = sizeOf(state.shape);
  const rows = writer.scratch([length + 1, ...state.shape], "float", { name: state.name });
  const part = (first: number): View => ({ ...rows, offset: first * size, shape: [length, ...state.shape] });
  const row = (index: number): View => ({
    ...rows,
    offset: index * size,
    shape: state.shape,
    strides: rows.strides.slice(1),
  });
  const initial = scan.inputs[sequences.length + i]!;
  const first = row(reverse ? length : 0);
  const scalar = viewedNode(initial);
  if (isOp(scalar, constantOp) && scalar.attributes.values.length === 1)
    writer.fill(first, scalar.attributes.values[0]!);
  else writer.copy(writer.view(initial), first);
  const history = {
    state,
    next: next[i]!,
    before: part(reverse ? 1 : 0),
    after: part(reverse ? 0 : 1),
    last: row(reverse ? 0 : length),
  };
  writer.setView(state, stepView(history.before));
  writer.assignBuffer(history.next, stepView(history.after));
  return history;
}

/** Memory for the values remembered at every step, unless a history holds them already. */
function placeStacks(
  writer: Writer,
  scan: Node<ScanAttributes>,
  outputs: readonly Node<ScanOutputAttributes>[],
  histories: readonly History[],
): Map<Node, View> {
  const stacks = new Map<Node, View>();
  for (const { attributes } of outputs) {
    const { kind, of } = attributes;
    const remembered =
      scan.attributes.sequences.includes(of) || histories.some(({ state, next }) => of === state || of === next);
    if (kind !== "stacked" || remembered || stacks.has(of)) continue;
    const whole = writer.scratch([scan.attributes.length, ...of.shape], of.dtype, { name: of.name });
    stacks.set(of, whole);
    if (of.dtype === "float" && !of.op.view) writer.assignBuffer(of, stepView(whole));
  }
  return stacks;
}

/** Memory for sums over the steps. A product that nothing else reads is added to its sum as it is computed. */
function startSums(
  writer: Writer,
  outputs: readonly Node<ScanOutputAttributes>[],
  order: readonly Node[],
): Map<Node, View> {
  const sums = new Map<Node, View>();
  for (const { attributes } of outputs) {
    if (attributes.kind !== "summed" || sums.has(attributes.of)) continue;
    const total = writer.scratch(attributes.of.shape, "float");
    writer.fill(total, 0);
    sums.set(attributes.of, total);
    const { of } = attributes;
    const readElsewhere = order.some(({ inputs }) => inputs.includes(of));
    if (isOp(of, matmulOp) && !readElsewhere) writer.accumulate(of, total);
  }
  return sums;
}

/** The value of `of` at every step. */
function stackOf(
  of: Node,
  stacks: ReadonlyMap<Node, View>,
  histories: readonly History[],
  writer: Writer,
  scan: Node<ScanAttributes>,
): View {
  const i = scan.attributes.sequences.indexOf(of);
  if (i >= 0) return writer.view(scan.inputs[i]!);
  const history = histories.find(({ state, next }) => of === state || of === next);
  return history ? (of === history.state ? history.before : history.after) : stacks.get(of)!;
}
