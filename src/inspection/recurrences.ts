/**
 * Recurrences of a traced model. A recurrence is a scan, and its equations contain everything about it: states are its bound variables,
 * gates are values that the cell has named, weights are the parameters of its steps.
 */
import {
  bodyOrder,
  descendants,
  isOp,
  isScan,
  type Node,
  type ScanAttributes,
  scanOp,
  scanOutputOp,
  scansOf,
  topologicalOrder,
  whereOp,
} from "../equations/index.js";
import type { Parameter } from "../models/index.js";

/** A state: its placeholder, its value after a step, and that value without masking. */
export interface RecurrentState {
  readonly name: string;
  readonly before: Node;
  readonly after: Node;
  readonly computed: Node;
  /** Whether another state is made of it within the same step, as an LSTM's h is of c. */
  readonly inner: boolean;
}

/** A weight of a recurrence. */
export interface RecurrentWeight {
  /** Without the direction of a bidirectional layer. */
  readonly name: string;
  readonly parameter: Parameter;
  /** Whether it is (part of) the state before the first step: then it acts on that step alone. */
  readonly initial: boolean;
}

export interface Recurrence {
  readonly name: string;
  readonly scan: Node<ScanAttributes>;
  /** [time, batch] */
  readonly mask: Node | undefined;
  readonly states: readonly RecurrentState[];
  readonly gates: readonly (readonly [name: string, node: Node])[];
  readonly weights: readonly RecurrentWeight[];
  /** The values of a step, each after its inputs. */
  readonly body: readonly Node[];
}

/** The recurrences that a value depends on, in the order in which they run. */
export function findRecurrences(root: Node, parameters: readonly Parameter[]): Recurrence[] {
  const names = new Map<string, number>();
  return [...scansOf([root])].map(([scan, outputs]) => {
    const { attributes } = scan;
    const roots = [
      ...attributes.next,
      ...outputs.flatMap(({ attributes: { kind, of } }) => (kind === "final" ? [] : [of])),
    ];
    const body = bodyOrder(attributes, roots);
    const captured = [...scanOp.captures!(scan), ...outputs.flatMap((output) => output.op.captures!(output))];
    const weights = weightsOf(captured, scan.inputs.slice(attributes.sequences.length), parameters);
    const base = nameOf(weights);
    const count = (names.get(base) ?? 0) + 1;
    names.set(base, count);
    const mask = attributes.sequences.findIndex(({ name }) => name === "mask");
    const states = attributes.states.map((before, i): RecurrentState => {
      const after = attributes.next[i]!;
      const padded = isOp(after, whereOp) && after.inputs[2] === before;
      const computed = padded ? after.inputs[1]! : after;
      const others = attributes.next.filter((next) => next !== after);
      const inner = others.some((other) => descendants([computed], [other]).has(other));
      return { name: before.name ?? `state${i + 1}`, before, after, computed, inner };
    });
    return {
      name: count === 1 ? base : `${base} (${count})`,
      scan,
      mask: mask < 0 ? undefined : scan.inputs[mask],
      states,
      gates: gatesOf(body, states, [...attributes.sequences, ...attributes.states]),
      weights: weights.map((weight) => ({ ...weight, name: weight.name.replace(direction, "") })),
      body,
    };
  });
}

const direction = /^(forward|backward)_/;

/** "lstm", or "bidirectional/forward" where every weight has the direction in its name. */
function nameOf(weights: readonly RecurrentWeight[]): string {
  const [first] = weights;
  if (!first) return "recurrence";
  const layer = layerOf(first.parameter);
  const [way] = direction.exec(first.name) ?? [];
  return way && weights.every(({ name }) => name.startsWith(way)) ? `${layer}/${way.slice(0, -1)}` : layer;
}

const layerOf = ({ id, name }: Parameter) => id.slice(0, -name.length - 1);

/** The parameters of the layer in its steps; parameters of inputs, such as an encoder's, belong to other layers. */
function weightsOf(
  captured: readonly Node[],
  initial: readonly Node[],
  parameters: readonly Parameter[],
): RecurrentWeight[] {
  const [inSteps, atFirst] = [reachable(captured), reachable(initial)];
  const direct = new Set([...captured, ...initial].map(underViews));
  const [nearest] = [
    ...parameters.filter(({ node }) => direct.has(node)),
    ...parameters.filter(({ node }) => inSteps.has(node)),
  ];
  if (!nearest) return [];
  return parameters.flatMap((parameter) => {
    const { node, name } = parameter;
    if (layerOf(parameter) !== layerOf(nearest) || !(inSteps.has(node) || atFirst.has(node))) return [];
    return [{ name, parameter, initial: !inSteps.has(node) }];
  });
}

/** The inputs of nodes, direct and indirect, without another recurrence between. */
function reachable(nodes: readonly Node[]): ReadonlySet<Node> {
  return new Set(topologicalOrder(nodes, (node) => !isScan(node) && !isOp(node, scanOutputOp)));
}

/** The node behind a view. */
export function underViews(node: Node): Node {
  return node.op.view ? underViews(node.inputs[0]!) : node;
}

/** Named values that are not states; names that several cells share are numbered from the bottom. */
function gatesOf(body: readonly Node[], states: readonly RecurrentState[], bound: readonly Node[]): [string, Node][] {
  const apart = new Set([...bound, ...states.flatMap(({ after, computed }) => [after, computed])]);
  // By their numbers nodes are in the order in which the cell's author wrote them.
  const found = body.filter((node) => node.name !== undefined && !apart.has(node)).sort((a, b) => a.id - b.id);
  const count = (name: string, nodes: readonly Node[]) => nodes.filter((node) => node.name === name).length;
  return found.map((node, i) => {
    const name = node.name!;
    return [count(name, found) === 1 ? name : `${name}${count(name, found.slice(0, i)) + 1}`, node];
  });
}
