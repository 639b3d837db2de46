/**
 * Writes the code of one WebAssembly function while the functions of instructions.ts are called: each appends its bytes at once. An
 * operand is a local, a number, or what an earlier instruction left on the stack; where a local stands before such a value, its
 * `local.get` is put in front of the code that computes the value. V8 checks types when it compiles; TypeScript does before.
 */
export type ValueType = "i32" | "f32" | "v128";

export interface Local<Type extends ValueType> {
  readonly kind: "local";
  readonly type: Type;
  readonly index: number;
}

/** The result of an instruction, on the stack until another one takes it. */
export interface StackVar<Type extends ValueType> {
  readonly kind: "stack-var";
  readonly type: Type;
}

export type Operand<Type extends ValueType> = Local<Type> | StackVar<Type> | (Type extends "i32" ? number : never);

/** All operands in order, or none where all of them are on the stack. */
export type Operands<Types extends readonly ValueType[]> =
  | []
  | { readonly [Index in keyof Types]: Operand<Types[Index]> };

export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** A finished function. Where another function is called, it stands in place of its number. */
export interface WasmFunction {
  readonly type: FunctionType;
  /** All that are not parameters. */
  readonly locals: readonly ValueType[];
  readonly body: readonly CodePart[];
  /** The functions that are called. */
  readonly calls: ReadonlySet<WasmFunction>;
}

/** A byte, or a function that is called. */
export type CodePart = number | WasmFunction;

const I32_CONST = 0x41;
const LOCAL_GET = 0x20;

/** The function that `writeFunction` is writing. */
let current: FunctionCode | undefined;

/** The function that is being written. */
export function code(): FunctionCode {
  if (!current) throw new RangeError("an instruction outside of a function");
  return current;
}

/** A function of this type; `write` calls instructions in order. */
export function writeFunction(
  type: FunctionType,
  write: (parameters: Local<never>[], code: FunctionCode) => void,
): WasmFunction {
  const outer = current;
  const made = new FunctionCode(type);
  current = made;
  try {
    const parameters = type.parameters.map((each, index) => ({ kind: "local", type: each, index }) as Local<never>);
    write(parameters, made);
  } finally {
    current = outer;
  }
  return { type, locals: made.locals, body: made.prologue.concat(made.body), calls: made.calls };
}

export class FunctionCode {
  /** Runs before everything else. */
  readonly prologue: CodePart[] = [];
  body: CodePart[] = [];
  readonly locals: ValueType[] = [];
  readonly calls = new Set<WasmFunction>();
  /** Number of open blocks. */
  depth = 0;
  /** Of each value on the stack of the innermost block, where its code begins. */
  #starts: number[] = [];

  constructor(private readonly type: FunctionType) {}

  /** A new local; its first value is 0. */
  local<Type extends ValueType>(type: Type): Local<Type> {
    return { kind: "local", type, index: this.type.parameters.length + this.locals.push(type) - 1 };
  }

  /** Appends an instruction that takes `count` operands, given or on the stack, and leaves a value if it has a result. */
  instruction(
    parts: readonly CodePart[],
    count: number,
    operands: readonly Operand<ValueType>[],
    result: boolean,
  ): void {
    const start = operands.length === 0 ? this.#takeFromStack(count) : this.#take(operands);
    this.append(parts);
    if (result) this.#starts.push(start);
  }

  append(parts: readonly CodePart[]): void {
    for (const part of parts) this.body.push(part);
  }

  /** Appends what `write` writes inside of a block, with a stack of its own. */
  nested(write: () => void): void {
    const outer = this.#starts;
    this.#starts = [];
    this.depth++;
    write();
    this.depth--;
    this.#starts = outer;
  }

  /** Appends what is written by `write` to the prologue. */
  before(write: () => void): void {
    const [outer, starts] = [this.body, this.#starts];
    [this.body, this.#starts] = [this.prologue, []];
    write();
    [this.body, this.#starts] = [outer, starts];
  }

  #takeFromStack(count: number): number {
    let start = this.body.length;
    for (let i = 0; i < count; i++) start = this.#pop();
    return start;
  }

  #take(operands: readonly Operand<ValueType>[]): number {
    const { body } = this;
    let last = operands.length - 1;
    while (last >= 0 && !isOnStack(operands[last]!)) last--;
    let start = body.length;
    for (let i = last; i >= 0; i--) {
      if (isOnStack(operands[i]!)) start = this.#pop();
      else {
        const after = body.splice(start);
        this.#load(operands[i]!);
        this.append(after);
      }
    }
    for (let i = last + 1; i < operands.length; i++) this.#load(operands[i]!);
    return start;
  }

  #pop(): number {
    const start = this.#starts.pop();
    if (start === undefined) throw new RangeError("an instruction takes more than is on the stack");
    return start;
  }

  #load(operand: Operand<ValueType>): void {
    if (typeof operand === "number") this.append([I32_CONST, ...signed(operand)]);
    else this.append([LOCAL_GET, ...unsigned((operand as Local<ValueType>).index)]);
  }
}

function isOnStack(operand: Operand<ValueType>): boolean {
  return typeof operand === "object" && operand.kind === "stack-var";
}

/** LEB128, as all numbers in modules are written. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest];
}

/** The same of integers with a sign, of 32 bits. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (; rest < -64 || rest > 63; rest >>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest & 127];
}
