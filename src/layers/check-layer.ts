/** Check of arguments that must be layers: plain JavaScript can pass anything. */
import { ConfigError } from "../errors.js";
import { formatValue } from "../options/index.js";
import { isSymbolicTensor } from "./apply-layer.js";
import type { Layer, LayerLike } from "./layer.js";

/** @throws ConfigError unless the value is a layer. @param owner the caller's name in messages: "sequential" */
export function checkLayer(owner: string, given: unknown): asserts given is Layer {
  const { parameters, outputShapes, call } = (given ?? {}) as Partial<Layer>;
  if ([parameters, outputShapes, call].every((part) => typeof part === "function")) return;
  throw new ConfigError(
    `${owner}: expected a layer, such as dense(2), received ${formatValue(given)}.${adviceOn(given)}`,
  );
}

/** The layer, or the model as a layer. @throws ConfigError for anything else */
export function layerOf(owner: string, given: LayerLike): Layer {
  const layer: unknown = isModel(given) ? given.asLayer() : given;
  checkLayer(owner, layer);
  return layer;
}

function isModel(given: unknown): given is { asLayer(): Layer } {
  return typeof given === "object" && given !== null && "asLayer" in given && typeof given.asLayer === "function";
}

function adviceOn(given: unknown): string {
  if (typeof given === "function") return " Call it to make a layer.";
  if (isSymbolicTensor(given)) return " That is the result of applying a layer; give the layer itself.";
  if (typeof given === "object" && given !== null && "layers" in given) {
    return " A model does not go here; give one of its layers.";
  }
  return "";
}
