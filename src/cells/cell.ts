/**
 * The contract of a cell: which weights one step of a recurrence has, which state it carries, and its equations. A cell knows nothing of
 * time, masks, directions or batches of steps: write `step`, and the recurrent layer runs it over the sequence, differentiates it and
 * compiles it.
 */
import type { Node } from "../equations/index.js";
import { aFunction, anObject, checkOption, nameText } from "../options/index.js";
import type { Random } from "../tensor/random.js";
import type { Shape } from "../tensor/shape.js";

/** What the shapes of a cell follow from. */
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
  /** Used unless the layer is told otherwise. */
  readonly initializer: CellInitializer;
}

/**
 * Variational dropout (Gal & Ghahramani 2016): noise that is drawn once per sequence and is the same at every step. A cell says where it
 * acts; outside training both return their argument. Gates that name different `place`s get noise of their own, as long as the state is
 * dropped too; if only the input is, they share it, as in Keras, and are given the same node.
 */
export interface CellDropout {
  dropInput(x: Node, place?: string): Node;
  dropState(h: Node, place?: string): Node;
}

/** Weights by name, as the step receives them; one that the options leave out is undefined. */
export type CellWeights<Parameters> = { readonly [Name in keyof Parameters]: NodeFor<Parameters[Name]> };
/** The node of a weight; undefined where the options may leave it out. */
export type NodeFor<Parameter> = undefined extends Parameter ? Node | undefined : Node;

/** The step's input x and the state before it. */
export type CellInputs<State> = { readonly x: Node } & { readonly [Name in keyof State]: Node };

/** What leaves a step: its output, and the state after it. */
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
  /** The weights, in the order files keep them; undefined for one that the options leave out. */
  parameters(sizes: CellSizes & Options): Parameters;
  /** Shape of each state, without the batch axis. */
  state(sizes: CellSizes & Options): State;
  /**
   * One step. x is [batch, features], each state [batch, ...]. Where the output is one of the states, return the same node for both.
   */
  step(inputs: CellInputs<State>, weights: CellWeights<Parameters>, context: Options & CellDropout): CellResult<State>;
}

/** A cell of any kind: what a layer that takes one asks for. */
// biome-ignore lint/suspicious/noExplicitAny: each cell has option, weight and state names of its own, checked where it is defined
export type AnyCell = Cell<any, any, any>;

/**
 * A cell from its equations. The names of weights, states and options are inferred from left to right, so a misspelt weight in `step`
 * does not compile.
 *
 * @throws ConfigError for a name that is empty, and for parameters, state or step that are no functions
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
  if (cell.options !== undefined) checkOption(owner, "options", cell.options, anObject);
  for (const name of ["parameters", "state", "step"] as const) checkOption(owner, name, cell[name], aFunction);
  return { options: {}, ...cell } as unknown as Cell<Options, Parameters, State>;
}

/** A cell whose `options` may be left out if it has none. */
export type CellDefinition<Options extends object, Parameters extends object, State extends object> = Omit<
  Cell<Options, Parameters, State>,
  "options"
> & { readonly options?: Options };

/** The weights of a cell, by name. */
export type CellParameters<Parameters> = { [Name in keyof Parameters]: CellParameter | undefined };
/** The shapes of a cell's state, by name. */
export type CellState<State> = { [Name in keyof State]: Shape };
