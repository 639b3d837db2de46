/** Adjoints of reverse-mode differentiation: the rule of one node applied, and the gradients that meet at a node added up. */
import { ConfigError } from "../errors.js";
import { isOp, type Node } from "./graph.js";
import {
  add,
  concat,
  type GatherAttributes,
  type PadAttributes,
  padOp,
  reshape,
  reshapeOp,
  scatterAdd,
  scatterAddOp,
} from "./ops/index.js";

/** Applies a node's derivative rule; yields the inputs that receive a gradient. `value` returns a forward value when the rule asks for it. */
export function* derivatives(
  node: Node,
  dy: Node,
  needed: ReadonlySet<Node>,
  value: (node: Node) => Node,
): Iterable<[number, Node]> {
  if (node.inputs.length === 0) return;
  const wants = (i: number) => needed.has(node.inputs[i]!);
  if (!node.inputs.some((_, i) => wants(i))) return;
  if (!node.op.derivative) {
    throw new ConfigError(
      `differentiate: the operation "${node.op.name}" has no derivative, but the loss depends on a weight through it.`,
    );
  }
  const rule = node.op.derivative({ node, dy, wants, input: (i) => value(node.inputs[i]!), output: () => value(node) });
  for (const [i, gradient] of rule.entries()) if (gradient && wants(i)) yield [i, gradient];
}

/** The gradients of nodes, collected from all consumers. */
export class Adjoints {
  readonly #contributions = new Map<Node, Node[]>();

  add(node: Node, gradient: Node): void {
    const list = this.#contributions.get(node);
    if (list) list.push(gradient);
    else this.#contributions.set(node, [gradient]);
  }

  /** The contributions, not added up. */
  of(node: Node): readonly Node[] {
    return this.#contributions.get(node) ?? [];
  }

  /** The sum of the contributions; undefined without any. */
  total(node: Node): Node | undefined {
    const list = this.#contributions.get(node);
    if (!list) return undefined;
    if (list.length > 1) list.splice(0, list.length, concatOfPads(list) ?? scatteredOnto(list) ?? add(...list));
    return list[0];
  }
}

/** A sparse gradient (of the numbers that a loss picked) is added at its positions, without a table of zeros in between. */
function scatteredOnto(gradients: readonly Node[]): Node | undefined {
  const scattered = gradients.find((node) => isOp(behindReshape(node), scatterAddOp));
  if (!scattered) return undefined;
  const { inputs, shape, attributes } = behindReshape(scattered) as Node<GatherAttributes>;
  const [ids, source, base] = inputs as [Node, Node, Node?];
  const others = gradients.filter((node) => node !== scattered).map((node) => reshape(node, shape));
  const onto = base ? add(base, ...others) : others.length > 1 ? add(...others) : others[0]!;
  return reshape(scatterAdd(ids, source, shape, attributes.perRow, onto), scattered.shape);
}

function behindReshape(node: Node): Node {
  return isOp(node, reshapeOp) ? node.inputs[0]! : node;
}

/** Gradients of slices that tile an axis are concatenated, not padded and summed (the gates of an LSTM). */
function concatOfPads(gradients: readonly Node[]): Node | undefined {
  if (!gradients.every((node) => isOp(node, padOp))) return undefined;
  const parts = (gradients as Node<PadAttributes>[]).toSorted((a, b) => a.attributes.before - b.attributes.before);
  const { axis } = parts[0]!.attributes;
  let end = 0;
  for (const { attributes, inputs } of parts) {
    if (attributes.axis !== axis || attributes.before !== end) return undefined;
    end += inputs[0]!.shape[axis]!;
  }
  return end === parts[0]!.shape[axis]
    ? concat(
        parts.map(({ inputs }) => inputs[0]!),
        axis,
      )
    : undefined;
}
