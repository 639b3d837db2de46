/**
 * The single-file model format `.tavali`, described in docs/model-file.md: a sealed file with the model's layers, how it was compiled, its
 * weights, and metadata of its user. Equal content gives equal bytes.
 */

import { FormatError } from "../errors.js";
import { expectParts } from "../tensor/expect-text.js";
import type { JsonObject } from "./canonical-json.js";
import { type FileKind, isObject, type NamedTensor, sealFile, unsealFile } from "./sealed-file.js";

export type { NamedTensor } from "./sealed-file.js";

/** The content of a model file. */
export interface ModelFile {
  /** The layers as plain data: `model.toConfig()`. */
  readonly architecture: JsonObject;
  /** The compile options; absent for a model that was not compiled. */
  readonly compile?: JsonObject | undefined;
  /** Further data for using the model: the task, the vocabulary, the names of the classes. */
  readonly metadata: JsonObject;
  /** Numbers by name. The order is kept. */
  readonly tensors: readonly NamedTensor[];
}

const modelFile: FileKind = {
  letters: "TAVALI",
  version: 1,
  noun: "model file",
  writer: "`tavali train` or saveModel",
  hint: "Save the model again.",
};

/**
 * The bytes of a model file; equal content gives equal bytes.
 *
 * @throws ConfigError when two tensors have one name, or the JSON parts hold what JSON cannot
 */
export async function encodeModelFile(file: ModelFile): Promise<Uint8Array<ArrayBuffer>> {
  expectParts("encodeModelFile: file", file, ["architecture", "metadata", "tensors"]);
  const { tensors, ...header } = file;
  return sealFile(modelFile, { header, tensors });
}

/**
 * Reads a model file. The tensors are copies.
 *
 * @param bytes the whole file
 * @param name the file's name, for messages
 * @throws FormatError when it is truncated, damaged, of another kind or of a newer version
 */
export async function decodeModelFile(bytes: Uint8Array, name: string): Promise<ModelFile> {
  const file = await viewModelFile(bytes, name);
  return { ...file, tensors: file.tensors.map((tensor) => ({ ...tensor, data: tensor.data.slice() })) };
}

/** As {@link decodeModelFile}, but the tensors may be views of the bytes. */
export async function viewModelFile(bytes: Uint8Array, name: string): Promise<ModelFile> {
  const { header, tensors } = await unsealFile(modelFile, bytes, name);
  const wrong = (what: string) => new FormatError(`${name}: in the header, ${what}. ${modelFile.hint}`);
  const { architecture, compile, metadata } = header;
  if (!isObject(architecture)) throw wrong("architecture is not an object");
  if (compile !== undefined && !isObject(compile)) throw wrong("compile is not an object");
  if (!isObject(metadata)) throw wrong("metadata is not an object");
  return { architecture, ...(compile === undefined ? {} : { compile }), metadata, tensors };
}
