/**
 * `tavali/formats`: models ⇄ files. This entry point is platform-neutral: functions on paths are in `*-node.ts` and are imported when they are
 * first called; in a browser, use the functions that take and return bytes.
 */

import { ConfigError, DataError } from "../errors.js";
import { hasNode } from "../host/host.js";
import { type CustomObjects, checkCustomObjects, type Model } from "../models/index.js";
import { expectText } from "../tensor/expect-text.js";
import { checkTrainingState, type LogSink, type TrainingState } from "../training/index.js";
import type { LoadedModel, SaveOptions } from "./model-bytes.js";

export type { Json, JsonObject } from "./canonical-json.js";
export { checkpointFromBytes, checkpointToBytes } from "./checkpoint-bytes.js";
export { type LoadedModel, modelFromBytes, modelToBytes, type SaveOptions } from "./model-bytes.js";
export {
  type FromPyTorchOptions,
  fromPyTorch,
  type PyTorchModule,
  type ToPyTorchOptions,
  toPyTorch,
} from "./pytorch-weights.js";
export { decodeModelFile, encodeModelFile, type ModelFile, type NamedTensor } from "./tavali-file.js";

/** The path of a call on a model. @throws DataError for a value that is not a text, with the order of arguments where it is a model */
function expectPath(owner: string, path: unknown, call: string): void {
  if (typeof path === "object" && path !== null && "predict" in path) {
    throw new DataError(`${owner}: path is a model; expected a text. The order is ${call}.`);
  }
  if (expectText(`${owner}: path`, path) === "")
    throw new DataError(`${owner}: path is empty; give the path of a file.`);
}

/**
 * Writes a model to a `.tavali` file (Node). The file is replaced atomically: after a crash it has the old or the new content.
 *
 * @param metadata anything JSON can hold: further data for using the model
 * @throws ConfigError when the path cannot be written to, or JSON cannot hold the metadata
 * @example await saveModel(model, "sentiment.tavali", { labels: ["negative", "positive"] });
 */
export async function saveModel(
  model: Model,
  path: string,
  metadata: object = {},
  options: SaveOptions = {},
): Promise<void> {
  expectPath("saveModel", path, "saveModel(model, path)");
  requireNode("saveModel", "modelToBytes");
  return (await import("./tavali-file-node.js")).saveModel(model, path, metadata, options);
}

/**
 * The model in a `.tavali` file (Node).
 *
 * @param custom your cells, layers, losses and metrics in the model, by name
 * @throws ConfigError when there is no such file; FormatError when it is damaged, of another kind, or of a newer version, or names
 *   something custom that is not given
 * @example const { model, metadata } = await loadModel("sentiment.tavali");
 * @example const { model } = await loadModel("gated.tavali", { cells: { mgu: mguCell } });
 */
export async function loadModel(path: string, custom: CustomObjects = {}): Promise<LoadedModel> {
  expectPath("loadModel", path, "loadModel(path)");
  checkCustomObjects("loadModel", custom);
  requireNode("loadModel", "modelFromBytes");
  return (await import("./tavali-file-node.js")).loadModel(path, custom);
}

/**
 * Writes a training's state into a folder (Node), as a new file, flushed to the disk; the one before is kept, older ones are removed. The
 * folder is created if it is missing.
 *
 * @returns the path of the file
 * @throws ConfigError when the folder cannot be written to; FormatError for a folder without a training's state
 * @example await model.fit(x, y, { checkpoint: { save: (state) => saveCheckpoint("checkpoints", state) } });
 */
export async function saveCheckpoint(folder: string, state: TrainingState): Promise<string> {
  expectText("saveCheckpoint: folder", folder);
  checkTrainingState(state, "saveCheckpoint", "Give the state that fit gives to checkpoint.save.");
  requireNode("saveCheckpoint", "checkpointToBytes");
  return (await import("./checkpoint-folder-node.js")).saveCheckpoint(folder, state);
}

/**
 * The newest undamaged state in a folder (Node); undefined if there is no checkpoint yet.
 *
 * @param onDamage called for each newer checkpoint that cannot be read, with the reason; default: a warning on the console
 * @throws StateError when there are checkpoints, but none that can be read
 * @example await model.fit(x, y, { resume: await loadCheckpoint("checkpoints") });
 */
export async function loadCheckpoint(
  folder: string,
  onDamage: (problem: string) => void = (problem) => console.warn(`${problem} Taking the checkpoint before it.`),
): Promise<TrainingState | undefined> {
  expectText("loadCheckpoint: folder", folder);
  requireNode("loadCheckpoint", "checkpointFromBytes");
  return (await import("./checkpoint-folder-node.js")).loadCheckpoint(folder, onDamage);
}

/**
 * A log in a file (Node), for `csvLogger`, `runLog` and `tensorBoard`. A new training empties it; a resumed one removes everything that was
 * written after the checkpoint.
 *
 * @throws ConfigError, with the first write, when the file cannot be written
 * @example csvLogger(fileSink("epochs.csv"))
 */
export function fileSink(path: string): LogSink {
  expectText("fileSink: path", path);
  requireNode("fileSink", "memorySink");
  const opened = import("./file-sink-node.js").then((adapter) => adapter.fileSink(path));
  return {
    write: async (chunk) => (await opened).write(chunk),
    rewind: async (length) => (await opened).rewind(length),
  };
}

function requireNode(what: string, instead: string): void {
  if (hasNode()) return;
  throw new ConfigError(`${what} needs Node's file system, which is not here; use ${instead}.`);
}
