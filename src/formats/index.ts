/**
 * `tavali/formats`: models ⇄ files. The door is platform-neutral: what works on paths lies in `*-node.ts` and is imported when it is
 * first called; in a browser, use the functions that take and give bytes.
 */
import { ConfigError } from "../errors.js";
import type { Sequential } from "../models/index.js";
import type { LoadedModel, SaveOptions } from "./model-bytes.js";

export type { Json, JsonObject } from "./canonical-json.js";
export { type LoadedModel, modelFromBytes, modelToBytes, type SaveOptions } from "./model-bytes.js";
export { decodeModelFile, encodeModelFile, type ModelFile, type NamedTensor } from "./tavali-file.js";

/**
 * Writes a model to a `.tavali` file (Node). The file is replaced as a whole: whatever happens meanwhile, it is the old one or the new one.
 *
 * @param metadata anything JSON can hold: what a user of the model needs beside it
 * @throws ConfigError when the path cannot be written to, or JSON cannot hold the metadata
 * @example await saveModel(model, "sentiment.tavali", { labels: ["negative", "positive"] });
 */
export async function saveModel(
  model: Sequential,
  path: string,
  metadata: object = {},
  options: SaveOptions = {},
): Promise<void> {
  requireNode("saveModel", "modelToBytes");
  return (await import("./tavali-file-node.js")).saveModel(model, path, metadata, options);
}

/**
 * The model in a `.tavali` file (Node).
 *
 * @throws ConfigError when there is no such file, FormatError when it is damaged, of another kind, or of a newer version
 * @example const { model, metadata } = await loadModel("sentiment.tavali");
 */
export async function loadModel(path: string): Promise<LoadedModel> {
  requireNode("loadModel", "modelFromBytes");
  return (await import("./tavali-file-node.js")).loadModel(path);
}

function requireNode(what: string, instead: string): void {
  if (globalThis.process?.versions?.node !== undefined) return;
  throw new ConfigError(`${what} needs Node's file system, which is not here; use ${instead}.`);
}
