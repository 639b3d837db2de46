/** Check of an argument that must be a model: plain JavaScript passes anything. */
import { ConfigError } from "../errors.js";
import { formatValue } from "../options/index.js";
import type { Model } from "./model.js";

/** Throws unless the value is a model. @param owner the caller in messages: "saveModel" */
export function expectModel(owner: string, given: unknown): asserts given is Model {
  const { getWeights, toConfig } = (given ?? {}) as Partial<Model>;
  if (typeof getWeights === "function" && typeof toConfig === "function") return;
  const loaded = typeof given === "object" && given !== null && "model" in given && "metadata" in given;
  throw new ConfigError(
    `${owner}: expected a model, such as sequential([…]) makes, received ${formatValue(given)}.` +
      (loaded ? " Give its part model: (await loadModel(path)).model." : ""),
  );
}
