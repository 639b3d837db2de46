/** The bytes of a pickle, read forwards only; every read is checked against the end. */
import { FormatError } from "../errors.js";

export class PickleSource {
  #at = 0;
  readonly #view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    readonly name: string,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.#at;
  }

  get done(): boolean {
    return this.left === 0;
  }

  byte(): number {
    if (this.#at >= this.bytes.length) throw this.#cutOff();
    return this.bytes[this.#at++]!;
  }

  take(count: number): Uint8Array {
    if (count > this.left) throw this.#cutOff();
    this.#at += count;
    return this.bytes.subarray(this.#at - count, this.#at);
  }

  /** A little-endian unsigned integer of 2, 4 or 8 bytes. */
  unsigned(count: 2 | 4 | 8): number {
    const bytes = this.take(count);
    let value = 0;
    for (let i = count - 1; i >= 0; i--) value = value * 256 + bytes[i]!;
    return value;
  }

  /** A little-endian two's-complement integer of `count` bytes that fits a double exactly. */
  long(count: number): number {
    const bytes = this.take(count);
    if (count > 8) throw this.#problem("an integer of more than 64 bits");
    let value = 0n;
    for (let i = count - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    return this.#safe(Number(BigInt.asIntN(8 * count, value)));
  }

  float(): number {
    this.take(8);
    return this.#view.getFloat64(this.#at - 8, false);
  }

  /** Everything up to the next line feed, as latin-1. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw this.#cutOff();
    const text = this.latin1(end - this.#at);
    this.#at++;
    return text;
  }

  decimal(text: string): number {
    if (!/^-?\d{1,20}$/.test(text)) throw this.#problem("a text that should be a whole number");
    return this.#safe(Number(text));
  }

  decimalOrBoolean(): number | boolean {
    const text = this.line();
    if (text === "01") return true;
    if (text === "00") return false;
    return this.decimal(text);
  }

  decimalFloat(): number {
    const text = this.line();
    if (/^[+-]?inf$/.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
    if (text === "nan") return Number.NaN;
    if (!/^[+-]?[\d.]{1,400}(e[+-]?\d{1,4})?$/.test(text)) throw this.#problem("a text that should be a number");
    return Number(text);
  }

  utf8(count: number): string {
    const bytes = this.take(count);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw this.#problem("a text that is not UTF-8");
    }
  }

  latin1(count: number): string {
    const bytes = this.take(count);
    let text = "";
    for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
    return text;
  }

  /** Protocol 0's text: latin-1 with `\uXXXX` escapes. */
  escapedLine(): string {
    return this.line().replace(/\\u([0-9a-f]{4})/gi, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
  }

  /** Python 2's string: quoted, of plain characters. */
  quotedLine(): string {
    const text = this.line();
    const match = /^(["'])([^\\]*)\1$/.exec(text);
    if (match === null) throw this.#problem("a quoted string with escapes");
    return match[2]!;
  }

  #safe(value: number): number {
    if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
    throw this.#problem("an integer beyond ±2⁵³");
  }

  #cutOff(): FormatError {
    return new FormatError(`${this.name}: the pickle ends in the middle of a value; the file is truncated or corrupt.`);
  }

  #problem(found: string): FormatError {
    return new FormatError(`${this.name}: the pickle holds ${found}, which is not supported; the file may be corrupt.`);
  }
}
