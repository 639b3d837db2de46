/** Whether a thing is a layer, where one is asked for: plain JavaScript passes anything. */
import { ConfigError } from "../errors.js";
import { formatValue } from "../options/index.js";
import { isSymbolicTensor } from "./apply-layer.js";
import type { Layer } from "./layer.js";

/** Throws unless the thing is a layer. @param owner who asks, as messages call it: "sequential" */
export function checkLayer(owner: string, given: unknown): asserts given is Layer {
  const { parameters, outputShapes, call } = (given ?? {}) as Partial<Layer>;
  if ([parameters, outputShapes, call].every((part) => typeof part === "function")) return;
  throw new ConfigError(
    `${owner}: expected a layer, such as dense(2), received ${formatValue(given)}.${adviceOn(given)}`,
  );
}

function adviceOn(given: unknown): string {
  if (typeof given === "function") return " Call it to make a layer.";
  if (isSymbolicTensor(given)) return " That is what a layer gave for an input; give the layer itself.";
  if (typeof given === "object" && given !== null && "layers" in given) {
    return " A model is no layer; give its layers: [...first.layers, …].";
  }
  return "";
}
