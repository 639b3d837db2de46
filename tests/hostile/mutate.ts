/** Mutators of bytes and of JSON. A mutant depends on its random numbers only, so every one can be made again. */
import { createHash } from "node:crypto";
import { Random } from "../../src/tensor/random.js";

/** Random numbers of one mutant. */
export class Dice {
  readonly #random: Random;

  constructor(seed: number, mutant: number) {
    this.#random = new Random(Math.imul(seed, 0x9e3779b9) ^ Math.imul(mutant + 1, 0x85ebca6b));
  }

  /** A whole number from 0 up to, not with, the limit. */
  below(limit: number): number {
    return this.#random.integer(limit);
  }

  chance(probability: number): boolean {
    return this.#random.uniform() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }
}

type Edit = (bytes: Uint8Array<ArrayBuffer>, dice: Dice, other: Uint8Array) => Uint8Array<ArrayBuffer>;

const extremes = [0, 1, 0xff, 0x7fff, 0xffff, 0x10000, 1_000_000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const edits: readonly Edit[] = [
  (bytes, dice) => {
    for (let i = dice.below(4); i >= 0; i--) bytes[dice.below(bytes.length)]! ^= 1 << dice.below(8);
    return bytes;
  },
  (bytes, dice) => bytes.slice(0, dice.below(bytes.length)),
  // A number where there is one, perhaps.
  (bytes, dice) => {
    const [value, at, width] = [dice.pick(extremes), dice.below(bytes.length), dice.pick([1, 2, 4, 4, 8])];
    for (let i = 0; i < width && at + i < bytes.length; i++) bytes[at + i] = i < 4 ? (value >>> (8 * i)) & 255 : 0;
    return bytes;
  },
  (bytes, dice) => {
    const [from, to] = [dice.below(bytes.length), dice.below(bytes.length)];
    return bytes.copyWithin(to, from, from + 1 + dice.below(256));
  },
  (bytes, dice) => {
    const from = dice.below(bytes.length);
    const end = Math.min(bytes.length, from + 1 + dice.below(256));
    return joined(bytes.subarray(0, end), bytes.subarray(from, end), bytes.subarray(end));
  },
  (bytes, dice) => {
    const from = dice.below(bytes.length);
    return joined(bytes.subarray(0, from), bytes.subarray(from + 1 + dice.below(256)));
  },
  (bytes, dice) => {
    const at = dice.below(bytes.length + 1);
    const noise = Uint8Array.from({ length: 1 + dice.below(64) }, () => dice.below(256));
    return joined(bytes.subarray(0, at), noise, bytes.subarray(at));
  },
  (bytes, dice) => {
    const from = dice.below(bytes.length);
    return bytes.fill(dice.pick([0, 255, 0x20, 0x7f]), from, from + 1 + dice.below(256));
  },
  (bytes, dice, other) => {
    const [from, to] = [dice.below(other.length), dice.below(bytes.length)];
    const length = Math.min(1 + dice.below(1024), other.length - from, bytes.length - to);
    bytes.set(other.subarray(from, from + length), to);
    return bytes;
  },
  (bytes, dice) => {
    bytes[dice.below(Math.min(bytes.length, 64))] = dice.pick([0, 1, 127, 128, 254, 255, dice.below(256)]);
    return bytes;
  },
];

/** Flips, cuts, repeats and splices. @param other of the same kind of file */
export function mutateBytes(bytes: Uint8Array, dice: Dice, other: Uint8Array = bytes): Uint8Array<ArrayBuffer> {
  let result: Uint8Array<ArrayBuffer> = Uint8Array.from(bytes);
  for (let times = dice.below(3); times >= 0 && result.length > 0; times--) {
    result = dice.pick(edits)(result, dice, other);
  }
  return result;
}

const nested = (depth: number, open: string, close: string) => `${open.repeat(depth)}1${close.repeat(depth)}`;

/** JSON texts that are not what was expected there. */
const surprises: readonly ((dice: Dice) => string)[] = [
  ...["null", "true", "false", "0", "-0", "-1", "1", "0.5", "1e9", "2147483648", "4294967296", "9007199254740992"],
  ...["1e308", "-1e308", "1e400", "1e12", "65537", "-2147483649"],
  ...['""', '"x"', '"__proto__"', '"constructor"', '"toString"', '"NaN"', '"Infinity"', '"../../x"', '"/etc/passwd"'],
  ...['"\\u001b[2J\\u0007"', '"\\ud800"', '"\\u0000"', '"a\\u202eb"', "[]", "{}", "[null]", "[[]]", "[{}]", "[-1]"],
  ...['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}', '{"length":1e9}', "[1e9]"],
  ...[
    `[${"2,".repeat(49)}2]`,
    "[null,1e9]",
    '[{"type":"Dense","units":1e9}]',
    '{"$array":0}',
    '{"$map":[[1,2]]}',
    '{"type":"toString"}',
  ],
]
  .map((json) => () => json)
  .concat([
    (dice: Dice) => `"${"a".repeat(1 + dice.below(50_000))}"`,
    (dice: Dice) => nested(1 + dice.below(20_000), "[", "]"),
    (dice: Dice) => nested(1 + dice.below(20_000), '{"a":', "}"),
    (dice: Dice) => `[${Array.from({ length: dice.below(3000) }, () => dice.below(100)).join(",")}]`,
    (dice: Dice) => String(dice.below(1000)),
    (dice: Dice) => String(-dice.below(1000)),
    (dice: Dice) => String(dice.below(1000) / 999),
  ] as (() => string)[]);

/** Of a long list only the first items and the last are tried, so that the rest has its turn. */
const tried = 40;
const isTried = (i: number, list: readonly unknown[]) => i < tried || i === list.length - 1;

/** How many places a value has that can be changed, itself among them. */
function placesIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  const children = Array.isArray(value) ? value.filter((_, i) => isTried(i, value)) : Object.values(value);
  return children.reduce((sum: number, child) => sum + placesIn(child), 1);
}

/** The text of a JSON value with one or two places changed: another kind, another number, keys and items lost, doubled, renamed. */
export function mutateJson(value: unknown, dice: Dice): string {
  const places = placesIn(value);
  const chosen = new Set(Array.from({ length: 1 + dice.below(2) }, () => dice.below(places)));
  let place = 0;
  const print = (item: unknown): string => {
    const changed = chosen.has(place++);
    if (changed && dice.chance(0.45)) {
      place += placesIn(item) - 1;
      return dice.pick(surprises)(dice);
    }
    if (Array.isArray(item)) {
      const items = item.map((child, i) => (isTried(i, item) ? print(child) : JSON.stringify(child)));
      return `[${(changed ? changedItems(items, dice) : items).join(",")}]`;
    }
    if (typeof item === "object" && item !== null) {
      const entries = Object.entries(item).map(([key, child]) => [JSON.stringify(key), print(child)]);
      return `{${(changed ? changedEntries(entries, dice) : entries).map((entry) => entry.join(":")).join(",")}}`;
    }
    return changed ? changedScalar(item, dice) : (JSON.stringify(item) ?? "null");
  };
  return print(value);
}

function changedItems(items: string[], dice: Dice): string[] {
  const at = dice.below(Math.max(1, items.length));
  switch (dice.below(4)) {
    case 0:
      return items.length > 0 ? [...items, items[at]!] : ["null"];
    case 1:
      return items.toSpliced(at, 1);
    case 2:
      return items.toReversed();
    default:
      return [...items, dice.pick(surprises)(dice)];
  }
}

function changedEntries(entries: string[][], dice: Dice): string[][] {
  const at = dice.below(Math.max(1, entries.length));
  const key = dice.pick(['"__proto__"', '"constructor"', '"x"', '"toString"', '"hasOwnProperty"', '""']);
  const here = entries[at] ?? ['"x"', "1"];
  switch (dice.below(4)) {
    case 0:
      return [...entries, [here[0]!, dice.pick(surprises)(dice)]];
    case 1:
      return entries.toSpliced(at, 1);
    case 2:
      return [...entries, [key, dice.pick(surprises)(dice)]];
    default:
      return entries.toSpliced(at, 1, [key, here[1]!]);
  }
}

function changedScalar(value: unknown, dice: Dice): string {
  if (typeof value === "number") {
    const others = [value + 1, value - 1, value * 2, -value, value * 1e6, value + 0.5, value / 3];
    return String(dice.pick(others));
  }
  if (typeof value !== "string") return dice.pick(surprises)(dice);
  return JSON.stringify(
    dice.pick([`${value}x`, value.slice(1), value.toUpperCase(), `${value}\u0007\u009b`, value.repeat(2)]),
  );
}

/** A sealed file (a model, a checkpoint) in its parts. */
export interface Sealed {
  /** Magic and version. */
  readonly head: Uint8Array;
  readonly header: Record<string, unknown>;
  readonly data: Uint8Array;
}

const digestLength = 32;

export function unseal(bytes: Uint8Array): Sealed {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(12, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + length))) as Record<string, unknown>;
  return { head: bytes.slice(0, 12), header, data: bytes.slice(16 + length, -digestLength) };
}

/** A file with another header and other data, and the checksum of both. */
export function seal(head: Uint8Array, header: string | Uint8Array, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const json = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const start = Math.ceil((16 + json.length) / 8) * 8;
  const bytes = new Uint8Array(start + data.length + digestLength);
  bytes.set(head);
  new DataView(bytes.buffer).setUint32(12, start - 16, true);
  bytes.fill(0x20, 16, start);
  bytes.set(json, 16);
  bytes.set(data, start);
  return resealed(bytes);
}

/** The same bytes with a checksum that is right. */
export function resealed(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = Uint8Array.from(bytes);
  if (result.length < digestLength) return result;
  const digest = createHash("sha256").update(result.subarray(0, -digestLength)).digest();
  result.set(digest, result.length - digestLength);
  return result;
}

const oddNumbers = [0x7fc00000, 0x7f800000, 0xff800000, 0x7f7fffff, 0x00000001, 0x80000000, 0xffffffff];

/** A sealed file whose header, numbers or bytes are changed, sealed again. @param edit makes the header's text */
export function mutateSealed(
  bytes: Uint8Array,
  dice: Dice,
  edit = (header: Record<string, unknown>): string => mutateJson(header, dice),
): Uint8Array<ArrayBuffer> {
  const { head, header, data } = unseal(bytes);
  const plain = JSON.stringify(header);
  const kind = dice.below(10);
  if (kind < 7) return seal(head, edit(header), data);
  if (kind === 7) return seal(head, mutateBytes(new TextEncoder().encode(plain), dice), data);
  if (kind === 8) return resealed(mutateBytes(bytes, dice));
  const numbers = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let i = dice.below(8); i >= 0 && data.length >= 4; i--) {
    numbers.setUint32(dice.below(data.length >> 2) * 4, dice.pick(oddNumbers), true);
  }
  return seal(head, plain, data);
}
