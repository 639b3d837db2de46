/**
 * The part of Python's pickle, protocols 0–5, that NumPy uses for an array of objects. It is a reader of data, not an
 * unpickler: the five names below are constants that build plain values, every other name or opcode is refused, so no
 * file can run anything. Work and memory are bounded by a budget that is spent with every value made.
 */
import { FormatError } from "../errors.js";
import { buildFromGlobal, GlobalName, PickledArray, setState } from "./pickle-objects.js";
import { PickleSource } from "./pickle-source.js";

/** Values a pickle may make in all; a list or an array counts as eight. IMDB's larger half needs six million. */
const BUDGET = 2 ** 25;

/**
 * Reads one pickle that holds a NumPy array.
 *
 * @param bytes the pickle and nothing else
 * @param name the file's name in messages
 * @returns the array: its shape and, in row-major order, its items: null, booleans, numbers, strings, bytes, lists or arrays
 * @throws FormatError when it is truncated, corrupt, too large, or holds anything but data
 */
export function readPickledArray(bytes: Uint8Array, name: string): PickledArray {
  const machine = new Machine(new PickleSource(bytes, name), name);
  const result = machine.run();
  if (result instanceof PickledArray && result.ready) return result;
  throw new FormatError(`${name}: the pickle does not hold a NumPy array.`);
}

class Machine {
  readonly #stack: unknown[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, unknown>();
  #budget = BUDGET;

  constructor(
    readonly source: PickleSource,
    readonly name: string,
  ) {}

  run(): unknown {
    for (;;) {
      const opcode = this.source.byte();
      if (opcode === 0x2e) return this.#finish();
      if (!(this.#number(opcode) || this.#text(opcode) || this.#container(opcode) || this.#control(opcode))) {
        const shown = opcode > 32 && opcode < 127 ? `"${String.fromCharCode(opcode)}"` : `0x${opcode.toString(16)}`;
        throw this.#problem(
          `uses pickle opcode ${shown}, which arrays of lists of numbers do not need; it is refused unread`,
        );
      }
    }
  }

  #finish(): unknown {
    const result = this.#pop();
    if (this.#stack.length > 0 || this.#marks.length > 0) throw this.#problem("ends in the middle of a value");
    if (!this.source.done) throw this.#problem("continues after its end");
    return result;
  }

  #number(opcode: number): boolean {
    const { source } = this;
    switch (opcode) {
      case 0x4b: // BININT1
        return this.#push(source.byte());
      case 0x4d: // BININT2
        return this.#push(source.unsigned(2));
      case 0x4a: // BININT
        return this.#push(source.unsigned(4) | 0);
      case 0x8a: // LONG1
        return this.#push(source.long(source.byte()));
      case 0x49: // INT
        return this.#push(source.decimalOrBoolean());
      case 0x4c: // LONG
        return this.#push(source.decimal(source.line().replace(/L$/, "")));
      case 0x47: // BINFLOAT
        return this.#push(source.float());
      case 0x46: // FLOAT
        return this.#push(source.decimalFloat());
      case 0x4e: // NONE
        return this.#push(null);
      case 0x88: // NEWTRUE
        return this.#push(true);
      case 0x89: // NEWFALSE
        return this.#push(false);
      default:
        return false;
    }
  }

  #text(opcode: number): boolean {
    const { source } = this;
    switch (opcode) {
      case 0x58: // BINUNICODE
        return this.#pushText(source.utf8(source.unsigned(4)));
      case 0x8c: // SHORT_BINUNICODE
        return this.#pushText(source.utf8(source.byte()));
      case 0x56: // UNICODE
        return this.#pushText(source.escapedLine());
      case 0x53: // STRING
        return this.#pushText(source.quotedLine());
      case 0x54: // BINSTRING
        return this.#pushText(source.latin1(source.unsigned(4)));
      case 0x55: // SHORT_BINSTRING
        return this.#pushText(source.latin1(source.byte()));
      case 0x42: // BINBYTES
        return this.#push(source.take(source.unsigned(4)), 8);
      case 0x43: // SHORT_BINBYTES
        return this.#push(source.take(source.byte()), 8);
      default:
        return false;
    }
  }

  #container(opcode: number): boolean {
    switch (opcode) {
      case 0x28: // MARK
        this.#spend(1);
        this.#marks.push(this.#stack.length);
        return true;
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        return this.#push([], 8);
      case 0x6c: // LIST
      case 0x74: // TUPLE
        return this.#push(this.#popToMark(), 8);
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return this.#push(this.#popMany(opcode - 0x84), 8);
      case 0x61: {
        // APPEND
        const item = this.#pop();
        this.#list().push(item);
        return true;
      }
      case 0x65: {
        // APPENDS
        const items = this.#popToMark();
        const list = this.#list();
        for (const item of items) list.push(item);
        return true;
      }
      default:
        return false;
    }
  }

  #control(opcode: number): boolean {
    const { source } = this;
    switch (opcode) {
      case 0x80: // PROTO
        if (source.byte() > 5) throw this.#problem("uses a pickle protocol above 5");
        return true;
      case 0x95: // FRAME
        if (source.unsigned(8) > source.left) throw this.#problem("is cut off");
        return true;
      case 0x70: // PUT
        return this.#remember(source.decimal(source.line()));
      case 0x71: // BINPUT
        return this.#remember(source.byte());
      case 0x72: // LONG_BINPUT
        return this.#remember(source.unsigned(4));
      case 0x94: // MEMOIZE
        return this.#remember(this.#memo.size);
      case 0x67: // GET
        return this.#recall(source.decimal(source.line()));
      case 0x68: // BINGET
        return this.#recall(source.byte());
      case 0x6a: // LONG_BINGET
        return this.#recall(source.unsigned(4));
      case 0x63: // GLOBAL
        return this.#push(new GlobalName(source.line(), source.line(), this.name), 8);
      case 0x93: {
        // STACK_GLOBAL
        const [module, member] = this.#popMany(2);
        return this.#push(new GlobalName(module, member, this.name), 8);
      }
      case 0x52: {
        // REDUCE
        const [callable, values] = this.#popMany(2);
        return this.#push(buildFromGlobal(callable, values, this.name), 8);
      }
      case 0x62: {
        // BUILD
        const state = this.#pop();
        setState(this.#top(), state, this.name);
        return true;
      }
      default:
        return false;
    }
  }

  #push(value: unknown, cost = 1): true {
    this.#spend(cost);
    this.#stack.push(value);
    return true;
  }

  #pushText(value: string): true {
    return this.#push(value, 4 + (value.length >> 3));
  }

  #spend(cost: number): void {
    this.#budget -= cost;
    if (this.#budget < 0) throw this.#problem(`makes more than ${BUDGET} values; it is refused as too large`);
  }

  #floor(): number {
    return this.#marks.at(-1) ?? 0;
  }

  #pop(): unknown {
    if (this.#stack.length <= this.#floor()) throw this.#problem("takes a value that is not there");
    return this.#stack.pop();
  }

  #top(): unknown {
    if (this.#stack.length <= this.#floor()) throw this.#problem("takes a value that is not there");
    return this.#stack.at(-1);
  }

  #popMany(count: number): unknown[] {
    if (this.#stack.length - this.#floor() < count) throw this.#problem("takes a value that is not there");
    return this.#stack.splice(this.#stack.length - count, count);
  }

  #popToMark(): unknown[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw this.#problem("closes a list that was not opened");
    return this.#stack.splice(mark);
  }

  #list(): unknown[] {
    const list = this.#top();
    if (!Array.isArray(list)) throw this.#problem("appends to something that is not a list");
    return list;
  }

  #remember(key: number): true {
    this.#spend(1);
    this.#memo.set(key, this.#top());
    return true;
  }

  #recall(key: number): true {
    if (!this.#memo.has(key)) throw this.#problem("refers to a value that is not there");
    return this.#push(this.#memo.get(key));
  }

  #problem(detail: string): FormatError {
    return new FormatError(
      `${this.name}: the pickle ${detail}. Expected what numpy.save writes for an array of lists; save it again.`,
    );
  }
}
