/**
 * Errors for inputs with the wrong number of axes. The hint depends on the layer before, which only `apply` knows: it replaces the hint
 * there.
 */
import { ConfigError, type ShapeError } from "../errors.js";
import type { PartialShape } from "../tensor/shape.js";
import { describeLayer, unfitInput } from "./describe-layer.js";
import type { Layer } from "./layer.js";

type Described = Pick<Layer, "type" | "name">;

const situations = new WeakMap<object, (before: Layer | undefined) => ShapeError>();

/** The error for an input that is not [batch, time, features]. */
export function noTimeAxis(layer: Described, received: PartialShape): ShapeError {
  return worded((before) => unfitInput(layer, "[batch, time, features]", received, timeRemedy(received, before)));
}

/** The error for an input that is not [batch, features]. */
export function notAVector(layer: Described, received: PartialShape): ShapeError {
  return worded((before) => unfitInput(layer, "[batch, features]", received, vectorRemedy(received, before)));
}

function worded(make: (before: Layer | undefined) => ShapeError): ShapeError {
  const error = make(undefined);
  situations.set(error, make);
  return error;
}

/** The error with a hint for the layer before; other errors are unchanged. @param before undefined for data of the model */
export function forSituation(error: unknown, before: Layer | undefined): unknown {
  return situations.get(error as object)?.(before) ?? error;
}

/** `returnSequences` of a recurrent layer, or of one inside a wrapper; undefined for other layers. */
function returnsSequences(layer: Layer | undefined): boolean | undefined {
  const { config } = layer ?? {};
  const inner = config?.layer as { readonly returnSequences?: boolean } | undefined;
  return { returnSequences: undefined, ...config, ...inner }.returnSequences;
}

function vectorRemedy(received: PartialShape, before: Layer | undefined): string {
  if (returnsSequences(before)) return `Set returnSequences: false on ${describeLayer(before!)}.`;
  if (received.length < 2) return "Give each example a list of features.";
  return "Reduce each example to one list of features first, as with globalMaxPooling1D() or flatten().";
}

function timeRemedy(received: PartialShape, before: Layer | undefined): string {
  if (received.length > 3)
    return "Bring each step into one axis of features first, as timeDistributed(flatten()) does.";
  if (!before) {
    return received.length === 2
      ? "Data needs an axis of steps and one of features: a sequence of plain numbers is [[0.1], [0.2], …]; ids go through an embedding first."
      : "Each example must be a sequence: a list of steps, each of them a list of features.";
  }
  if (before.idLimit !== undefined) return "Ids must be [batch, time]: wrap one sequence of ids in a list.";
  if (returnsSequences(before) === false) return `Set returnSequences: true on ${describeLayer(before)}.`;
  return `${describeLayer(before)} before it has no time axis in its output. Remove it, or repeat its output with repeatVector(n).`;
}

/** The error for a wrong number of inputs. */
export function wrongInputCount(layer: Described, expected: number, received: number): ConfigError {
  return new ConfigError(
    `${describeLayer(layer)} takes ${expected === 1 ? "one input" : `${expected} inputs`}, received ${received}. Apply it to each by itself, or ` +
      "make one of them first, as with concatenate().",
  );
}
