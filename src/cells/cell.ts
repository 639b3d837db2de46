/**
 * The contract of a cell: the weights, the state and the equations of one step of a recurrence. A cell does not depend on time, masks,
 * directions or batches of steps: the recurrent layer runs `step` over the sequence, differentiates it and compiles it.
 */
import type { Node } from "../equations/index.js";
import { aFunction, anObject, checkOption, checkOptions, nameText } from "../options/index.js";
import type { Random } from "../tensor/random.js";
import type { Shape } from "../tensor/shape.js";
import { withCheckedResults } from "./cell-results.js";

/** The sizes that determine the shapes of a cell. */
export interface CellSizes {
  /** Numbers per step of the input. */
  readonly features: number;
  /** Numbers per step of the state. */
  readonly units: number;
}

/** An initializer: by name, or anything that makes values from a shape and a source of randomness. */
export type CellInitializer =
  | string
  | {
      readonly config: { readonly type: string };
      values(shape: Shape, random: Random): Float64Array;
    };

/** One weight of a cell. Its name in files is its key in Keras's spelling: recurrentKernel → recurrent_kernel. */
export interface CellParameter {
  readonly shape: Shape;
  /** The default of the layer's option. */
  readonly initializer: CellInitializer;
}

/**
 * Variational dropout (Gal & Ghahramani 2016): a mask that is drawn once per sequence and is the same at every step. The cell decides where
 * it applies; outside training both functions return their argument. Gates with different `place`s have separate masks if the state is
 * dropped too; if only the input is dropped, they share one mask, as in Keras, and receive the same node.
 */
export interface CellDropout {
  dropInput(x: Node, place?: string): Node;
  dropState(h: Node, place?: string): Node;
}

/** Weights by name, as the step receives them; undefined for a weight that the options leave out. */
export type CellWeights<Parameters> = { readonly [Name in keyof Parameters]: NodeFor<Parameters[Name]> };
/** The node of a weight; possibly undefined if the options may leave it out. */
export type NodeFor<Parameter> = undefined extends Parameter ? Node | undefined : Node;

/** The step's input x and the state before it. */
export type CellInputs<State> = { readonly x: Node } & { readonly [Name in keyof State]: Node };

/** The result of a step: its output, and the state after it. */
export type CellResult<State> = { readonly output: Node } & { readonly [Name in keyof State]: Node };

/** A cell as the recurrent layer sees it. */
export interface Cell<
  Options extends object = object,
  Parameters extends object = Readonly<Record<string, CellParameter | undefined>>,
  State extends object = Readonly<Record<string, Shape>>,
> {
  /** In camelCase: "simpleRNN". */
  readonly name: string;
  /** Options with their defaults. */
  readonly options: Options;
  /** The weights, in the order of files; undefined for a weight that the options leave out. */
  parameters(sizes: CellSizes & Options): Parameters;
  /** Shape of each state, without the batch axis. */
  state(sizes: CellSizes & Options): State;
  /**
   * One step. x is [batch, features], each state [batch, ...]. If the output is one of the states, return the same node for both.
   */
  step(inputs: CellInputs<State>, weights: CellWeights<Parameters>, context: Options & CellDropout): CellResult<State>;
}

/** Any cell, as a parameter type of layers. */
// biome-ignore lint/suspicious/noExplicitAny: each cell has different names of options, weights and states, checked where it is defined
export type AnyCell = Cell<any, any, any>;

/**
 * A cell from its equations. The names of weights, states and options are inferred from left to right, so a misspelt weight in `step`
 * does not compile.
 *
 * @throws ConfigError for an empty name, a part that the definition does not have, and if parameters, state or step is not a function; when
 *   a layer is built with it, for what they return of another kind
 * @example
 * const cell = defineCell({
 *   name: "leaky",
 *   options: { leak: 0.1 },
 *   parameters: ({ features, units }) => ({
 *     kernel: { shape: [features, units], initializer: "glorotUniform" },
 *   }),
 *   state: ({ units }) => ({ h: [units] }),
 *   step: ({ x, h }, { kernel }, { leak }) => {
 *     const next = add(mul(1 - leak, h), mul(leak, tanh(matmul(x, kernel))));
 *     return { output: next, h: next };
 *   },
 * });
 */
/* @__NO_SIDE_EFFECTS__ */ export function defineCell<
  Options extends object,
  Parameters extends object,
  State extends object,
>(
  cell: CellDefinition<Options, Parameters & CellParameters<Parameters>, State & CellState<State>>,
): Cell<Options, Parameters, State> {
  checkOption("defineCell", "cell", cell, anObject);
  checkOption("defineCell", "name", cell.name, nameText);
  const owner = `defineCell ${cell.name}`;
  checkOptions<object>(owner, cell, definitionChecks, ["parameters", "state", "step"] as never[]);
  return withCheckedResults({ options: {}, ...cell } as unknown as AnyCell, `The cell ${cell.name}`);
}

const definitionChecks = {
  name: nameText,
  options: anObject,
  parameters: aFunction,
  state: aFunction,
  step: aFunction,
};

/** A cell whose `options` may be left out if it has none. */
export type CellDefinition<Options extends object, Parameters extends object, State extends object> = Omit<
  Cell<Options, Parameters, State>,
  "options"
> & { readonly options?: Options };

/** The weights of a cell, by name. */
export type CellParameters<Parameters> = { [Name in keyof Parameters]: CellParameter | undefined };
/** The shapes of a cell's state, by name. */
export type CellState<State> = { [Name in keyof State]: Shape };
