/** Common options of Keras's recurrent layers: the activation of the state, the bias, and three initializers. */
import { type ActivationLike, activationConfig, resolveActivation } from "../activations/index.js";
import type { AnyCell } from "../cells/index.js";
import { type Initializer, type InitializerLike, resolveInitializer } from "../initializers/index.js";
import { flag, type OptionChecks } from "../options/index.js";
import type { Layer } from "./layer.js";
import { activationLike, initializerLike, ruleOptions } from "./option-checks.js";
import { type RecurrentOptions, recurrent, recurrentOptions } from "./recurrent.js";
import { type RuledWeight, weightRules } from "./weight-rules.js";

/** Options of `simpleRNN`, `lstm` and `gru`. */
export interface KerasRecurrentOptions
  extends RecurrentOptions,
    RuledWeight<"kernel">,
    RuledWeight<"recurrent">,
    RuledWeight<"bias"> {
  /** Default "tanh". */
  readonly activation?: ActivationLike;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorotUniform". */
  readonly kernelInitializer?: InitializerLike;
  /** Default "orthogonal". */
  readonly recurrentInitializer?: InitializerLike;
  /** Default "zeros". */
  readonly biasInitializer?: InitializerLike;
}

/** Checks of `KerasRecurrentOptions`. */
export const kerasRecurrentOptions: OptionChecks<KerasRecurrentOptions> = {
  ...recurrentOptions,
  ...ruleOptions("kernel", "recurrent", "bias"),
  activation: activationLike,
  useBias: flag,
  kernelInitializer: initializerLike,
  recurrentInitializer: initializerLike,
  biasInitializer: initializerLike,
};

/** The parts in which these layers differ. */
export interface KerasRecurrentForm {
  /** Keras's class name. */
  readonly type: string;
  readonly cell: AnyCell;
  readonly units: number;
  /** Options of this cell only, as its equations take them. */
  readonly cellOptions?: object;
  /** The same options, as plain data. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Changes the bias's initializer. */
  readonly biasInitializer?: (given: Initializer) => Initializer;
}

/** A recurrent layer with one of Keras's cells. */
export function kerasRecurrent(form: KerasRecurrentForm, options: KerasRecurrentOptions): Layer {
  const { type, cell, units, biasInitializer = (given) => given } = form;
  const { useBias = true, activation = "tanh" } = options;
  const f = resolveActivation(activation);
  const kernel = resolveInitializer(options.kernelInitializer ?? "glorotUniform");
  const recurrentKernel = resolveInitializer(options.recurrentInitializer ?? "orthogonal");
  const bias = resolveInitializer(options.biasInitializer ?? "zeros");
  const { of: ruled, config: rulesConfig } = weightRules(options, ["kernel", "recurrent", "bias"]);
  const config = {
    units,
    activation: activationConfig(f),
    ...form.config,
    useBias,
    kernelInitializer: kernel.config,
    recurrentInitializer: recurrentKernel.config,
    biasInitializer: bias.config,
    ...rulesConfig,
  };
  const cellOptions = { ...form.cellOptions, activation: f, useBias };
  const initializers = { kernel, recurrentKernel, bias: biasInitializer(bias) };
  const rules = { kernel: ruled.kernel, recurrentKernel: ruled.recurrent, bias: ruled.bias };
  return recurrent({ type, cell, units, cellOptions, initializers, rules, config }, options);
}
