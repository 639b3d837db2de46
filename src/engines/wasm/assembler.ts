/**
 * The assembler of kernels, on top of instructions.ts: locals on demand, constants that are set once at the top of the function, counted
 * loops, and loads and stores of one to three lanes.
 */
import { type FunctionCode, type Local, type StackVar, type WasmFunction, writeFunction } from "./function-code.js";
import { block, br_if, call, f32x4, i32, i32x4, if_, local, loop, v128 } from "./instructions.js";

export type { WasmFunction } from "./function-code.js";
export type I32 = Local<"i32">;
export type Vector = Local<"v128">;
export type OnStack = StackVar<"v128">;

/** A function of `parameters` integers without result. */
export function subroutine(
  relaxed: boolean,
  parameters: number,
  build: (asm: Assembler, args: I32[]) => void,
): WasmFunction {
  const type = { parameters: new Array<"i32">(parameters).fill("i32"), results: [] };
  return writeFunction(type, (args, code) => build(new Assembler(relaxed, code), args as I32[]));
}

export class Assembler {
  readonly #constants = new Map<string, Vector>();
  readonly #integers: I32[] = [];
  /** Number of integers in use. */
  #used = 0;
  readonly #freeVectors: Vector[] = [];
  #inScope: Vector[] = [];

  constructor(
    /** Whether f32x4.relaxed_madd may be used. */
    readonly relaxed: boolean,
    private readonly code: FunctionCode,
  ) {}

  /** A fresh integer local, set to `value` if given. */
  integer(value?: number | I32 | StackVar<"i32">): I32 {
    this.#integers[this.#used] ??= this.code.local("i32");
    const fresh = this.#integers[this.#used++]!;
    if (value !== undefined) local.set(fresh, value);
    return fresh;
  }

  /** A fresh vector local, set to `value` if given. */
  vector(value?: OnStack | Vector): Vector {
    const fresh = this.#freeVectors.pop() ?? this.code.local("v128");
    this.#inScope.push(fresh);
    if (value !== undefined) local.set(fresh, value);
    return fresh;
  }

  /** Releases the locals made inside, except constants, for use by later code. */
  scope(body: () => void): void {
    const [used, outer] = [this.#used, this.#inScope];
    this.#inScope = [];
    body();
    this.#used = used;
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
    return this.#constant(`bits ${word}`, () => v128.const("i8x16", [...bytes, ...bytes, ...bytes, ...bytes]));
  }

  /** The lane numbers 0, 1, 2, 3. */
  lanes(): Vector {
    return this.#constant("lanes", () => v128.const("i32x4", [0, 1, 2, 3]));
  }

  #constant(key: string, emit: () => OnStack): Vector {
    const found = this.#constants.get(key);
    if (found) return found;
    const made = this.code.local("v128");
    this.#constants.set(key, made);
    this.code.before(() => local.set(made, emit()));
    return made;
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

  /** `target` += `amount`, for integers. */
  advance(target: I32, amount: I32 | number): void {
    local.set(target, i32.add(target, amount));
  }

  /** Runs `body` `count` times and leaves 0 in `count`. */
  repeat(count: I32, body: () => void): void {
    block((done) => {
      i32.eqz(count);
      br_if(done);
      loop((again) => {
        this.scope(body);
        local.tee(count, i32.sub(count, 1));
        br_if(again);
      });
    });
  }

  /** Runs `body` while `count` ≥ `size`, taking `size` off each time. */
  repeatBy(count: I32, size: number, body: () => void): void {
    block((done) => {
      i32.lt_s(count, size);
      br_if(done);
      loop((again) => {
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
    block((done) => {
      i32.eqz(count);
      br_if(done);
      loop((again) => {
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
    call(target, args);
  }

  /** Runs `body` if the integer is not 0. */
  when(condition: I32 | StackVar<"i32">, body: () => void, otherwise?: () => void): void {
    if (condition.kind === "local") local.get(condition);
    const inScope = (part: () => void) => () => this.scope(part);
    if (otherwise) if_(inScope(body), inScope(otherwise));
    else if_(inScope(body));
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
