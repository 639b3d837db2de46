/**
 * Symbolic calls of layers: the graph of a model. A layer is identified by its object, so a layer that is applied twice has one set of
 * weights.
 */
import { ConfigError, ShapeError } from "../errors.js";
import { checkOptions, formatValue } from "../options/index.js";
import { formatShape, type PartialShape } from "../tensor/shape.js";
import { describeLayer } from "./describe-layer.js";
import type { AppliedTensor, Layer, LayerCall, ParameterSpec, SymbolicTensor } from "./layer.js";
import { forSituation, wrongInputCount } from "./no-time-axis.js";
import { warn } from "./warn.js";

let nextId = 0;

/** A symbolic tensor; the result of a call is iterable over the outputs of the call. */
class Symbolic implements SymbolicTensor {
  readonly id = nextId++;

  constructor(
    readonly shape: PartialShape,
    readonly call: LayerCall | undefined,
    readonly index: number,
    readonly name: string | undefined,
  ) {}

  [Symbol.iterator](): Iterator<SymbolicTensor> {
    return this.call && this.index === 0 ? this.call.outputs.values() : [this as SymbolicTensor].values();
  }
}

/** True for a result of `input` or of a layer's `apply`. */
export function isSymbolicTensor(value: unknown): value is SymbolicTensor {
  return value instanceof Symbolic;
}

const warned = new WeakSet<LayerCall>();

/**
 * One tensor. The result of a layer with several outputs stands for its first output, with one warning.
 *
 * @param use the use of the tensor, for the warning
 */
export function oneTensor(given: SymbolicTensor, use: string): SymbolicTensor {
  const { call, index } = given;
  const tensor = call?.outputs[index] ?? given;
  if (call && tensor !== given && !warned.has(call)) {
    warned.add(call);
    warn(
      `${use} is the first of the ${call.outputs.length} outputs of ${describeLayer(call.layer)}. Take them apart and name the one that you mean: ` +
        "const [first, …others] = layer.apply(x).",
    );
  }
  return tensor;
}

/** An input of a model. @param shape with the batch axis */
export function symbolicInput(shape: PartialShape, name?: string): SymbolicTensor {
  return new Symbolic(shape, undefined, 0, name);
}

function checkWeightShape(layer: Layer, { name, shape }: ParameterSpec): void {
  if (shape.every((size) => Number.isSafeInteger(size) && size >= 0)) return;
  throw new ShapeError(
    `${describeLayer(layer)}: its weight ${name} would have the shape ${formatShape(shape)} for such an input; sizes are whole numbers.`,
  );
}

function formatInput(given: unknown): string {
  return isApplicable(given) ? `the layer ${describeLayer(given)}` : formatValue(given);
}

function isApplicable(given: unknown): given is Layer {
  return typeof given === "object" && given !== null && "apply" in given;
}

function hintForInput(given: unknown): string {
  if (given === undefined) {
    return "If it was taken from a layer's several outputs, that layer may have fewer: does it have returnState: true?";
  }
  return isApplicable(given)
    ? "Apply that layer first: layer.apply(other.apply(x))."
    : "Data is given to the model, when it is made: functional({ inputs: x, outputs: y }).predict(data).";
}

/** See `Layer.apply`. */
export function applyLayer(
  layer: Layer,
  given: SymbolicTensor | readonly SymbolicTensor[],
  further: readonly unknown[],
): AppliedTensor {
  checkNothingElse(layer, further[0]);
  const inputs = Array.isArray(given) ? (given as readonly SymbolicTensor[]) : [given as SymbolicTensor];
  const wrong = inputs.findIndex((value) => !isSymbolicTensor(value));
  if (wrong !== -1 || inputs.length === 0) {
    const which = inputs.length > 1 ? `input ${wrong}` : "the input";
    const received = inputs.length === 0 ? "missing" : formatInput(inputs[wrong]);
    throw new ConfigError(
      `${describeLayer(layer)}: apply takes the result of input(…) or of another layer's apply, but ${which} is ${received}. ${hintForInput(inputs[wrong])}`,
    );
  }
  if (layer.inputCount !== undefined && inputs.length !== layer.inputCount) {
    throw wrongInputCount(layer, layer.inputCount, inputs.length);
  }
  const [first, ...others] = inputs.map(({ shape }) => shape) as [PartialShape, ...PartialShape[]];
  // Errors about the input are thrown now, while the user's line is in the stack.
  try {
    for (const weight of layer.parameters(first, ...others)) checkWeightShape(layer, weight);
  } catch (error) {
    throw forSituation(error, inputs[0]!.call?.layer);
  }
  const outputs: SymbolicTensor[] = [];
  const read = inputs.map((value) => oneTensor(value, `${describeLayer(layer)}: its input`));
  const call: LayerCall = { layer, inputs: read, outputs };
  layer.outputShapes(first, ...others).forEach((shape, index) => {
    outputs.push(new Symbolic(shape, call, index, undefined));
  });
  return outputs.length === 1 ? (outputs[0] as Symbolic) : new Symbolic(outputs[0]!.shape, call, 0, undefined);
}

/** Refuses further arguments, which would be ignored silently. */
function checkNothingElse(layer: Layer, second: unknown): void {
  if (isSymbolicTensor(second)) {
    throw new ConfigError(`${layer.type}: apply takes several inputs as one list: apply([x, state]).`);
  }
  checkOptions("apply", second as object | undefined, {});
}
