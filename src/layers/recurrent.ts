/**
 * Recurrent layers: one implementation runs any cell over time, with direction, initial states, masks, dropout, truncated
 * back-propagation and the choice of outputs. Sequences are time-major inside.
 *
 * Masks follow Keras's rule: at a padded step the state stays unchanged and the output is the output before. So the last output is that of
 * the last valid step, whichever side is padded.
 */
import type { AnyCell, CellDropout, CellParameter } from "../cells/index.js";
import { mul, type Node, reverse, type Truncation } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { type Initializer, type InitializerLike, resolveInitializer } from "../initializers/index.js";
import { anything, checkOption, checkWindow, count, flag, type OptionChecks, share } from "../options/index.js";
import type { PartialShape, Shape } from "../tensor/shape.js";
import { defineLayer } from "./define-layer.js";
import { describeLayer, knownAxis } from "./describe-layer.js";
import { dropoutNoise } from "./dropout-noise.js";
import { checkInitialInputs, initialInputs } from "./initial-inputs.js";
import { type InitialState, initialStateRule, mapShapes } from "./initial-state.js";
import {
  type CallContext,
  type Layer,
  type LayerOptions,
  type ParameterSpec,
  type Signal,
  timeMajor,
} from "./layer.js";
import { noTimeAxis } from "./no-time-axis.js";
import { layerOptions } from "./option-checks.js";
import { cellOutput, runOverTime } from "./run-over-time.js";
import type { WeightRules } from "./weight-rules.js";

/** Options of every recurrent layer. */
export interface RecurrentOptions extends LayerOptions {
  /** Return the output at every step, [batch, time, units], instead of the last, [batch, units]. Default false. */
  readonly returnSequences?: boolean;
  /** Return the last state as further outputs, one per state, [batch, units]. Default false. */
  readonly returnState?: boolean;
  /** Read the sequence from its end; with returnSequences the first row then belongs to the last step. Default false. */
  readonly goBackwards?: boolean;
  /** With returnSequences: 0 at padding instead of the output before. Default false. */
  readonly zeroOutputForMask?: boolean;
  /** Fraction of the input's numbers that is dropped while training, the same ones at every step. Default 0. */
  readonly dropout?: number;
  /** Fraction of the state's numbers that is dropped in front of products. Default 0. */
  readonly recurrentDropout?: number;
  /** Truncates back-propagation through time. Default: no truncation. */
  readonly truncation?: Truncation;
  /**
   * Whether the last state of a batch is the first of the next, row by row, in fit, evaluate and predict alike; the batch size must stay.
   * `resetStates` of the model starts fresh. Default false.
   */
  readonly stateful?: boolean;
  /** The state before the first step; default "zeros". Further input signals, one per state, replace it. */
  readonly initialState?: InitialState;
}

/** Checks of `RecurrentOptions`. */
export const recurrentOptions: OptionChecks<RecurrentOptions> = {
  ...layerOptions,
  returnSequences: flag,
  returnState: flag,
  goBackwards: flag,
  zeroOutputForMask: flag,
  dropout: share,
  recurrentDropout: share,
  truncation: anything,
  stateful: flag,
  initialState: anything,
};

/** The parts in which recurrent layers differ. */
export interface RecurrentForm {
  /** Keras's class name. */
  readonly type: string;
  readonly cell: AnyCell;
  readonly units: number;
  /** The cell's options, complete. */
  readonly cellOptions: object;
  /** Initializers that replace those of the cell, by parameter. */
  readonly initializers?: Readonly<Record<string, InitializerLike | undefined>>;
  /** Regularizers and constraints, by parameter. */
  readonly rules?: Readonly<Record<string, WeightRules | undefined>>;
  /** Further entries of the config. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** A layer that reads a sequence step by step. */
export interface RecurrentLayer extends Layer {
  /** Of its states, in the order in which they are given and returned. */
  readonly stateNames: readonly string[];
  /** Shapes of its states, without the batch axis, for inputs of such a shape, batch-first. */
  statesFor(inputShape: PartialShape): Readonly<Record<string, Shape>>;
  /** The same layer with other options. */
  with(changes: RecurrentOptions): RecurrentLayer;
}

/** True for a recurrent layer; false for a wrapper around one. */
export function isRecurrent(layer: Layer): layer is RecurrentLayer {
  return "statesFor" in layer;
}

/** The options of a recurrent layer, complete. */
function recurrentSettings(type: string, options: RecurrentOptions) {
  return {
    returnSequences: options.returnSequences ?? false,
    returnState: options.returnState ?? false,
    goBackwards: options.goBackwards ?? false,
    zeroOutputForMask: options.zeroOutputForMask ?? false,
    dropout: options.dropout ?? 0,
    recurrentDropout: options.recurrentDropout ?? 0,
    // Left out of the config when false.
    stateful: options.stateful || undefined,
    truncation: options.truncation === undefined ? undefined : checkWindow(`${type}: truncation`, options.truncation),
  };
}

/** A layer that runs a cell over time; see the layers made of it, such as `simpleRNN`. */
export function recurrent(form: RecurrentForm, options: RecurrentOptions): RecurrentLayer {
  const { type, cell, units, cellOptions } = form;
  checkOption(type, "units", units, count);
  const settings = recurrentSettings(type, options);
  const { returnSequences, returnState, goBackwards, stateful } = settings;
  const initial = initialStateRule(type, options.initialState);
  const sizes = (features: number) => ({ ...cellOptions, features, units });
  const statesFor = (features: number): Readonly<Record<string, Shape>> => cell.state(sizes(features));
  const emitted = oncePerNumber((features) => cellOutput(cell, sizes(features)));

  const layer = defineLayer(type, options, {
    config: { ...form.config, ...settings, initialState: initial.config },
    masking: !returnSequences ? "consumes" : goBackwards ? "makes" : "passes",
    parameters(inputShape, ...given) {
      if (inputShape.length !== 3) throw noTimeAxis(this, inputShape);
      const features = knownAxis(this, inputShape, -1, "features");
      const states = statesFor(features);
      checkInitialInputs(this, given, Object.entries(states));
      return [...weightSpecs(form, cell.parameters(sizes(features))), ...initial.parameters(states)];
    },
    outputShapes(inputShape) {
      const [batch, time] = inputShape;
      const features = knownAxis(this, inputShape, -1, "features");
      const output = [batch!, ...(returnSequences ? [time!] : []), ...emitted(features).shape];
      return [output, ...(returnState ? Object.values(statesFor(features)).map((state) => [batch!, ...state]) : [])];
    },
    call([signal, ...given], context) {
      const x = timeMajor(signal);
      const [, batch, features] = x.shape as [number, number, number];
      const states = statesFor(features);
      const keys = present(cell.parameters(sizes(features))).map(([key]) => key);
      const weights = Object.fromEntries(keys.map((key) => [key, context.parameter(kerasName(key))]));
      const carry = given.length === 0 && (stateful || context.carry?.every) ? context.carry : undefined;
      if (carry && goBackwards) throw cannotCarryStates(this);
      const firstStates = given.length > 0 ? initialInputs(given, states) : initial.nodes(states, batch, context);
      const noise = dropoutOf(settings.dropout, settings.recurrentDropout, context);
      const run = runOverTime({
        x,
        mask: signal.mask,
        initial: mapShapes(states, (shape, name) => carry?.before(name, [batch, ...shape]) ?? firstStates[name]!),
        reverse: goBackwards,
        truncation: settings.truncation ?? context.truncation,
        zeroOutputForMask: settings.zeroOutputForMask,
        output: emitted(features),
        step: (inputs) => cell.step(inputs, weights, { ...cellOptions, ...noise }),
        returnSequences,
      });
      if (carry) for (const name of Object.keys(states)) carry.after(name, run.state[name]!);
      const last = returnState ? Object.values(run.state) : [];
      return [outputSignal(run.output, signal.mask, settings), ...last.map((node) => ({ node, timeMajor: false }))];
    },
  });
  return Object.assign(layer, {
    stateNames: Object.keys(statesFor(1)),
    statesFor: (inputShape: PartialShape) => statesFor(inputShape.at(-1)!),
    with(this: Layer, changes: RecurrentOptions) {
      return recurrent(form, { ...options, name: this.name, trainable: this.trainable, ...changes });
    },
  });
}

/** The output of a run; that of every step stands in the order in which the steps were read. */
function outputSignal(
  output: Node,
  mask: Node | undefined,
  { returnSequences, goBackwards }: Required<Pick<RecurrentOptions, "returnSequences" | "goBackwards">>,
): Signal {
  if (!returnSequences) return { node: output, timeMajor: false };
  const ordered = (node: Node) => (goBackwards ? reverse(node, 0) : node);
  return { node: ordered(output), timeMajor: true, mask: mask && ordered(mask) };
}

/** The weights of a cell, named as Keras names them. */
function weightSpecs(
  { cell, initializers, rules }: RecurrentForm,
  parameters: Readonly<Record<string, CellParameter | undefined>>,
): ParameterSpec[] {
  return present(parameters).map(([key, { shape, initializer }]) => ({
    name: kerasName(key),
    shape,
    initializer: resolveInitializer(
      initializers?.[key] ?? (initializer as string | Initializer),
      `The weight "${key}" of the cell ${cell.name}`,
    ),
    ...rules?.[key],
  }));
}

/** A function that computes its value once for each number. */
function oncePerNumber<Value>(compute: (of: number) => Value): (of: number) => Value {
  const known = new Map<number, Value>();
  return (of) => {
    const value = known.get(of) ?? compute(of);
    known.set(of, value);
    return value;
  };
}

/** The error for a layer whose state cannot be carried. */
export function cannotCarryStates(layer: Layer): ConfigError {
  return new ConfigError(
    `${describeLayer(layer)} reads from the end, so its state after one part of a sequence is not the state before the next: it cannot be ` +
      "carried from run to run. Give it whole sequences, or use layers that read forward.",
  );
}

/** Noise, drawn once per call and position; without dropout of the state, a value has the same noise wherever it is read. */
function dropoutOf(input: number, state: number, context: CallContext): CellDropout {
  const dropper = (rate: number) => {
    const noise = new Map<string, Node>();
    const dropped = new Map<string, Node>();
    return (x: Node, where = "") => {
      if (!context.training || rate === 0) return x;
      const position = state === 0 ? `${x.id}` : where;
      const key = `${x.id} ${position}`;
      if (!noise.has(position)) noise.set(position, dropoutNoise(x.shape, rate, context));
      if (!dropped.has(key)) dropped.set(key, mul(x, noise.get(position)!));
      return dropped.get(key)!;
    };
  };
  return { dropInput: dropper(input), dropState: dropper(state) };
}

function present(parameters: Readonly<Record<string, CellParameter | undefined>>): [string, CellParameter][] {
  return Object.entries(parameters).filter((entry): entry is [string, CellParameter] => entry[1] !== undefined);
}

/** recurrentKernel → recurrent_kernel */
function kerasName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
