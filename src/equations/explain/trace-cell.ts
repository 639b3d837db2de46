/**
 * One step of a cell as a graph, and the graph of its gradients. The sizes are small and all different, so that a size identifies its
 * axis. The derivative is the one that training uses: `gradientsOf`, applied to one step. The gradient that arrives along a state from
 * the next step is a leaf, as in a reverse scan.
 */
import { ConfigError } from "../../errors.js";
import type { Shape } from "../../tensor/shape.js";
import { gradientsOf } from "../differentiate.js";
import { descendants, type Node, placeholder, topologicalOrder } from "../graph.js";

/** The part of a cell that `explain` needs; every cell made with `defineCell` has it. */
export interface ExplainableCell {
  readonly name: string;
  /** Options of the equations, such as the activation. */
  readonly options?: object;
  /** Weights by name; undefined for a weight that the options leave out. */
  parameters(sizes: { readonly features: number; readonly units: number }): {
    readonly [name: string]: { readonly shape: Shape } | undefined;
  };
  /** Shape of each state, without the batch axis. */
  state(sizes: { readonly features: number; readonly units: number }): { readonly [name: string]: Shape };
  /** One step: the output and the states after it. */
  step(
    inputs: { readonly [name: string]: Node },
    weights: { readonly [name: string]: Node | undefined },
    context: object,
  ): { readonly [name: string]: Node };
}

/** The batch size of the traced step. */
export const batch = 13;
/** Sizes that no cell has as the denominator of a constant, so that 1/size is recognised as a mean. */
export const sizes = { features: 11, units: 7 };

/** A state: its value before and after the step, and the gradient that arrives along it from the next step. */
export interface TracedState {
  readonly name: string;
  readonly before: Node;
  readonly after: Node;
  readonly fromNext: Node;
}

export interface TracedCell {
  readonly x: Node;
  readonly parameters: ReadonlyMap<string, Node>;
  readonly states: readonly TracedState[];
  readonly output: Node;
  /** The gradient of the output, from the layers above. */
  readonly outputGradient: Node;
  /** Every value of the step, each after its inputs. */
  readonly forward: readonly Node[];
  /** ∂J/∂value, for each value that J depends on. */
  readonly gradients: ReadonlyMap<Node, Node>;
}

/**
 * Traces a cell's step and differentiates it.
 *
 * @throws ConfigError if the step does not return its output or a state
 */
export function traceCell(cell: ExplainableCell, options: object = {}): TracedCell {
  const settings = { ...cell.options, ...options };
  const given = { ...sizes, ...settings };
  const keep = (node: Node): Node => node;
  const x = placeholder("x", [batch, sizes.features]);
  const parameters = new Map(
    Object.entries(cell.parameters(given)).flatMap(([name, parameter]): [string, Node][] =>
      parameter ? [[name, placeholder(name, parameter.shape)]] : [],
    ),
  );
  const before = Object.entries(cell.state(given)).map(([name, shape]): [string, Node] => [
    name,
    placeholder(name, [batch, ...shape]),
  ]);
  const result = cell.step({ x, ...Object.fromEntries(before) }, Object.fromEntries(parameters), {
    ...settings,
    dropInput: keep,
    dropState: keep,
  });
  const take = (name: string): Node => {
    const node = result[name];
    if (!node) {
      throw new ConfigError(
        `explain: the step of "${cell.name}" returned no "${name}"; return the output and every state.`,
      );
    }
    return node;
  };
  const output = take("output");
  const states = before.map(([name, node]) => ({
    name,
    before: node,
    after: take(name),
    fromNext: placeholder(undefined, node.shape),
  }));
  const roots = [output, ...states.map(({ after }) => after)];
  const outputGradient = placeholder(undefined, output.shape);
  const sources = [x, ...parameters.values(), ...before.map(([, node]) => node)];
  // The order in which the cell's author wrote them.
  const forward = topologicalOrder(roots).sort((a, b) => a.id - b.id);
  const wanted = [...descendants(sources, roots)];
  const gradients = gradientsOf(roots, [outputGradient, ...states.map(({ fromNext }) => fromNext)], wanted);
  return { x, parameters, states, output, outputGradient, forward, gradients };
}
