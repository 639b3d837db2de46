/**
 * Graphs of equations. A node is one value: the operation that computes it, the inputs of that operation, and the shape.
 * Nodes are immutable. An equation is a TypeScript function from nodes to nodes; tracing calls it once.
 *
 * Some nodes are used inside a `scan` (see scan.ts). They are ordinary nodes too: a node is inside a scan's body exactly when it
 * depends on one of the body's placeholders.
 */
import type { DType } from "../tensor/dtype.js";
import { checkShape, type Shape } from "../tensor/shape.js";

/** The argument of a derivative rule. Forward values are requested by function, so that only requested values are stored. */
export interface DerivativeContext<Attributes> {
  /** The node that is differentiated, for its shapes and attributes. */
  readonly node: Node<Attributes>;
  /** ∂J/∂node. */
  readonly dy: Node;
  /** The value of input i. */
  input(i: number): Node;
  /** The value of the node itself. */
  output(): Node;
  /** Whether ∂J/∂input i is needed. */
  wants(i: number): boolean;
}

/** A primitive operation. Its shape rule is the function that makes its nodes; its value is what the reference engine computes. */
export interface Op<Attributes = unknown> {
  readonly name: string;
  /** ∂J/∂input for each input; undefined stands for zero. Absent when the operation has no derivative. */
  derivative?(context: DerivativeContext<Attributes>): readonly (Node | undefined)[];
  /** A view rearranges its input without computing anything, so it can be made again at no cost. */
  readonly view?: boolean;
  /** Nodes that the node depends on besides its inputs: the captured values of a scan's body. */
  captures?(node: Node<Attributes>): readonly Node[];
}

/** A value of the graph: its operation, the inputs and the shape. */
export interface Node<Attributes = unknown> {
  readonly id: number;
  readonly op: Op<Attributes>;
  readonly inputs: readonly Node[];
  readonly shape: Shape;
  readonly dtype: DType;
  readonly attributes: Attributes;
  /** Its name in equations, for messages and `explain`. */
  readonly name?: string;
}

let nextId = 0;

/** Makes a node. Op files call this after checking shapes; compiler passes call it for operations that only they make. */
export function makeNode<Attributes>(
  op: Op<Attributes>,
  inputs: readonly Node[],
  shape: Shape,
  attributes: Attributes,
  options: { dtype?: DType; name?: string } = {},
): Node<Attributes> {
  return {
    id: nextId++,
    op,
    inputs,
    shape: [...shape],
    dtype: options.dtype ?? "float",
    attributes,
    name: options.name,
  };
}

/** The same value with a name, for `explain` and messages. */
export function named<N extends Node>(name: string, node: N): N {
  return { ...node, id: nextId++, name };
}

/** Whether a node was made by the given op; narrows its attributes. */
export function isOp<Attributes>(node: Node, op: Op<Attributes>): node is Node<Attributes> {
  return (node.op as Op<Attributes>) === op;
}

/** The nodes that a node is computed from. */
export function dependencies(node: Node): readonly Node[] {
  const captured = node.op.captures?.(node);
  return captured && captured.length > 0 ? [...node.inputs, ...captured] : node.inputs;
}

/**
 * All nodes that the roots depend on, and the roots, each after its dependencies. `enter` may stop the traversal at a node; `before`
 * replaces `dependencies`.
 */
export function topologicalOrder(
  roots: Iterable<Node>,
  enter: (node: Node) => boolean = () => true,
  before: (node: Node) => readonly Node[] = dependencies,
): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const visit = (root: Node): void => {
    const stack: { node: Node; pending: readonly Node[]; next: number }[] = [];
    const push = (node: Node): void => {
      if (seen.has(node)) return;
      seen.add(node);
      if (enter(node)) stack.push({ node, pending: before(node), next: 0 });
    };
    push(root);
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      if (top.next < top.pending.length) push(top.pending[top.next++]!);
      else order.push(stack.pop()!.node);
    }
  };
  for (const root of roots) visit(root);
  return order;
}

/** The nodes among `roots`' ancestors (and the roots) that depend on one of `sources`; the sources are included. */
export function descendants(sources: Iterable<Node>, roots: Iterable<Node>): Set<Node> {
  const reached = new Set<Node>(sources);
  for (const node of topologicalOrder(roots)) {
    if (dependencies(node).some((dependency) => reached.has(dependency))) reached.add(node);
  }
  return reached;
}

/** The role of a leaf. */
export interface LeafAttributes {
  /** `input`: given at every run. `variable`: stored on the device. `placeholder`: bound by the scan whose body it is in. */
  readonly role: "input" | "variable" | "placeholder";
}

/** Inputs, variables and placeholders. */
export const leafOp: Op<LeafAttributes> = { name: "leaf" };

/** A value given at every run of the program. */
export function input(name: string, shape: Shape, dtype: DType = "float"): Node<LeafAttributes> {
  return makeNode(leafOp, [], checkShape("input", shape), { role: "input" }, { dtype, name });
}

/** A value that the device keeps between runs, such as a weight or an optimizer's slot. Names are unique within a device. */
export function variable(name: string, shape: Shape, dtype: DType = "float"): Node<LeafAttributes> {
  return makeNode(leafOp, [], checkShape("variable", shape), { role: "variable" }, { dtype, name });
}

/** A value that a scan binds at every step. */
export function placeholder(name: string | undefined, shape: Shape, dtype: DType = "float"): Node<LeafAttributes> {
  return makeNode(leafOp, [], shape, { role: "placeholder" }, { dtype, name });
}
