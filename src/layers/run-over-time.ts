/** Scan of one cell over one sequence, with masks. */
import type { AnyCell, CellParameter, CellSizes } from "../cells/index.js";
import { checkNode, type Node, placeholder, scan, type Truncation, where, zeros } from "../equations/index.js";
import { ShapeError } from "../errors.js";
import { formatShape, isWhole, type Shape, sameShape } from "../tensor/shape.js";
import { maskForRank } from "./mask.js";

type Nodes = Record<string, Node>;

/** The output of a cell: its shape without the batch axis, and the name of the state that it equals, if any. */
export interface CellOutput {
  readonly shape: Shape;
  readonly state?: string;
}

/** Traces one step to find the output's shape; a step whose shapes do not fit fails here. @param sizes of the cell, and its options */
export function cellOutput(cell: AnyCell, sizes: CellSizes): CellOutput {
  const states = bind(cell.state(sizes), (shape: Shape, name) => {
    if (isWhole(shape)) return placeholder(name, [1, ...shape]);
    throw new ShapeError(
      `The cell ${cell.name}: its state "${name}" would have the shape ${formatShape(shape)} for such an input; sizes are whole numbers.`,
    );
  });
  const weights = bind(
    cell.parameters(sizes),
    (parameter?: CellParameter) => parameter && placeholder(undefined, parameter.shape),
  );
  const same = (x: Node) => x;
  const context = { ...sizes, dropInput: same, dropState: same };
  const result: Nodes = cell.step({ x: placeholder("x", [1, sizes.features]), ...states }, weights, context);
  const output = checkNode(`The cell ${cell.name}: for its output, step`, result?.output);
  for (const name of Object.keys(states))
    checkNode(`The cell ${cell.name}: for the state "${name}", step`, result[name]);
  return { shape: output.shape.slice(1), state: Object.keys(states).find((name) => result[name] === output) };
}

function bind<Value, Result>(record: Record<string, Value>, make: (value: Value, name: string) => Result) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, make(value, name)]));
}

/** Arguments of `runOverTime`. */
export interface OverTime {
  /** [T, B, F] */
  readonly x: Node;
  /** [T, B] */
  readonly mask?: Node;
  /** State before the first step, each [B, ...]. */
  readonly initial: Nodes;
  readonly output: CellOutput;
  /** From x(t) and the state before it to `output` and the state after it. */
  readonly step: (inputs: Nodes & { x: Node }) => Nodes;
  readonly reverse: boolean;
  readonly truncation?: Truncation;
  readonly returnSequences: boolean;
  /** Whether a sequence holds 0 at padding instead of the output before. */
  readonly zeroOutputForMask: boolean;
}

/**
 * Runs the step over the sequence. Where the mask is 0, states stay unchanged and the output is the output before; before any valid step
 * the output is the first state, if it has the output's shape, else 0.
 *
 * @returns the output, [T, B, ...] indexed by time or [B, ...] after the last step, and the state after the last step
 */
export function runOverTime(options: OverTime): { output: Node; state: Nodes } {
  const { x, mask, initial, output, step, reverse, truncation, returnSequences, zeroOutputForMask } = options;
  const remembersOutput = output.state === undefined && (mask !== undefined || !returnSequences);
  const emittedState = output.state ?? "emitted";
  const sequences: Nodes = mask ? { x, mask } : { x };
  const { outputs, state } = scan<Nodes, Nodes, Nodes>({
    sequences,
    initial: remembersOutput
      ? { ...initial, [emittedState]: firstEmitted(x.shape[1]!, output.shape, initial) }
      : initial,
    reverse,
    truncation,
    step: ({ x, mask }, before): { state: Nodes; outputs: Nodes } => {
      const { output: emitted, ...after } = step({ x: x!, ...before }) as Nodes & { output: Node };
      const kept = (now: Node, old: Node) => (mask ? where(maskForRank(mask, now.shape.length), now, old) : now);
      const next = Object.fromEntries(Object.keys(initial).map((name) => [name, kept(after[name]!, before[name]!)]));
      if (remembersOutput) next[emittedState] = kept(emitted, before[emittedState]!);
      if (!returnSequences) return { state: next, outputs: {} };
      const shown = zeroOutputForMask && mask ? where(maskForRank(mask, emitted.shape.length), emitted, 0) : undefined;
      return { state: next, outputs: { output: shown ?? next[emittedState] ?? emitted } };
    },
  });
  const { [emittedState]: lastEmitted, ...rest } = state;
  return {
    output: returnSequences ? outputs.output! : lastEmitted!,
    state: output.state === undefined ? rest : state,
  };
}

function firstEmitted(batch: number, shape: Shape, initial: Nodes): Node {
  const first = Object.values(initial)[0]!;
  return sameShape(first.shape, [batch, ...shape]) ? first : zeros([batch, ...shape]);
}
