/**
 * What kernel generators write with: wasmati's instructions plus locals on demand, constants that are set once at the top of the
 * function, counted loops, and loads and stores of one to three lanes. A kernel is a function of (descriptor, t): the descriptor is
 * a block of 32-bit words in memory (pointers, strides and steps in bytes, sizes), t the iteration of the enclosing loop.
 */
import {
  block,
  br_if,
  call,
  type Dependency,
  f32x4,
  func,
  i32,
  i32x4,
  if_,
  type Local,
  local,
  loop,
  type StackVar,
  v128,
} from "wasmati";

export type I32 = Local<"i32">;
export type Vector = Local<"v128">;
export type OnStack = StackVar<"v128">;
/** A finished function, ready to be exported from a module or called by another one. */
export type WasmFunction = Dependency.Func;

const I32_LOCALS = 64;

/** The part of wasmati's state that the assembler needs: where instructions go, and which locals there are. */
interface Context {
  body: Dependency.Instruction[];
  locals: ("i32" | "i64" | "f32" | "f64" | "v128" | "funcref" | "externref")[];
}

/** A kernel: run by the table of contents of a program with its descriptor's address and the loop's t. */
export function kernel(
  relaxed: boolean,
  build: (asm: Assembler, descriptor: I32, t: I32) => void,
  integers?: number,
): WasmFunction {
  return subroutine(relaxed, 2, (asm, [descriptor, t]) => build(asm, descriptor!, t!), integers);
}

/** A function of `parameters` integers without result. */
export function subroutine(
  relaxed: boolean,
  parameters: number,
  build: (asm: Assembler, args: I32[]) => void,
  integers = I32_LOCALS,
): WasmFunction {
  let asm: Assembler | undefined;
  const made = func(
    { in: new Array(parameters).fill(i32) as [], locals: new Array(integers).fill(i32) as [], out: [] },
    (args: unknown, available: unknown, context: Context) => {
      asm = new Assembler(relaxed, available as I32[], context);
      build(asm, args as I32[]);
    },
  ) as WasmFunction;
  made.body.unshift(...asm!.prologue);
  made.locals.push(...new Array<"v128">(asm!.vectors.length).fill("v128"));
  return made;
}

export class Assembler {
  readonly prologue: Dependency.Instruction[] = [];
  readonly #constants = new Map<string, Vector>();
  #nextInteger = 0;
  /** All vector locals; they come after the integers, so that there can be any number of them. */
  readonly vectors: Vector[] = [];
  readonly #freeVectors: Vector[] = [];
  #inScope: Vector[] = [];

  constructor(
    /** Whether f32x4.relaxed_madd may be used. */
    readonly relaxed: boolean,
    private readonly integers: readonly I32[],
    private readonly context: Context,
  ) {}

  /** A fresh integer local, set to `value` if given. */
  integer(value?: number | I32 | StackVar<"i32">): I32 {
    const fresh = this.integers[this.#nextInteger++];
    if (fresh === undefined) throw new RangeError(`a kernel needs more than ${this.integers.length} integers`);
    if (value !== undefined) local.set(fresh, value);
    return fresh;
  }

  /** A fresh vector local, set to `value` if given. */
  vector(value?: OnStack | Vector): Vector {
    const fresh = this.#freeVectors.pop() ?? this.#newVector();
    this.#inScope.push(fresh);
    if (value !== undefined) local.set(fresh, value);
    return fresh;
  }

  #newVector(): Vector {
    const { locals } = this.context;
    const fresh: Vector = { kind: "local", type: "v128", index: locals.length };
    locals.push("v128");
    this.vectors.push(fresh);
    return fresh;
  }

  /** Releases the locals made inside, except constants, for use by later code. */
  scope(body: () => void): void {
    const [integer, outer] = [this.#nextInteger, this.#inScope];
    this.#inScope = [];
    body();
    this.#nextInteger = integer;
    this.#freeVectors.push(...this.#inScope.reverse());
    this.#inScope = outer;
  }

  /** Four equal floats, set once at the top of the function. */
  constant(value: number): Vector {
    return this.#constant(`f32 ${Object.is(value, -0) ? "-0" : value}`, () =>
      v128.const("f32x4", [value, value, value, value]),
    );
  }

  /** Two equal doubles. */
  double(value: number): Vector {
    return this.#constant(`f64 ${value}`, () => v128.const("f64x2", [value, value]));
  }

  /** Two equal 64-bit patterns. */
  quad(word: bigint): Vector {
    return this.#constant(`quad ${word}`, () => v128.const("i64x2", [word, word]));
  }

  /** Four equal 32-bit patterns. */
  bits(word: number): Vector {
    const bytes = [0, 8, 16, 24].map((shift) => (word >>> shift) & 255);
    return this.#constant(`bits ${word}`, () => v128.const("i8x16", [...bytes, ...bytes, ...bytes, ...bytes] as never));
  }

  /** The lane numbers 0, 1, 2, 3. */
  lanes(): Vector {
    return this.#constant("lanes", () => v128.const("i32x4", [0, 1, 2, 3]));
  }

  #constant(key: string, emit: () => OnStack): Vector {
    let found = this.#constants.get(key);
    if (found === undefined) {
      found = this.#newVector();
      this.#constants.set(key, found);
      const body = this.context.body;
      this.context.body = this.prologue;
      local.set(found, emit());
      this.context.body = body;
    }
    return found;
  }

  /** a·b + c, fused where relaxed SIMD is available. */
  multiplyAdd(a: Vector, b: Vector, c: Vector): Vector {
    return this.vector(this.relaxed ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c));
  }

  /** accumulator ← a·b + accumulator. */
  accumulate(accumulator: Vector, a: Vector, b: Vector): void {
    local.set(
      accumulator,
      this.relaxed ? f32x4.relaxed_madd(a, b, accumulator) : f32x4.add(f32x4.mul(a, b), accumulator),
    );
  }

  /** The descriptor's word number `index`, in a fresh local. */
  word(descriptor: I32, index: number): I32 {
    return this.integer(i32.load({ offset: 4 * index }, descriptor));
  }

  /** The pointer in word `index`, moved t times by the step in the word after it. */
  pointer(descriptor: I32, index: number, t: I32): I32 {
    const moved = i32.mul(i32.load({ offset: 4 * (index + 1) }, descriptor), t);
    return this.integer(i32.add(moved, i32.load({ offset: 4 * index }, descriptor)));
  }

  /** `target` += `amount`, for integers. */
  advance(target: I32, amount: I32 | number): void {
    local.set(target, i32.add(target, amount));
  }

  /** Runs `body` `count` times and leaves 0 in `count`. */
  repeat(count: I32, body: () => void): void {
    block(null, (done) => {
      i32.eqz(count);
      br_if(done);
      loop(null, (again) => {
        this.scope(body);
        local.tee(count, i32.sub(count, 1));
        br_if(again);
      });
    });
  }

  /** Runs `body` while `count` ≥ `size`, taking `size` off each time. */
  repeatBy(count: I32, size: number, body: () => void): void {
    block(null, (done) => {
      i32.lt_s(count, size);
      br_if(done);
      loop(null, (again) => {
        this.scope(body);
        local.tee(count, i32.sub(count, size));
        i32.const(size);
        i32.ge_s();
        br_if(again);
      });
    });
  }

  /** Cuts `count` into chunks of `size`, the last one possibly shorter; leaves 0 in `count`. */
  chunks(count: I32, size: number, body: (chunk: I32) => void): void {
    const chunk = this.integer();
    block(null, (done) => {
      i32.eqz(count);
      br_if(done);
      loop(null, (again) => {
        local.set(chunk, size);
        this.when(i32.lt_s(count, size), () => local.set(chunk, count));
        local.set(count, i32.sub(count, chunk));
        this.scope(() => body(chunk));
        local.get(count);
        br_if(again);
      });
    });
  }

  /** Calls a subroutine. */
  call(target: WasmFunction, args: readonly (I32 | number)[]): void {
    call(target, args as never);
  }

  /** Runs `body` if the integer is not 0. */
  when(condition: I32 | StackVar<"i32">, body: () => void, otherwise?: () => void): void {
    if (condition.kind === "local") local.get(condition);
    const inScope = (part: () => void) => () => this.scope(part);
    if (otherwise) if_(null, inScope(body), inScope(otherwise));
    else if_(null, inScope(body));
  }

  /** The first `count` (1 to 3) floats at `pointer`, `stride` bytes apart; other lanes are 0. */
  loadLanes(pointer: I32, count: I32, stride: I32 | 4): Vector {
    const result = this.vector(v128.load32_zero({}, pointer));
    const at = stride === 4 ? pointer : this.integer(pointer);
    for (let lane = 1; lane < 3; lane++) {
      this.when(i32.gt_s(count, lane), () => {
        if (stride !== 4) this.advance(at, stride);
        local.set(result, v128.load32_lane({ offset: stride === 4 ? 4 * lane : 0 }, lane, at, result));
      });
    }
    return result;
  }

  /** Four floats, `stride` bytes apart. */
  loadStrided(pointer: I32, stride: I32): Vector {
    const result = this.vector(v128.load32_zero({}, pointer));
    const at = this.integer(pointer);
    for (let lane = 1; lane < 4; lane++) {
      this.advance(at, stride);
      local.set(result, v128.load32_lane({}, lane, at, result));
    }
    return result;
  }

  /** Stores the first `count` lanes `stride` bytes apart; 4 lanes if no count is given. */
  storeLanes(pointer: I32, value: Vector, count: I32 | 4, stride: I32 | 4): void {
    v128.store32_lane({}, 0, pointer, value);
    const at = stride === 4 ? pointer : this.integer(pointer);
    for (let lane = 1; lane < (count === 4 ? 4 : 3); lane++) {
      const store = (): void => {
        if (stride !== 4) this.advance(at, stride);
        v128.store32_lane({ offset: stride === 4 ? 4 * lane : 0 }, lane, at, value);
      };
      if (count === 4) store();
      else this.when(i32.gt_s(count, lane), store);
    }
  }

  /** A mask of ones in the first `count` lanes. */
  firstLanes(count: I32): Vector {
    return this.vector(i32x4.gt_s(i32x4.splat(count), this.lanes()));
  }
}
