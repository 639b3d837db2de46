/** Whether a thing is a model, where one is asked for: plain JavaScript passes anything. */
import { ConfigError } from "../errors.js";
import { formatValue } from "../options/index.js";
import type { Model } from "./model.js";

/** Throws unless the thing is a model. @param owner who asks, as messages call it: "saveModel" */
export function expectModel(owner: string, given: unknown): asserts given is Model {
  const { getWeights, toConfig } = (given ?? {}) as Partial<Model>;
  if (typeof getWeights === "function" && typeof toConfig === "function") return;
  const loaded = typeof given === "object" && given !== null && "model" in given && "metadata" in given;
  throw new ConfigError(
    `${owner}: expected a model, such as sequential([…]) makes, received ${formatValue(given)}.` +
      (loaded ? " Give its part model: (await loadModel(path)).model." : ""),
  );
}
