/** Compiler: passes rewrite a graph, lowering writes its instructions, and the schedule gives every buffer its memory. */
import {
  executionDependencies,
  executionOrder,
  isOp,
  type LeafAttributes,
  leafOp,
  type Node,
  type ScanAttributes,
  scansOf,
  sliceOp,
} from "../equations/index.js";
import { ConfigError, ShapeError } from "../errors.js";
import { formatShape, sameShape, sizeOf } from "../tensor/shape.js";
import { type LoweringChoice, loweringChoices } from "./lowering/choices.js";
import { lowerScope } from "./lowering/lower.js";
import { lowerScan } from "./lowering/scans.js";
import { type Assignment, assignUpdates, delayUpdates, writeUpdates } from "./lowering/updates.js";
import { isContiguous } from "./lowering/views.js";
import { Writer } from "./lowering/writer.js";
import { applyPasses, type PassName, passes } from "./passes/index.js";
import type { Port, Program } from "./program.js";
import { schedule } from "./schedule.js";

export interface Equations {
  readonly name: string;
  /** Input nodes by port name. */
  readonly inputs: Readonly<Record<string, Node>>;
  /** Values wanted back, by port name. */
  readonly outputs: Readonly<Record<string, Node>>;
  /** New values of variables, or of slices of them. All are computed from the old values. */
  readonly updates?: readonly Assignment[];
}

/** A pass, or a choice that lowering makes. */
export type Optimization = PassName | LoweringChoice;

/** Every pass in its order, then every choice of lowering. A program without any of them does one operation after the other. */
export const optimizations: readonly Optimization[] = /* @__PURE__ */ passes
  .map((pass): Optimization => pass.name)
  .concat(loweringChoices);

export interface CompileOptions {
  /** Optimizations to leave out, to see their effect or to look for a mistake in them. Default: none. */
  readonly without?: readonly Optimization[];
}

/**
 * Compiles equations to a program.
 *
 * @throws ConfigError when an updated node is not a variable, or `without` has an unknown name; ShapeError when an update changes a shape
 * @example compile({ name: "square", inputs: { x }, outputs: { y: square(x) } })
 */
export function compile(equations: Equations, options: CompileOptions = {}): Program {
  const { name, inputs, outputs, updates = [] } = equations;
  for (const [target, value] of updates) checkUpdate(target, value);
  const isEnabled = switches(options);
  const graph = applyPasses([...Object.values(outputs), ...updates.map(([, value]) => value)], isEnabled);
  const ports = Object.keys(outputs);
  const assignments = updates.map(([target], i): Assignment => [target, graph[ports.length + i]!]);

  const writer = new Writer(isEnabled);
  for (const [port, node] of Object.entries(inputs)) writer.input(port, node);
  lowerGraph(writer, graph, assignments);
  const results = ports.map((port, i) => outputPort(writer, port, graph[i]!));
  writeUpdates(writer, assignments);
  const { buffers, arenaSize } = schedule(writer.drafts, writer.instructions);
  const { instructions, variables } = writer;
  return { name, buffers, instructions, inputs: writer.inputs, variables, outputs: results, arenaSize };
}

function switches({ without = [] }: CompileOptions): (optimization: Optimization) => boolean {
  for (const name of without) {
    if (optimizations.includes(name)) continue;
    throw new ConfigError(`compile: without names no optimization "${name}"; there are ${optimizations.join(", ")}.`);
  }
  const left = new Set<Optimization>(without);
  return (optimization) => !left.has(optimization);
}

function lowerGraph(writer: Writer, graph: readonly Node[], assignments: readonly Assignment[]): void {
  const scans = scansOf(graph);
  const dependenciesOf = executionDependencies(scans);
  const writeScan = (scan: Node<ScanAttributes>): void => {
    lowerScan(writer, { scan, outputs: scans.get(scan)!, dependenciesOf, writeScan });
  };
  lowerScope(writer, {
    order: executionOrder(graph),
    required: new Set(graph),
    dependenciesOf,
    arrange: (units) => (writer.isEnabled("lateUpdates") ? delayUpdates(units, assignments, dependenciesOf) : units),
    assignResults: (units) => assignUpdates(writer, units, graph, assignments, dependenciesOf),
    writeScan,
  });
}

function outputPort(writer: Writer, name: string, node: Node): Port {
  let view = writer.view(node);
  const draft = writer.drafts[view.buffer]!;
  const whole = view.offset === 0 && isContiguous(view) && draft.size === sizeOf(node.shape);
  if (!whole || draft.role !== "scratch" || draft.fromStart || draft.toEnd) {
    const copy = writer.scratch(node.shape, node.dtype, { name });
    writer.copy(view, copy);
    view = copy;
  }
  writer.drafts[view.buffer]!.toEnd = true;
  return { name, shape: node.shape, dtype: node.dtype, buffer: view.buffer };
}

function checkUpdate(target: Node, value: Node): void {
  let variable = target;
  while (isOp(variable, sliceOp)) variable = variable.inputs[0]!;
  if (!isOp<LeafAttributes>(variable, leafOp) || variable.attributes.role !== "variable") {
    throw new ConfigError(`compile: only variables can be updated, received a value made by "${variable.op.name}".`);
  }
  if (!sameShape(target.shape, value.shape)) {
    throw new ShapeError(
      `compile: variable "${variable.name}" is ${formatShape(target.shape)}, its new value ${formatShape(value.shape)}.`,
    );
  }
}
