/**
 * gzip and deflate with the checks that a hostile or damaged file calls for: output stops at a limit while it is being
 * made, and every member's length and CRC-32 must agree. Works on bytes in memory, in Node and in the browser alike.
 */
import { Gunzip, Inflate } from "fflate";
import { FormatError } from "../errors.js";
import { crc32 } from "./crc32.js";

// Deflate grows data at most 1,032 times, so one slice of input makes at most 34 MB before the limit is looked at.
const SLICE = 32 * 1024;
const MOST_MEMBERS = 1000;
// A header of ten bytes, two of deflate data, a trailer of eight.
const SMALLEST_MEMBER = 20;

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The content of a gzip file, of one or several members.
 *
 * @param name the file's name in messages
 * @param limit most bytes the content may have
 * @throws FormatError when the file is truncated, corrupt or larger than `limit`
 */
export function gunzip(bytes: Uint8Array, name: string, limit: number): Uint8Array {
  const output = new Output(limit, `${name}: the unpacked content`);
  const ends: { input: number; output: number }[] = [];
  const stream = new Gunzip((chunk) => output.add(chunk));
  stream.onmember = (input) => {
    ends.push({ input, output: output.length });
    if (ends.length >= MOST_MEMBERS) throw new FormatError(`${name}: more than ${MOST_MEMBERS} gzip members.`);
  };
  pump(stream, bytes, `${name}: the gzip data is truncated or corrupt; download or pack the file again.`);
  const content = output.joined();
  ends.push({ input: bytes.length, output: content.length });
  let start = 0;
  let inputStart = 0;
  for (const { input, output: end } of ends) {
    if (input - inputStart < SMALLEST_MEMBER) throw new FormatError(`${name}: the gzip data is truncated.`);
    inputStart = input;
    const member = content.subarray(start, end);
    const trailer = new DataView(bytes.buffer, bytes.byteOffset + input - 8, 8);
    if (trailer.getUint32(4, true) !== member.length >>> 0 || trailer.getUint32(0, true) !== crc32(member)) {
      throw new FormatError(`${name}: the gzip checksum does not match the content; the file is truncated or corrupt.`);
    }
    start = end;
  }
  return content;
}

/**
 * Raw deflate data whose unpacked size is known.
 *
 * @throws FormatError when it is corrupt or does not unpack to exactly `size` bytes
 */
export function inflateExactly(bytes: Uint8Array, size: number, name: string): Uint8Array {
  const output = new Output(size, `${name}: the unpacked content`);
  pump(new Inflate((chunk) => output.add(chunk)), bytes, `${name}: the compressed data is truncated or corrupt.`);
  if (output.length !== size) {
    throw new FormatError(`${name}: unpacks to ${output.length} bytes, but the archive promises ${size}.`);
  }
  return output.joined();
}

/** Chunks of output, counted as they come. */
class Output {
  length = 0;
  readonly #chunks: Uint8Array[] = [];
  constructor(
    readonly limit: number,
    readonly subject: string,
  ) {}

  add(chunk: Uint8Array): void {
    this.length += chunk.length;
    if (this.length > this.limit) {
      throw new FormatError(
        `${this.subject} is larger than the ${this.limit} bytes allowed; it is not what it claims to be.`,
      );
    }
    this.#chunks.push(chunk);
  }

  joined(): Uint8Array {
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }
}

function pump(stream: Inflate | Gunzip, bytes: Uint8Array, message: string): void {
  try {
    for (let at = 0; at < bytes.length || at === 0; at += SLICE) {
      stream.push(bytes.subarray(at, at + SLICE), at + SLICE >= bytes.length);
    }
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError(message, { cause });
  }
}
