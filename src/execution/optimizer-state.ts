/** Optimizer state, for files and for resuming training. */

import { StateError } from "../errors.js";
import type { Optimizer } from "../optimizers/index.js";
import { formatValue } from "../options/index.js";
import { expectParts, notText } from "../tensor/expect-text.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkMemory } from "./memory-need.js";
import { type Network, trainedOf } from "./network.js";
import type { Parameter } from "./network-weights.js";
import { iterationName, slotName } from "./optimizer-names.js";
import { isSeen, seenInSlots } from "./sparse-gradients.js";
import type { Variables } from "./variables.js";
import { checkVariable } from "./write-snapshot.js";

/** The numbers that an optimizer keeps between steps. */
export interface OptimizerState {
  /** Steps taken so far. */
  readonly iteration: number;
  /** In the order Keras keeps them. */
  readonly slots: readonly { readonly name: string; readonly values: Tensor }[];
}

/** Makes the optimizer's slots, before the first training step. */
export function createSlots(optimizer: Optimizer, network: Network, variables: Variables): void {
  if (variables.has(iterationName(optimizer))) return;
  const slots = trainedOf(network).flatMap((parameter) =>
    optimizer.slots.map(({ name, initial }) => ({
      name: slotName(optimizer, parameter, name),
      shape: parameter.shape,
      initial,
    })),
  );
  const missing = slots.filter(({ name }) => !variables.has(name));
  const hint =
    "Use an optimizer that remembers less, such as sgd(), a smaller model, or freeze its largest layers (trainable: false).";
  checkMemory(`fit: the numbers that ${optimizer.name} keeps for the weights`, missing, variables, hint);
  variables.create(iterationName(optimizer), [], [0]);
  for (const { name, shape, initial } of missing) variables.create(name, shape, (into) => void into.fill(initial));
}

/** Names of all variables besides the weights: the optimizer's slots, and carried states. */
function namesBesideWeights(network: Network | undefined, variables: Variables): string[] {
  const weights = new Set(network?.parameters.map(({ id }) => id));
  return variables.names().filter((name) => !weights.has(name));
}

/** Removes all but the weights. Programs that were loaded before must not run again. */
export function removeBesideWeights(network: Network | undefined, variables: Variables): void {
  for (const name of namesBesideWeights(network, variables)) variables.remove(name);
}

/** Sets all but the weights to their values before the first step, in place, for the programs that use them. */
export function forgetSteps(optimizer: Optimizer, network: Network | undefined, variables: Variables): void {
  for (const name of namesBesideWeights(network, variables)) {
    const slot = optimizer.slots.find((candidate) => name.endsWith(`/${candidate.name}`));
    variables.write(name, new Float64Array(sizeOf(variables.shape(name))).fill(slot?.initial ?? 0));
  }
}

/** The optimizer's state; undefined before the first training step. */
export function readOptimizerState(
  optimizer: Optimizer,
  network: Network,
  variables: Variables,
): OptimizerState | undefined {
  if (!variables.has(iterationName(optimizer))) return undefined;
  const slots = slotNames(optimizer, network).map((name) => ({
    name,
    values: { data: variables.read(name), shape: variables.shape(name) },
  }));
  return { iteration: variables.read(iterationName(optimizer))[0]!, slots };
}

/** Replaces the optimizer's state. @throws StateError for the state of another optimizer or model; nothing is written then */
export function writeOptimizerState(
  state: OptimizerState,
  optimizer: Optimizer,
  network: Network,
  variables: Variables,
): void {
  const expected = slotNames(optimizer, network);
  expectParts("setOptimizerState: state", state, ["iteration", "slots"]);
  if (!Array.isArray(state.slots)) throw notText("setOptimizerState: slots", state.slots, "a list of { name, values }");
  for (const [i, slot] of state.slots.entries())
    expectParts(`setOptimizerState: slots[${i}]`, slot, ["name", "values"]);
  const received = state.slots.map(({ name }) => name);
  if (expected.join() !== received.join()) {
    throw new StateError(
      `setOptimizerState: expected the slots ${expected.join(", ") || "none"}, received ${received.join(", ") || "none"}.`,
    );
  }
  if (!Number.isFinite(state.iteration) || state.iteration < 0) {
    throw new StateError(
      `setOptimizerState: the iteration must be a number of steps, received ${formatValue(state.iteration)}.`,
    );
  }
  const shapes = slotShapes(optimizer, network);
  for (const { name, values } of state.slots) checkVariable(name, values, shapes.get(name)!);
  const put = (name: string, { data, shape }: Tensor) => {
    if (variables.has(name)) variables.write(name, data);
    else variables.create(name, shape, data);
  };
  put(iterationName(optimizer), { data: Float64Array.of(state.iteration), shape: [] });
  for (const { name, values } of state.slots) put(name, values);
  for (const name of variables.names().filter(isSeen)) {
    variables.write(name, seenInSlots(name, variables.shape(name), variables));
  }
}

/** Shapes of an optimizer's slots, by the names of the variables. */
export function slotShapes(optimizer: Optimizer, network: Network): Map<string, Shape> {
  const slots = trainedOf(network).flatMap((parameter) =>
    optimizer.slots.map((slot): [string, Shape] => [slotName(optimizer, parameter, slot.name), parameter.shape]),
  );
  return new Map([[iterationName(optimizer), []], ...slots]);
}

function slotNames(optimizer: Optimizer, network: Network): string[] {
  const trained = trainedOf(network);
  const name = (parameter: Parameter, slot: { name: string }) => slotName(optimizer, parameter, slot.name);
  if (optimizer.slotOrder === "byWeight")
    return trained.flatMap((parameter) => optimizer.slots.map((slot) => name(parameter, slot)));
  return optimizer.slots.flatMap((slot) => trained.map((parameter) => name(parameter, slot)));
}
