/**
 * Sealed binary files, described in docs/model-file.md: magic, version, a JSON header, raw little-endian tensors, and the SHA-256 of all of
 * it. Equal content gives equal bytes. Nothing in a file is executed, and every size in it is checked before it is used.
 */
import { ConfigError, FormatError } from "../errors.js";
import { hasNode, nodeModule } from "../host/host.js";
import { formatValue, oneOf, wholeNumber } from "../options/index.js";
import { checkSchema, fields, is, list, parseJson, shape, text } from "../schema/index.js";
import { expectBytes } from "../tensor/expect-bytes.js";
import { expectText } from "../tensor/expect-text.js";
import { formatShape, sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { canonicalJson, type JsonObject } from "./canonical-json.js";
import { arrayTypes, fromLittleEndian, type NumberType, numberTypeOf, toLittleEndian } from "./tensor-bytes.js";

/** A tensor and its name in the file. */
export interface NamedTensor extends Tensor {
  readonly name: string;
}

/** A kind of sealed file. */
export interface FileKind {
  /** Six letters. */
  readonly letters: string;
  readonly version: number;
  /** "model file" */
  readonly noun: string;
  /** The function that writes such files, for messages. */
  readonly writer: string;
  /** Hint for files that cannot be used: "Save the model again." */
  readonly hint: string;
}

/** Content of a sealed file: the header without its list of tensors, and the tensors. */
export interface SealedContent {
  readonly header: JsonObject;
  /** The order is kept. */
  readonly tensors: readonly NamedTensor[];
}

const magicLength = 8;
const headStart = magicLength + 8;
const alignment = 8;
const digestLength = 32;

/** The first eight bytes. As in PNG, the first is not a text character and the last is a line feed, so that a transfer in text mode is detected. */
function magicOf({ letters }: FileKind): Uint8Array {
  return Uint8Array.of(0x89, ...new TextEncoder().encode(letters), 0x0a);
}

/**
 * The bytes of a file; equal content gives equal bytes.
 *
 * @throws ConfigError when two tensors have one name, or the header holds what JSON cannot
 */
export async function sealFile(kind: FileKind, { header, tensors }: SealedContent): Promise<Uint8Array<ArrayBuffer>> {
  const names = new Set<string>();
  let length = 0;
  const places = tensors.map(({ name, data, shape }) => {
    if (names.has(name)) throw new ConfigError(`${kind.noun}: two tensors are called "${name}".`);
    names.add(name);
    const offset = length;
    length = aligned(length + data.byteLength);
    return { name, dtype: numberTypeOf(data), shape: [...shape], offset };
  });
  const json = new TextEncoder().encode(canonicalJson({ ...header, tensors: places }, kind.noun));
  const dataStart = aligned(headStart + json.length);
  const bytes = new Uint8Array(dataStart + length + digestLength);
  bytes.set(magicOf(kind));
  const numbers = new DataView(bytes.buffer);
  numbers.setUint32(magicLength, kind.version, true);
  numbers.setUint32(magicLength + 4, dataStart - headStart, true);
  bytes.fill(0x20, headStart, dataStart); // JSON may end in spaces
  bytes.set(json, headStart);
  tensors.forEach(({ data }, i) => {
    bytes.set(toLittleEndian(data), dataStart + places[i]!.offset);
  });
  bytes.set(await sha256(kind, bytes.subarray(0, -digestLength)), bytes.length - digestLength);
  return bytes;
}

/**
 * Reads a file. The tensors are views of its bytes where these are aligned and of the machine's order, otherwise copies.
 *
 * @param bytes the whole file
 * @param name the file's name, for messages
 * @throws FormatError when it is truncated, damaged, of another kind or of a newer version
 */
export async function unsealFile(kind: FileKind, bytes: Uint8Array, name: string): Promise<SealedContent> {
  const { version, noun, hint } = kind;
  expectText(`${noun}: name`, name);
  expectBytes(name, bytes);
  if (!magicOf(kind).every((byte, i) => bytes[i] === byte)) throw new FormatError(foreign(kind, bytes, name));
  const numbers = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const damaged = (what: string) =>
    new FormatError(`${name}: ${what}. The file was cut off or changed; copy it again from its source. ${hint}`);
  if (bytes.length < headStart + digestLength) throw damaged(`has only ${bytes.length} bytes`);
  const found = numbers.getUint32(magicLength, true);
  const digest = await sha256(kind, bytes.subarray(0, -digestLength));
  const intact = digest.every((byte, i) => bytes[bytes.length - digestLength + i] === byte);
  // A newer version may place its checksum elsewhere, so the version is looked at first.
  if (found > version) {
    throw new FormatError(
      `${name}: is a ${noun} of version ${found}${intact ? "" : " (or damaged)"}; this Tavali reads version ${version}. ` +
        `Update it (npm install tavali@latest). ${hint}`,
    );
  }
  if (!intact) throw damaged("the checksum is wrong");
  if (found !== version) throw new FormatError(`${name}: has version ${found}, which never existed. ${hint}`);
  const dataStart = headStart + numbers.getUint32(magicLength + 4, true);
  if (dataStart % alignment !== 0 || dataStart > bytes.length - digestLength) {
    throw new FormatError(`${name}: the header's length ${dataStart - headStart} does not fit the file. ${hint}`);
  }
  const { tensors, ...header } = parseHeader(bytes.subarray(headStart, dataStart), name, hint);
  const message = { name, what: "the header's tensors", advice: hint };
  checkSchema(tensors, placesSchema, message);
  const data = bytes.subarray(dataStart, bytes.length - digestLength);
  return { header, tensors: readTensors(tensors as unknown as Place[], data, name, hint) };
}

function parseHeader(bytes: Uint8Array, name: string, hint: string): JsonObject {
  let source: string;
  try {
    source = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError(`${name}: the header is not UTF-8. ${hint}`, { cause });
  }
  const header = parseJson(source, { name, what: "the header", advice: hint });
  if (isObject(header)) return header;
  throw new FormatError(`${name}: the header is not a JSON object. ${hint}`);
}

/** Location of a tensor in the data. */
interface Place {
  readonly name: string;
  readonly dtype: NumberType;
  readonly shape: readonly number[];
  /** In bytes. */
  readonly offset: number;
}

const placesSchema = list(
  fields({
    name: text(),
    dtype: is(oneOf(...Object.keys(arrayTypes))),
    shape,
    offset: is(wholeNumber(0)),
  }),
);

function readTensors(places: readonly Place[], data: Uint8Array, file: string, hint: string): NamedTensor[] {
  const wrong = (what: string) => new FormatError(`${file}: in the header, ${what}. ${hint}`);
  const names = new Set<string>();
  let end = 0;
  const read = places.map(({ name, dtype, shape, offset }): NamedTensor => {
    if (names.has(name)) throw wrong(`two tensors are called ${formatValue(name)}`);
    names.add(name);
    const byteLength = sizeOf(shape) * arrayTypes[dtype].BYTES_PER_ELEMENT;
    if (offset !== end || byteLength > data.length - end) {
      throw wrong(`tensor ${formatValue(name)} ${formatShape(shape)} does not lie at ${end}, or not within the file`);
    }
    end = aligned(end + byteLength);
    return { name, data: fromLittleEndian(data.subarray(offset, offset + byteLength), dtype), shape };
  });
  if (end !== data.length) throw wrong(`the tensors take ${end} bytes of ${data.length}`);
  return read;
}

/** Message for a file with other first bytes. */
function foreign({ letters, noun, writer }: FileKind, bytes: Uint8Array, name: string): string {
  const text = String.fromCharCode(...bytes.subarray(0, 8));
  let kind = `this is not a Tavali ${noun}`;
  if (bytes.length === 0) kind = "the file is empty";
  else if (text === "\x89TAVALI\n") kind = "this is a Tavali model file";
  else if (text === "\x89TAVCHK\n") kind = "this is a checkpoint, which only a training can resume from";
  else if (text.startsWith("\x89HDF")) kind = "this is an HDF5 file, as Keras writes";
  else if (text.startsWith("PK")) kind = "this is a zip archive";
  else if (text.startsWith("\x1f\x8b")) kind = "this is a gzip file; unpack it first";
  return `${name}: ${kind}. Expected a file that ${writer} wrote (it begins with "${letters}").`;
}

async function sha256({ noun }: FileKind, bytes: Uint8Array): Promise<Uint8Array> {
  // Web Crypto copies the bytes first.
  if (hasNode()) return nodeModule("node:crypto").createHash("sha256").update(bytes).digest();
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) {
    throw new ConfigError(
      `A ${noun} needs Web Crypto, which browsers offer on https and localhost only: serve the page so.`,
    );
  }
  return new Uint8Array(await subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
}

function aligned(length: number): number {
  return Math.ceil(length / alignment) * alignment;
}

/** Whether a parsed value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
