/** Model files (Node adapter). */
import { ConfigError, FormatError } from "../errors.js";
import { nodeModule } from "../host/host.js";
import type { CustomObjects, Model } from "../models/index.js";
import { writeFileAtomically } from "./atomic-file-node.js";
import { type LoadedModel, modelFromBytes, modelToBytes, type SaveOptions } from "./model-bytes.js";

const fs = nodeModule("node:fs");

const mostBytes = 2 ** 31;

/** See `saveModel` of the entry point. */
export async function saveModel(
  model: Model,
  path: string,
  metadata: object = {},
  options: SaveOptions = {},
): Promise<void> {
  await writeFileAtomically(path, await modelToBytes(model, metadata, options));
}

/** See `loadModel` of the entry point. */
export async function loadModel(path: string, custom: CustomObjects = {}): Promise<LoadedModel> {
  return modelFromBytes(await readModelFile(path), path, custom);
}

async function readModelFile(path: string): Promise<Uint8Array> {
  try {
    const stat = await fs.promises.stat(path);
    if (!stat.isFile()) throw new ConfigError(`${path} is not a file; give the path of a model file.`);
    if (stat.size > mostBytes) throw new FormatError(`${path}: is ${stat.size} bytes, too large for a model file.`);
    return await fs.promises.readFile(path);
  } catch (cause) {
    if (cause instanceof ConfigError || cause instanceof FormatError) throw cause;
    const code = (cause as { code?: string }).code ?? String(cause);
    const reason = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
    throw new ConfigError(`${path} ${reason}; check the path of the model file.`, { cause });
  }
}
