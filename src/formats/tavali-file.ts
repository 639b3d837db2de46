/**
 * The single-file model format `.tavali`, described in docs/model-file.md: magic, version, a JSON header, raw
 * little-endian tensors, and the SHA-256 of all of it. Equal content gives equal bytes. Nothing in a file is executed,
 * and no size in it is believed before it is checked.
 */
import { ConfigError, FormatError } from "../errors.js";
import { formatShape, sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { canonicalJson, type JsonObject } from "./canonical-json.js";
import { arrayTypes, fromLittleEndian, isNumberType, numberTypeOf, toLittleEndian } from "./tensor-bytes.js";

/** What a model file holds. */
export interface ModelFile {
  /** From which the layers can be made again: `model.toConfig()`. */
  readonly architecture: JsonObject;
  /** How it was compiled, absent when it was not. */
  readonly compile?: JsonObject | undefined;
  /** Whatever the model's user needs to use it: the task, the vocabulary, the names of the classes. */
  readonly metadata: JsonObject;
  /** Numbers by name. The order is kept. */
  readonly tensors: readonly NamedTensor[];
}

/** A tensor and its name in the file. */
export interface NamedTensor extends Tensor {
  readonly name: string;
}

/** The first eight bytes. As in PNG, the first is no text and the last is a line end, so that a transfer as text is noticed. */
const magic = Uint8Array.of(0x89, 0x54, 0x41, 0x56, 0x41, 0x4c, 0x49, 0x0a); // \x89 T A V A L I \n
const version = 1;
const headStart = magic.length + 8;
const alignment = 8;
const digestLength = 32;

/**
 * The bytes of a model file; equal content gives equal bytes.
 *
 * @throws ConfigError when two tensors have one name, or the JSON parts hold what JSON cannot
 */
export async function encodeModelFile(file: ModelFile): Promise<Uint8Array<ArrayBuffer>> {
  const names = new Set<string>();
  let length = 0;
  const places = file.tensors.map((tensor) => {
    if (names.has(tensor.name)) throw new ConfigError(`encodeModelFile: two tensors are called "${tensor.name}".`);
    names.add(tensor.name);
    const offset = length;
    length = aligned(length + tensor.data.byteLength);
    return { name: tensor.name, dtype: numberTypeOf(tensor.data), shape: [...tensor.shape], offset };
  });
  const { architecture, compile, metadata } = file;
  const text = canonicalJson({ architecture, compile, metadata, tensors: places }, "model file");
  const json = new TextEncoder().encode(text);
  const dataStart = aligned(headStart + json.length);
  const bytes = new Uint8Array(dataStart + length + digestLength);
  bytes.set(magic);
  const numbers = new DataView(bytes.buffer);
  numbers.setUint32(magic.length, version, true);
  numbers.setUint32(magic.length + 4, dataStart - headStart, true);
  bytes.fill(0x20, headStart, dataStart); // JSON may end in spaces
  bytes.set(json, headStart);
  file.tensors.forEach(({ data }, i) => {
    bytes.set(toLittleEndian(data), dataStart + places[i]!.offset);
  });
  bytes.set(await sha256(bytes.subarray(0, -digestLength)), bytes.length - digestLength);
  return bytes;
}

/**
 * What a model file holds. The tensors are copies.
 *
 * @param bytes the whole file
 * @param name the file's name, for messages
 * @throws FormatError when it is truncated, damaged, of another kind or of a newer version
 */
export async function decodeModelFile(bytes: Uint8Array, name: string): Promise<ModelFile> {
  if (bytes.length < magic.length || !magic.every((byte, i) => bytes[i] === byte))
    throw new FormatError(foreign(bytes, name));
  const numbers = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const damaged = (what: string) =>
    new FormatError(
      `${name}: ${what}. The file was cut off or changed; copy it again from its source, or save the model again.`,
    );
  if (bytes.length < headStart + digestLength) throw damaged(`has only ${bytes.length} bytes`);
  const found = numbers.getUint32(magic.length, true);
  const digest = await sha256(bytes.subarray(0, -digestLength));
  const intact = digest.every((byte, i) => bytes[bytes.length - digestLength + i] === byte);
  // A newer version may place its checksum elsewhere, so the version is looked at first.
  if (found > version) {
    throw new FormatError(
      `${name}: is a model file of version ${found}${intact ? "" : " (or damaged)"}; this Tavali reads version ${version}. ` +
        "Update it (npm install tavali@latest), or save the model with this version.",
    );
  }
  if (!intact) throw damaged("the checksum is wrong");
  if (found !== version)
    throw new FormatError(`${name}: says it has version ${found}, which never existed. Save the model again.`);
  const dataStart = headStart + numbers.getUint32(magic.length + 4, true);
  if (dataStart % alignment !== 0 || dataStart > bytes.length - digestLength) {
    throw new FormatError(
      `${name}: the header's length ${dataStart - headStart} does not fit the file. Save the model again.`,
    );
  }
  const header = parseHeader(bytes.subarray(headStart, dataStart), name);
  return readTensors(header, bytes.subarray(dataStart, bytes.length - digestLength), name);
}

function parseHeader(bytes: Uint8Array, name: string): JsonObject {
  try {
    const header: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isObject(header)) return header;
  } catch (cause) {
    throw new FormatError(`${name}: the header is not JSON. Save the model again.`, { cause });
  }
  throw new FormatError(`${name}: the header is not a JSON object. Save the model again.`);
}

function readTensors(
  { architecture, compile, metadata, tensors }: JsonObject,
  data: Uint8Array,
  name: string,
): ModelFile {
  const wrong = (what: string) => new FormatError(`${name}: in the header, ${what}. Save the model again.`);
  if (!isObject(architecture)) throw wrong("architecture is not an object");
  if (compile !== undefined && !isObject(compile)) throw wrong("compile is not an object");
  if (!isObject(metadata)) throw wrong("metadata is not an object");
  if (!Array.isArray(tensors)) throw wrong("tensors is not a list");
  const names = new Set<string>();
  let end = 0;
  const read = tensors.map((entry: unknown, i): NamedTensor => {
    if (!isObject(entry) || typeof entry.name !== "string") throw wrong(`tensor ${i} has no name`);
    const { name: label, dtype, shape, offset } = entry;
    if (names.has(label)) throw wrong(`two tensors are called "${label}"`);
    names.add(label);
    if (!isNumberType(dtype)) throw wrong(`tensor "${label}" has the unknown type ${JSON.stringify(dtype)}`);
    if (!isShape(shape)) throw wrong(`tensor "${label}" has no valid shape`);
    const byteLength = sizeOf(shape) * arrayTypes[dtype].BYTES_PER_ELEMENT;
    if (offset !== end || byteLength > data.length - end) {
      throw wrong(`tensor "${label}" ${formatShape(shape)} does not lie at ${end}, or not within the file`);
    }
    end = aligned(end + byteLength);
    return { name: label, data: fromLittleEndian(data.subarray(offset, offset + byteLength), dtype), shape };
  });
  if (end !== data.length) throw wrong(`the tensors take ${end} bytes of ${data.length}`);
  return { architecture, ...(compile === undefined ? {} : { compile }), metadata, tensors: read };
}

/** What to say about a file that does not begin as ours do. */
function foreign(bytes: Uint8Array, name: string): string {
  const text = String.fromCharCode(...bytes.subarray(0, 8));
  let kind = "this is no Tavali model file";
  if (bytes.length === 0) kind = "the file is empty";
  else if (text.startsWith("\x89HDF")) kind = "this is an HDF5 file, as Keras writes";
  else if (text.startsWith("PK")) kind = "this is a zip archive";
  else if (text.startsWith("\x1f\x8b")) kind = "this is a gzip file; unpack it first";
  return `${name}: ${kind}. Expected a file that \`tavali train\` or saveModel wrote (it begins with "TAVALI").`;
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) {
    throw new ConfigError(
      "Model files need Web Crypto, which browsers offer on https and localhost only: serve the page so.",
    );
  }
  return new Uint8Array(await subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
}

function aligned(length: number): number {
  return Math.ceil(length / alignment) * alignment;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isShape(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.every((axis) => Number.isSafeInteger(axis) && axis >= 0) &&
    Number.isSafeInteger(sizeOf(value)) &&
    value.length <= 32
  );
}
