/** Initial states of recurrences. */
import { broadcastTo, constant, type Node, zeros as zeroNode } from "../equations/index.js";
import { ConfigError, DataError, ShapeError } from "../errors.js";
import { randomNormal, zeros } from "../initializers/index.js";
import { anything, checkOptions, integer, notNegative, type OptionChecks } from "../options/index.js";
import { Random } from "../tensor/random.js";
import { formatShape, type Shape, sameShape } from "../tensor/shape.js";
import { isRecord, type NestedArray, type Tensor, type TensorLike, toNested, toTensor } from "../tensor/tensor.js";
import type { CallContext, ParameterSpec } from "./layer.js";

/** Numbers drawn once from a normal distribution, the same for every example and every run. */
export interface RandomInitialState {
  readonly type: "random";
  /** Default 0.05. */
  readonly stddev?: number;
  /** Default 0. */
  readonly seed?: number;
}

/**
 * The state before the first step. "zeros"; "random", drawn once by a seed; "learned", a trainable parameter per state; or given numbers
 * [units] or [batch, units], for a cell with several states by their names: `{ h: …, c: … }`. All except [batch, units] are the same for
 * every example.
 */
export type InitialState =
  | "zeros"
  | "random"
  | "learned"
  | RandomInitialState
  | TensorLike
  | Readonly<Record<string, TensorLike>>;

/** A resolved initial state; `config` is plain data. */
export interface InitialStateRule {
  readonly config: string | RandomInitialState | NestedArray | Readonly<Record<string, NestedArray>>;
  /** Its trainable parameters. @param shapes of each state, without the batch axis */
  parameters(shapes: Readonly<Record<string, Shape>>): readonly ParameterSpec[];
  /** Each state before the first step, [batch, ...]. */
  nodes(shapes: Readonly<Record<string, Shape>>, batch: number, context: CallContext): Record<string, Node>;
}

const randomStateOptions: OptionChecks<RandomInitialState> = { type: anything, stddev: notNegative, seed: integer };

/** Resolves the option. @param layer the layer's name in messages */
export function initialStateRule(layer: string, given: InitialState = "zeros"): InitialStateRule {
  if (given === "zeros") return everywhere("zeros", () => zeroNode);
  if (given === "random") return initialStateRule(layer, { type: "random" });
  if (given === "learned") return learned;
  if (typeof given === "string") {
    throw new ConfigError(
      `${layer}: unknown initialState "${given}". Use "zeros", "random", "learned", { type: "random", stddev, seed } or numbers.`,
    );
  }
  if (isRandom(given)) {
    checkOptions(`${layer}: initialState`, given, randomStateOptions);
    const { stddev = 0.05, seed = 0 } = given;
    const normal = randomNormal({ stddev });
    return everywhere({ type: "random", stddev, seed }, () => {
      const random = new Random(seed);
      return (shape) => constant([...normal.values(shape, random)], shape);
    });
  }
  return givenNumbers(layer, given as TensorLike | Record<string, TensorLike>);
}

/** The same for every example; `start` is called once for each trace. */
function everywhere(config: InitialStateRule["config"], start: () => (shape: Shape) => Node): InitialStateRule {
  return {
    config,
    parameters: () => [],
    nodes(shapes, batch) {
      const make = start();
      return mapShapes(shapes, (shape) => broadcastTo(make(shape), [batch, ...shape]));
    },
  };
}

const learned: InitialStateRule = {
  config: "learned",
  parameters: (shapes) =>
    Object.entries(shapes).map(([state, shape]) => ({ name: learnedName(state), shape, initializer: zeros() })),
  nodes: (shapes, batch, { parameter }) =>
    mapShapes(shapes, (shape, state) => broadcastTo(parameter(learnedName(state)), [batch, ...shape])),
};

const learnedName = (state: string) => `initial_${state}`;

function isRandom(given: unknown): given is RandomInitialState {
  return isRecord(given) && given.type === "random";
}

function givenNumbers(layer: string, given: TensorLike | Record<string, TensorLike>): InitialStateRule {
  const name = `${layer}: initialState`;
  const byName = isRecord(given)
    ? new Map(Object.entries(given).map(([state, value]) => [state, numbers(`${name}.${state}`, value as TensorLike)]))
    : undefined;
  const single = byName ? undefined : numbers(name, given as TensorLike);
  const numbersOf = (state: string, states: readonly string[]) => {
    const numbers = byName?.get(state) ?? (states.length === 1 ? single : undefined);
    if (numbers) return numbers;
    throw new ConfigError(
      `${layer}: initialState gives no numbers for the state "${state}"; give { ${states.map((name) => `${name}: …`).join(", ")} }.`,
    );
  };
  return {
    config: single
      ? toNested(single)
      : Object.fromEntries([...byName!].map(([name, tensor]) => [name, toNested(tensor)])),
    parameters: () => [],
    nodes: (shapes, batch) =>
      mapShapes(shapes, (shape, state) => {
        const { data, shape: received } = numbersOf(state, Object.keys(shapes));
        if (!sameShape(received, shape) && !sameShape(received, [batch, ...shape])) {
          throw new ShapeError(
            `${layer}: initialState "${state}" must be ${formatShape(shape)} or ${formatShape([batch, ...shape])}, received ${formatShape(received)}.`,
          );
        }
        return broadcastTo(constant([...data], received), [batch, ...shape]);
      }),
  };
}

function numbers(name: string, given: TensorLike): Tensor {
  const tensor = toTensor(given, name);
  const wrong = tensor.data.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return tensor;
  throw new DataError(`${name}: number ${wrong} is ${tensor.data[wrong]}; expected finite numbers.`);
}

/** The results of a function for each state, by name. */
export function mapShapes(
  shapes: Readonly<Record<string, Shape>>,
  make: (shape: Shape, state: string) => Node,
): Record<string, Node> {
  return Object.fromEntries(Object.entries(shapes).map(([state, shape]) => [state, make(shape, state)]));
}
