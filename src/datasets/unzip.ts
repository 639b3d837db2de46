/**
 * ZIP archives of a bounded size: stored and deflated members, each checked against the size and CRC-32 that the
 * central directory gives. Sizes may be written in ZIP64's form; encrypted and split archives, and those with a ZIP64 directory, are refused.
 */
import { FormatError } from "../errors.js";
import { crc32 } from "./crc32.js";
import { inflateExactly } from "./gunzip.js";

const END = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const ZIP64_FIELD = 0x0001;
const FULL = 0xffffffff;
const END_SIZE = 22;
const ENTRY_SIZE = 46;
const LOCAL_SIZE = 30;

/** A member as the central directory describes it. */
interface Entry {
  name: string;
  method: number;
  flags: number;
  crc: number;
  packed: number;
  size: number;
  offset: number;
}

/**
 * The members of a ZIP archive by name.
 *
 * @param bytes the whole archive
 * @param name the archive's name in messages
 * @param limit most bytes that all members together may unpack to
 * @throws FormatError when it is truncated, corrupt, too large or uses something unsupported
 */
export function unzip(bytes: Uint8Array, name: string, limit: number): Map<string, Uint8Array> {
  const entries = readDirectory(bytes, name);
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > limit) {
    throw new FormatError(`${name}: unpacks to ${total} bytes, more than the ${limit} allowed; is it the right file?`);
  }
  const members = new Map<string, Uint8Array>();
  for (const entry of entries) {
    if (members.has(entry.name)) throw new FormatError(`${name}: holds "${entry.name}" twice.`);
    members.set(entry.name, readMember(bytes, entry, `${name}: member "${entry.name}"`));
  }
  return members;
}

function readDirectory(bytes: Uint8Array, name: string): Entry[] {
  const view = viewOf(bytes);
  const end = findEnd(view);
  if (end < 0) {
    throw new FormatError(`${name}: is not a ZIP archive, or is truncated: it has no central directory.`);
  }
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  let at = view.getUint32(end + 16, true);
  if (at + size > end || count * ENTRY_SIZE > size) {
    throw new FormatError(`${name}: the archive's central directory is corrupt, or the archive is ZIP64 or truncated.`);
  }
  const stop = at + size;
  return Array.from({ length: count }, () => {
    if (at + ENTRY_SIZE > stop || view.getUint32(at, true) !== DIRECTORY_ENTRY) {
      throw new FormatError(`${name}: the archive's central directory is corrupt.`);
    }
    const nameLength = view.getUint16(at + 28, true);
    const rest = view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (at + ENTRY_SIZE + nameLength + rest > stop) {
      throw new FormatError(`${name}: the archive's central directory is corrupt.`);
    }
    const sizes = sizesOf(view, at, nameLength);
    const entry: Entry = {
      name: new TextDecoder().decode(bytes.subarray(at + ENTRY_SIZE, at + ENTRY_SIZE + nameLength)),
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      ...sizes,
      offset: view.getUint32(at + 42, true),
    };
    at += ENTRY_SIZE + nameLength + rest;
    return entry;
  });
}

/** Sizes of an entry: where a field of 32 bits is full, ZIP64's extra field has the number. */
function sizesOf(view: DataView, at: number, nameLength: number): { packed: number; size: number } {
  const sizes = { packed: view.getUint32(at + 20, true), size: view.getUint32(at + 24, true) };
  const end = at + ENTRY_SIZE + nameLength + view.getUint16(at + 30, true);
  for (let field = at + ENTRY_SIZE + nameLength; field + 4 <= end; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== ZIP64_FIELD) continue;
    let next = field + 4;
    for (const key of ["size", "packed"] as const) {
      if (sizes[key] !== FULL || next + 8 > end) continue;
      sizes[key] = Number(view.getBigUint64(next, true));
      next += 8;
    }
  }
  return sizes;
}

function findEnd(view: DataView): number {
  // The record is last, behind it only a comment of at most 65,535 bytes.
  const lowest = Math.max(0, view.byteLength - END_SIZE - 0xffff);
  for (let at = view.byteLength - END_SIZE; at >= lowest; at--) {
    if (view.getUint32(at, true) === END && at + END_SIZE + view.getUint16(at + 20, true) === view.byteLength)
      return at;
  }
  return -1;
}

function readMember(bytes: Uint8Array, entry: Entry, subject: string): Uint8Array {
  const view = viewOf(bytes);
  if (entry.flags & 1) throw new FormatError(`${subject} is encrypted; save the archive without a password.`);
  if (entry.offset + LOCAL_SIZE > bytes.length || view.getUint32(entry.offset, true) !== LOCAL_ENTRY) {
    throw new FormatError(`${subject} is not where the archive says; the file is truncated or corrupt.`);
  }
  const start =
    entry.offset + LOCAL_SIZE + view.getUint16(entry.offset + 26, true) + view.getUint16(entry.offset + 28, true);
  if (start + entry.packed > bytes.length) throw new FormatError(`${subject} is cut off; the file is truncated.`);
  const content = unpack(bytes.subarray(start, start + entry.packed), entry, subject);
  if (crc32(content) !== entry.crc) throw new FormatError(`${subject} is corrupt: its CRC-32 does not match.`);
  return content;
}

function unpack(packed: Uint8Array, { method, size }: Entry, subject: string): Uint8Array {
  if (method === 8) return inflateExactly(packed, size, subject);
  if (method !== 0) {
    throw new FormatError(`${subject} uses ZIP method ${method}; only stored (0) and deflated (8) members are read.`);
  }
  if (packed.length !== size) throw new FormatError(`${subject} has two different sizes; the archive is corrupt.`);
  return packed;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
