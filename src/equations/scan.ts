/**
 * The recurrence in time. `scan` traces one step of an equation, from the values of this step and the state before it to the state after
 * it. It stands for this step repeated for t = 0 … T − 1. The body is an ordinary graph over placeholders; other nodes that the step
 * uses (weights, the mask of a dropout) are captured from outside and are the same at every step.
 *
 * Each output of a scan is a separate node (`scanOutputOp`), so any inner value can be requested later. Back-propagation through time
 * requests the values that it needs in this way.
 */
import { ConfigError, ShapeError } from "../errors.js";
import {
  aFunction,
  anObject,
  anything,
  checkOptions,
  checkWindow,
  count,
  flag,
  formatValue,
  type OptionChecks,
} from "../options/index.js";
import { formatShape, type Shape, sameShape } from "../tensor/shape.js";
import { checkNode, checkOperand } from "./check-operand.js";
import {
  dependencies,
  descendants,
  isOp,
  makeNode,
  type Node,
  type Op,
  placeholder,
  topologicalOrder,
} from "./graph.js";
import { broadcastTo, mul, reshape, slice } from "./ops/index.js";

/** Truncation of back-propagation through time; the state itself is always carried on. */
export interface Truncation {
  /**
   * The number of steps that a loss reaches back: the gradient of the losses of steps c·stride … (c+1)·stride − 1 stops before step
   * (c+1)·stride − window.
   */
  readonly window: number;
  /** The number of steps that share one cut; at most `window`. With stride = window the sequence is cut into separate chunks. */
  readonly stride: number;
}

/** The body of a scan: placeholders, states, and the direction of time. */
export interface ScanAttributes {
  /** Number of steps T. */
  readonly length: number;
  /** Whether time runs from T − 1 down to 0. Sequences and stacked outputs are always indexed by time, not by order. */
  readonly reverse: boolean;
  readonly truncation?: Truncation;
  /** One per sequence input: its value at this step. */
  readonly sequences: readonly Node[];
  /** One per state: its value before this step. */
  readonly states: readonly Node[];
  /** One per state: its value after this step. */
  readonly next: readonly Node[];
}

/** Inputs: the sequences, each [T, ...], then the initial states. */
export const scanOp: Op<ScanAttributes> = {
  name: "scan",
  captures: ({ attributes }) => capturedBy(attributes, attributes.next),
};

/** The value that an output of a scan returns, and its form. */
export interface ScanOutputAttributes {
  /**
   * `stacked`: the body's value `of` at every step, [T, ...]. `summed`: its sum over the steps. `final`: the state whose placeholder is
   * `of`, after the last step.
   */
  readonly kind: "stacked" | "summed" | "final";
  readonly of: Node;
}

/** Input: the scan. */
export const scanOutputOp: Op<ScanOutputAttributes> = {
  name: "scanOutput",
  captures: ({ inputs, attributes }) =>
    attributes.kind === "final" ? [] : capturedBy((inputs[0] as Node<ScanAttributes>).attributes, [attributes.of]),
};

/** The body's placeholders, which are bound at every step. */
export function placeholders({ sequences, states }: ScanAttributes): readonly Node[] {
  return [...sequences, ...states];
}

/** The values inside the body that `roots` depend on, each after its dependencies; placeholders come first. */
export function bodyOrder(body: ScanAttributes, roots: readonly Node[]): Node[] {
  const inside = descendants(placeholders(body), roots);
  return topologicalOrder(roots, (node) => inside.has(node)).filter((node) => inside.has(node));
}

/** Whether a value changes from step to step, since it depends on a placeholder of the scan. */
export function isInside({ attributes }: Node<ScanAttributes>, node: Node): boolean {
  return descendants(placeholders(attributes), [node]).has(node);
}

/** The nodes outside a body that `roots` inside it use. */
function capturedBy(body: ScanAttributes, roots: readonly Node[]): readonly Node[] {
  const inside = descendants(placeholders(body), roots);
  const captured = new Set<Node>();
  for (const root of roots) if (!inside.has(root)) captured.add(root);
  for (const node of topologicalOrder(roots, (candidate) => inside.has(candidate))) {
    for (const dependency of dependencies(node)) if (!inside.has(dependency)) captured.add(dependency);
  }
  return [...captured];
}

/** Nodes by name. */
export type Nodes = Readonly<Record<string, Node>>;

/** Options of `scan`. */
export interface ScanOptions<State extends Nodes, Sequences extends Nodes, Outputs extends Nodes> {
  /** Values with a leading time axis: [T, ...]. */
  readonly sequences: Sequences;
  /** The state before the first step. */
  readonly initial: State;
  /** One step: from the slices of this step and the state before it to the state after it and the outputs. */
  readonly step: (x: Sequences, state: State) => { state: State; outputs: Outputs };
  /** Number of steps; needed only when there are no sequences. */
  readonly length?: number;
  readonly reverse?: boolean;
  readonly truncation?: Truncation;
}

const scanOptions: OptionChecks<ScanOptions<Nodes, Nodes, Nodes>> = {
  sequences: anObject,
  initial: anObject,
  step: aFunction,
  length: count,
  reverse: flag,
  truncation: anything,
};

/**
 * Runs an equation over time.
 *
 * @returns `outputs`, each stacked over time [T, ...], and `state` after the last step
 * @throws ShapeError if sequences differ in length, or a state changes its shape; ConfigError for nested scans
 * @example
 * const { outputs } = scan({
 *   sequences: { x },                                                  // [T, B, F]
 *   initial: { h: zeros([B, U]) },
 *   step: ({ x }, { h }) => {
 *     const next = tanh(add(matmul(x, W), matmul(h, R), b));
 *     return { state: { h: next }, outputs: { y: next } };
 *   },
 * });
 */
export function scan<State extends Nodes, Sequences extends Nodes, Outputs extends Nodes>(
  options: ScanOptions<State, Sequences, Outputs>,
): { outputs: Outputs; state: State } {
  const {
    sequences,
    initial,
    step,
    reverse = false,
  } = checkOptions("scan", options, scanOptions, ["sequences", "initial", "step"]);
  for (const node of [...Object.values(sequences), ...Object.values(initial)]) checkOperand(node);
  const length = checkLength(sequences, options.length);
  const truncation = options.truncation && checkWindow("scan: truncation", options.truncation);
  const slices = mapValues(sequences, (node, name) => placeholder(name, node.shape.slice(1), node.dtype));
  const before = mapValues(initial, (node, name) => placeholder(name, node.shape));
  const { state: after, outputs } = checkStep(step(slices as Sequences, before as State));
  for (const [name, { shape }] of Object.entries(initial)) checkState(name, shape, after[name]);
  const node = makeNode(scanOp, [...Object.values(sequences), ...Object.values(initial)], [], {
    length,
    reverse,
    truncation,
    sequences: Object.values(slices),
    states: Object.values(before),
    next: Object.keys(initial).map((name) => after[name]!),
  });
  if (bodyOrder(node.attributes, [...node.attributes.next, ...Object.values(outputs)]).some(isScan)) {
    throw new ConfigError(
      "scan: a scan inside the step of another scan is not supported; run the inner recurrence before the outer one.",
    );
  }
  return {
    outputs: mapValues(outputs, (value) => stacked(node, value)) as Outputs,
    state: mapValues(before, (value) => finalState(node, value)) as State,
  };
}

/** A value of the body at every step: [T, ...]. */
export function stacked(scanNode: Node<ScanAttributes>, of: Node): Node {
  const shape = [checkScan("stacked", scanNode).attributes.length, ...checkOperand(of).shape];
  if (!isInside(scanNode, of)) return broadcastTo(of, shape);
  return makeNode(scanOutputOp, [scanNode], shape, { kind: "stacked", of }, { dtype: of.dtype, name: of.name });
}

/** A value of the body, summed over the steps. */
export function summed(scanNode: Node<ScanAttributes>, of: Node): Node {
  checkScan("summed", scanNode);
  if (!isInside(scanNode, checkOperand(of))) return mul(of, scanNode.attributes.length);
  return makeNode(scanOutputOp, [scanNode], of.shape, { kind: "summed", of });
}

/** A state after the last step; `of` is the state's placeholder. */
export function finalState(scanNode: Node<ScanAttributes>, of: Node): Node {
  checkScan("finalState", scanNode);
  return makeNode(scanOutputOp, [scanNode], checkOperand(of).shape, { kind: "final", of }, { name: of.name });
}

/**
 * A state after some of the steps. A gradient keeps its history anyway.
 *
 * @param final the state after the last step, as `scan` returns it
 * @param steps number of steps in the order in which they run, 1 … T
 */
export function stateAfter(final: Node, steps: number): Node {
  const [scanNode] = checkOperand(final).inputs as [Node<ScanAttributes>];
  checkScan("stateAfter", scanNode);
  const { length, reverse, states, next } = scanNode.attributes;
  if (steps === length) return final;
  const history = stacked(scanNode, next[states.indexOf((final as Node<ScanOutputAttributes>).attributes.of)]!);
  return reshape(slice(history, 0, reverse ? length - steps : steps - 1, 1), final.shape);
}

/** The scans that `roots` depend on, each with its requested outputs. */
export function scansOf(roots: readonly Node[]): Map<Node<ScanAttributes>, Node<ScanOutputAttributes>[]> {
  const scans = new Map<Node<ScanAttributes>, Node<ScanOutputAttributes>[]>();
  for (const node of topologicalOrder(roots)) {
    if (isScan(node)) scans.set(node, scans.get(node) ?? []);
    if (isOp(node, scanOutputOp)) scans.get(node.inputs[0] as Node<ScanAttributes>)!.push(node);
  }
  return scans;
}

/**
 * The dependencies of nodes in the order of execution: a scan also depends on the nodes that its outputs capture, since it computes the
 * outputs while it runs, but not on sequences that no step reads any more.
 *
 * @param scans the scans with their outputs, as `scansOf` returns them
 */
export function executionDependencies(
  scans: ReadonlyMap<Node, readonly Node<ScanOutputAttributes>[]>,
): (node: Node) => readonly Node[] {
  const known = new Map<Node, readonly Node[]>();
  return (node) => {
    if (!isScan(node)) return dependencies(node);
    if (!known.has(node)) known.set(node, dependenciesOfScan(node, scans.get(node)!));
    return known.get(node)!;
  };
}

function dependenciesOfScan(scan: Node<ScanAttributes>, outputs: readonly Node<ScanOutputAttributes>[]): Node[] {
  const { attributes, inputs } = scan;
  const values = outputs.flatMap(({ attributes: { kind, of } }) => (kind === "final" ? [] : [of]));
  const read = new Set(bodyOrder(attributes, [...attributes.next, ...values]));
  const needed = inputs.filter((_, i) => i >= attributes.sequences.length || read.has(attributes.sequences[i]!));
  return [...needed, ...scanOp.captures!(scan), ...outputs.flatMap((output) => scanOutputOp.captures!(output))];
}

/** `topologicalOrder` by `executionDependencies`. */
export function executionOrder(roots: readonly Node[]): Node[] {
  return topologicalOrder(roots, undefined, executionDependencies(scansOf(roots)));
}

/** Whether a node is a scan; narrows its attributes. */
export function isScan(node: Node): node is Node<ScanAttributes> {
  return isOp(node, scanOp);
}

/** @throws ConfigError for a node that is not a scan */
function checkScan(owner: string, value: Node<ScanAttributes>): Node<ScanAttributes> {
  if (typeof value === "object" && value !== null && isScan(value)) return value;
  throw new ConfigError(`${owner}: expected a scan, or what scan returned, received another value.`);
}

function mapValues(record: Nodes, f: (node: Node, name: string) => Node): Record<string, Node> {
  return Object.fromEntries(Object.entries(record).map(([name, node]) => [name, f(node, name)]));
}

function checkLength(sequences: Nodes, given: number | undefined): number {
  const lengths = Object.values(sequences).map(({ shape }) => shape[0] ?? Number.NaN);
  const length = given ?? lengths[0];
  if (length === undefined || !(length >= 0) || lengths.some((other) => other !== length)) {
    const shapes = Object.entries(sequences).map(([name, { shape }]) => `${name} ${formatShape(shape)}`);
    throw new ShapeError(
      `scan: sequences need one common number of steps; received ${shapes.join(", ") || "no sequences"}.`,
    );
  }
  return length;
}

/** @throws ConfigError for a result of a step that is not nodes by name */
function checkStep<Result extends { state: Nodes; outputs: Nodes }>(result: Result): Result {
  for (const part of ["state", "outputs"] as const) {
    const nodes: unknown = result?.[part];
    if (typeof nodes !== "object" || nodes === null) {
      throw new ConfigError(
        `scan: the step must return { state, outputs }, each with nodes by name; its ${part} is ${formatValue(nodes)}.`,
      );
    }
    for (const [name, node] of Object.entries(nodes)) checkNode(`scan: the step, as "${name}" of its ${part},`, node);
  }
  return result;
}

function checkState(name: string, before: Shape, after: Node | undefined): void {
  if (!after) throw new ConfigError(`scan: the step returned no state "${name}"; return one for every initial state.`);
  if (!sameShape(before, after.shape)) {
    throw new ShapeError(
      `scan: state "${name}" is ${formatShape(before)} before a step and ${formatShape(after.shape)} after it; a step must keep the shape.`,
    );
  }
}
