/**
 * Event files of TensorBoard: each record is a length, a checksum of the length, an Event in protocol-buffer encoding, and a
 * checksum of it (TFRecord). Checksums are CRC-32C (Castagnoli, polynomial 0x82f63b78 reflected), rotated and shifted as TensorFlow masks them.
 */

/** A number under a name, at a step. */
export interface ScalarEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
}

/** The first record of every event file. */
export function fileVersionRecord(wallTime: number): Uint8Array {
  return record(message(double(1, wallTime), bytes(3, text("brain.Event:2"))));
}

/** The record of some numbers: an Event with a Summary of simple values. */
export function scalarRecord({ wallTime, step, values }: ScalarEvent): Uint8Array {
  const summary = Object.entries(values).map(([tag, value]) => bytes(1, message(bytes(1, text(tag)), float(2, value))));
  // Protocol buffers leave out a field that is zero.
  const at = step === 0 ? [] : [varintField(2, step)];
  return record(message(double(1, wallTime), ...at, bytes(5, message(...summary))));
}

/** The masked CRC-32C of some bytes. */
export function maskedCrc32c(data: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of data) remainder = (remainder >>> 8) ^ TABLE[(remainder ^ byte) & 0xff]!;
  const sum = ~remainder >>> 0;
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0x82f63b78 : remainder >>> 1;
  return remainder;
});

function record(data: Uint8Array): Uint8Array {
  const length = numbers(8, (view) => view.setBigUint64(0, BigInt(data.length), true));
  const sum = (of: Uint8Array) => numbers(4, (view) => view.setUint32(0, maskedCrc32c(of), true));
  return message(length, sum(length), data, sum(data));
}

function message(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// Fields of a message: a key, which is the field's number and the kind of its encoding, and the value.

function double(field: number, value: number): Uint8Array {
  return message(
    varint(field * 8 + 1),
    numbers(8, (view) => view.setFloat64(0, value, true)),
  );
}

function float(field: number, value: number): Uint8Array {
  return message(
    varint(field * 8 + 5),
    numbers(4, (view) => view.setFloat32(0, value, true)),
  );
}

function varintField(field: number, value: number): Uint8Array {
  return message(varint(field * 8), varint(value));
}

function bytes(field: number, value: Uint8Array): Uint8Array {
  return message(varint(field * 8 + 2), varint(value.length), value);
}

/** Seven bits a byte, the least first; all but the last byte have the eighth bit set. */
function varint(value: number): Uint8Array {
  const groups: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) groups.push((rest % 128) + 128);
  return Uint8Array.of(...groups, rest);
}

function numbers(length: number, write: (view: DataView) => void): Uint8Array {
  const data = new Uint8Array(length);
  write(new DataView(data.buffer));
  return data;
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
