/**
 * The derivative of a scan: back-propagation through time (Werbos 1990). With δ the gradient that arrives along the state,
 *
 *   δ(t) = ∂outputs(t)/∂state(t−1)ᵀ · dy(t) + ∂state(t)/∂state(t−1)ᵀ · δ(t+1),
 *
 * the derivative is a scan in the other direction whose state is δ. The values that it reads from the forward pass become stacked outputs
 * of the forward scan; the gradient of a captured weight is a sum over the steps.
 *
 * Truncation (Williams & Peng 1990): the losses of one stride reach at most `window` steps back. Strides whose windows do not overlap
 * form a group and share one reverse scan; ⌈window / stride⌉ groups cover all strides.
 *
 * A probe sees each reverse scan while it is built and may request more of its values: gradients at every step come from there.
 */
import { Adjoints, derivatives } from "./adjoints.js";
import { descendants, makeNode, type Node, placeholder } from "./graph.js";
import { constant, flush, mul, zeros } from "./ops/index.js";
import {
  bodyOrder,
  finalState,
  isInside,
  type ScanAttributes,
  type ScanOutputAttributes,
  scanOp,
  stacked,
  summed,
  type Truncation,
} from "./scan.js";

/** A reverse scan as a probe sees it. Its values are inside the body, except those of `everyStep`. */
export interface ReverseScanView {
  /** The scan whose derivative this is, or one part of the derivative if it is truncated. */
  readonly forward: Node<ScanAttributes>;
  /** The nodes captured from outside the body that have a gradient. */
  readonly captured: readonly Node[];
  /**
   * ∂J/∂value at this step, for a value of the forward body or one it captures; undefined if J does not depend on it. For a state's
   * placeholder it is the gradient passed to the step before, after any truncation.
   */
  adjoint(value: Node): Node | undefined;
  /** A value of the body at every step, indexed by time: [T, …]. */
  everyStep(value: Node): Node;
}

/** Receives each reverse scan while it is built. */
export type ScanProbe = (view: ReverseScanView) => void;

/**
 * Gradients of the nodes outside a scan that it depends on.
 *
 * @param scanNode the scan
 * @param outputGradients ∂J/∂output for its outputs (scanOutput nodes)
 * @param needed whether a node outside the body wants a gradient
 * @param probe receives each reverse scan
 * @returns pairs of a node outside the body and one contribution to its gradient
 */
export function differentiateScan(
  scanNode: Node<ScanAttributes>,
  outputGradients: ReadonlyMap<Node, Node>,
  needed: (node: Node) => boolean,
  probe?: ScanProbe,
): [Node, Node][] {
  const { length, truncation } = scanNode.attributes;
  if (!truncation) return reverseScan(scanNode, outputGradients, needed, undefined, probe);
  const groups = Math.min(Math.ceil(truncation.window / truncation.stride), Math.ceil(length / truncation.stride));
  return Array.from({ length: groups }, (_, group) =>
    reverseScan(
      scanNode,
      outputGradients,
      needed,
      truncationGroup(truncation, length, group, groups, scanNode.attributes.reverse),
      probe,
    ),
  ).flat();
}

/** The part of a truncated gradient that one reverse scan computes. Both arrays are indexed by time and hold 0 or 1. */
interface TruncationGroup {
  /** Whether the losses of step t belong to this group. */
  readonly owns: readonly number[];
  /** Whether the gradient may leave step t towards the step before it. */
  readonly passes: readonly number[];
}

function truncationGroup(
  { window, stride }: Truncation,
  length: number,
  group: number,
  groups: number,
  reverse: boolean,
): TruncationGroup {
  const owns = new Array<number>(length).fill(0);
  const passes = new Array<number>(length).fill(1);
  const at = (step: number) => (reverse ? length - 1 - step : step);
  for (let step = 0; step < length; step++) {
    const chunk = Math.floor(step / stride);
    if (chunk % groups === group) owns[at(step)] = 1;
  }
  for (let chunk = group; chunk * stride < length; chunk += groups) {
    const earliest = (chunk + 1) * stride - window;
    if (earliest > 0) passes[at(earliest)] = 0;
  }
  return { owns, passes };
}

function reverseScan(
  forward: Node<ScanAttributes>,
  outputGradients: ReadonlyMap<Node, Node>,
  needed: (node: Node) => boolean,
  group: TruncationGroup | undefined,
  probe: ScanProbe | undefined,
): [Node, Node][] {
  const body = forward.attributes;
  const builder = new ReverseBody(forward);
  const adjoints = new Adjoints();
  const outputs = [...outputGradients.keys()] as Node<ScanOutputAttributes>[];
  const read = outputs.flatMap(({ attributes: { kind, of } }) => (kind === "final" ? [] : [of]));
  const roots = [...body.next, ...read];
  const inside = neededInside(body, roots, forward.inputs, needed);

  for (const output of outputs) {
    const { kind, of } = output.attributes;
    const gradient = outputGradients.get(output)!;
    if (kind === "stacked") adjoints.add(of, builder.gate(builder.slice(gradient), group?.owns));
    if (kind === "summed") adjoints.add(of, builder.gate(gradient, group?.owns));
  }
  // δ of every state that a gradient can flow along, with its initial value: the gradient of the state after the last step.
  const carried = body.states.map((state, i) => {
    if (!inside.has(state)) return undefined;
    const delta = placeholder(state.name && `d${state.name}`, state.shape);
    adjoints.add(body.next[i]!, flush(delta));
    const last = outputs.find(({ attributes }) => attributes.kind === "final" && attributes.of === state);
    const owned = !group || group.owns[body.reverse ? 0 : body.length - 1] === 1;
    return { delta, start: last && owned ? outputGradients.get(last)! : zeros(state.shape) };
  });

  backpropagate(bodyOrder(body, roots), inside, adjoints, builder);

  const states = carried.flatMap((entry) => (entry ? [entry] : []));
  const passed = new Map(
    body.states.flatMap((state, i): [Node, Node][] =>
      carried[i] ? [[state, builder.gate(adjoints.total(state) ?? zeros(state.shape), group?.passes)]] : [],
    ),
  );
  const reversed = makeNode(scanOp, [...builder.sources, ...states.map(({ start }) => start)], [], {
    length: body.length,
    reverse: !body.reverse,
    sequences: builder.sequences,
    states: states.map(({ delta }) => delta),
    next: [...passed.values()],
  });

  const result = inputGradients(forward, reversed, adjoints, carried, needed);
  for (const node of inside) {
    if (!needed(node)) continue;
    for (const contribution of adjoints.of(node)) result.push([node, summed(reversed, contribution)]);
  }
  probe?.({
    forward,
    captured: [...inside].filter((node) => needed(node) && adjoints.of(node).length > 0),
    adjoint: (value) => passed.get(value) ?? adjoints.total(value),
    everyStep: (value) => stacked(reversed, value),
  });
  return result;
}

/** The gradients of the sequences and the initial states of a scan, from the scan that runs the other way. */
function inputGradients(
  { attributes: { sequences }, inputs }: Node<ScanAttributes>,
  reversed: Node<ScanAttributes>,
  adjoints: Adjoints,
  carried: readonly ({ readonly delta: Node } | undefined)[],
  needed: (node: Node) => boolean,
): [Node, Node][] {
  const result: [Node, Node][] = [];
  sequences.forEach((sequence, i) => {
    const gradient = adjoints.total(sequence);
    if (gradient && needed(inputs[i]!)) result.push([inputs[i]!, stacked(reversed, gradient)]);
  });
  carried.forEach((entry, i) => {
    const initial = inputs[sequences.length + i]!;
    if (entry && needed(initial)) result.push([initial, finalState(reversed, entry.delta)]);
  });
  return result;
}

/** Adds the derivatives of the values of one step to the adjoints of the values they are computed from, the last value first. */
function backpropagate(
  order: readonly Node[],
  inside: ReadonlySet<Node>,
  adjoints: Adjoints,
  builder: ReverseBody,
): void {
  for (const node of order.toReversed()) {
    if (!inside.has(node)) continue;
    const dy = adjoints.total(node);
    if (!dy) continue;
    for (const [i, gradient] of derivatives(node, dy, inside, (value) => builder.value(value))) {
      adjoints.add(node.inputs[i]!, gradient);
    }
  }
}

/**
 * The nodes of a body, and the nodes it captures, that need a gradient: those that depend on a captured node, a sequence or a state that
 * needs one. A state needs one if its initial value needs one, or any value that it is computed from.
 */
function neededInside(
  body: ScanAttributes,
  roots: readonly Node[],
  inputs: readonly Node[],
  needed: (node: Node) => boolean,
): Set<Node> {
  const order = bodyOrder(body, roots);
  const sources = new Set<Node>();
  for (const node of order)
    for (const dependency of [node, ...node.inputs]) if (needed(dependency)) sources.add(dependency);
  for (const root of roots) if (needed(root)) sources.add(root);
  [...body.sequences, ...body.states].forEach((bound, i) => {
    if (needed(inputs[i]!)) sources.add(bound);
  });
  for (;;) {
    const reached = descendants(sources, roots);
    const grown = body.states.filter((state, i) => !sources.has(state) && reached.has(body.next[i]!));
    if (grown.length === 0) return reached;
    for (const state of grown) sources.add(state);
  }
}

/** The reverse scan under construction: the sequences that it reads. */
class ReverseBody {
  readonly sequences: Node[] = [];
  readonly sources: Node[] = [];
  readonly #values = new Map<Node, Node>();

  constructor(readonly forward: Node<ScanAttributes>) {}

  /** The slice at this step of a value that is known for all steps. */
  slice(source: Node, name?: string): Node {
    const bound = placeholder(name, source.shape.slice(1), source.dtype);
    this.sequences.push(bound);
    this.sources.push(source);
    return bound;
  }

  /** A value of the forward step, readable in the reverse step. Views are computed again; the forward scan stores all other values. */
  value(node: Node): Node {
    if (!isInside(this.forward, node)) return node;
    let known = this.#values.get(node);
    if (!known) {
      known = this.#recall(node);
      this.#values.set(node, known);
    }
    return known;
  }

  /** The gradient where `open` is 1, zero where it is 0. */
  gate(gradient: Node, open: readonly number[] | undefined): Node {
    if (!open || open.every((bit) => bit === 1)) return gradient;
    return mul(gradient, this.slice(constant(open)));
  }

  #recall(node: Node): Node {
    const { sequences } = this.forward.attributes;
    const i = sequences.indexOf(node);
    if (i >= 0) return this.slice(this.forward.inputs[i]!, node.name);
    if (node.op.view)
      return makeNode(node.op, [this.value(node.inputs[0]!)], node.shape, node.attributes, { dtype: node.dtype });
    return this.slice(stacked(this.forward, node), node.name);
  }
}
