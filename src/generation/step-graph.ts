/**
 * Step graph of a decoder, from a model that was trained on whole sequences. Every call that depends on the target's tokens is repeated for
 * one token, with the same layers and so the same weights. Its other inputs come from the encoder: initial states, which the step returns
 * updated, and memory, which stays.
 */
import { ConfigError } from "../errors.js";
import { input, isRecurrent, type LayerCall, type SymbolicTensor } from "../layers/index.js";

/** A decoder, cut from its encoder. */
export interface StepGraph {
  /** The encoder's outputs: the states before the first step, and then the memory. */
  readonly encoded: readonly SymbolicTensor[];
  /** Number of them that are states. */
  readonly stateCount: number;
  /** The token, the states and the memory, as inputs of one step. */
  readonly inputs: readonly SymbolicTensor[];
  /** The output after the token, and the states after the step. */
  readonly outputs: readonly SymbolicTensor[];
}

/**
 * @param target the input that takes the target's tokens
 * @param output the model's probabilities of the next token, at every step
 * @throws ConfigError when the output does not depend on the target, or a recurrent layer's state could not be carried from step to step
 */
export function stepGraph(target: SymbolicTensor, output: SymbolicTensor): StepGraph {
  const depends = dependence(target);
  if (!depends(output)) throw new ConfigError("decoder: the output does not depend on the target's tokens.");
  const token = input({ shape: [1, ...target.shape.slice(2)] });
  const states: { before: SymbolicTensor; input: SymbolicTensor; after: SymbolicTensor }[] = [];
  const memory = new Map<SymbolicTensor, SymbolicTensor>();
  const rebuilt = new Map<LayerCall, readonly SymbolicTensor[]>();

  const atStep = (tensor: SymbolicTensor): SymbolicTensor => {
    if (tensor === target) return token;
    if (depends(tensor)) return rebuild(tensor.call!)[tensor.index]!;
    if (!memory.has(tensor)) memory.set(tensor, input({ shape: tensor.shape.slice(1) }));
    return memory.get(tensor)!;
  };
  const rebuild = (call: LayerCall): readonly SymbolicTensor[] => {
    const before = rebuilt.get(call);
    if (before) return before;
    const given = checkState(call, depends) ? call.inputs.slice(1) : [];
    const starts = given.map((tensor) => input({ shape: tensor.shape.slice(1) }));
    const read = call.inputs.slice(0, call.inputs.length - given.length).map(atStep);
    const made = [...call.layer.apply([...read, ...starts])];
    rebuilt.set(call, made);
    given.forEach((tensor, i) => {
      states.push({ before: tensor, input: starts[i]!, after: made[i + 1]! });
    });
    return made;
  };
  const result = atStep(output);
  return {
    encoded: [...states.map(({ before }) => before), ...memory.keys()],
    stateCount: states.length,
    inputs: [token, ...states.map((state) => state.input), ...memory.values()],
    outputs: [result, ...states.map(({ after }) => after)],
  };
}

/** Whether a tensor depends on the target. */
function dependence(target: SymbolicTensor): (tensor: SymbolicTensor) => boolean {
  const known = new Map<SymbolicTensor, boolean>([[target, true]]);
  const depends = (tensor: SymbolicTensor): boolean => {
    const before = known.get(tensor);
    if (before !== undefined) return before;
    const result = tensor.call?.inputs.some(depends) ?? false;
    known.set(tensor, result);
    return result;
  };
  return depends;
}

/** Whether a call carries a state over the target's steps. @throws ConfigError when the state is not an input and an output */
function checkState({ layer, inputs, outputs }: LayerCall, depends: (tensor: SymbolicTensor) => boolean): boolean {
  if (!isRecurrent(layer)) return false;
  const names = layer.stateNames;
  const given = inputs.slice(1);
  if (given.length === names.length && outputs.length === names.length + 1 && !given.some(depends)) return true;
  throw new ConfigError(
    `decoder: ${layer.type} reads the target, so its state (${names.join(", ")}) must be carried from step to step: apply it to [sequence, …initial states] ` +
      "that come from the encoder, with returnSequences: true and returnState: true.",
  );
}
