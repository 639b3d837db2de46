/**
 * WebAssembly's instructions that kernels use, under their own names: `f32x4.add(x, y)` appends to the function being written
 * (function-code.ts) and stands for its result. Operands may be left out where they are on the stack already.
 */
import {
  type CodePart,
  code,
  type Local,
  type Operand,
  type Operands,
  type StackVar,
  signed,
  unsigned,
  type ValueType,
  type WasmFunction,
} from "./function-code.js";

type Result = ValueType | undefined;
/** The result of an instruction, left on the stack. */
type Left<Type extends Result> = Type extends ValueType ? StackVar<Type> : undefined;
type Instruction<In extends readonly ValueType[], Out extends Result> = (...operands: Operands<In>) => Left<Out>;

const results = {
  i32: { kind: "stack-var", type: "i32" },
  f32: { kind: "stack-var", type: "f32" },
  v128: { kind: "stack-var", type: "v128" },
} as const;

function emit<Out extends Result>(
  parts: readonly CodePart[],
  count: number,
  operands: readonly Operand<ValueType>[],
  result: Out,
): Left<Out> {
  code().instruction(parts, count, operands, result !== undefined);
  const left: StackVar<ValueType> | undefined = result && results[result];
  return left as Left<Out>;
}

function instruction<const In extends readonly ValueType[], Out extends Result>(
  opcode: readonly number[],
  operands: In,
  result: Out,
): Instruction<In, Out> {
  return (...given) => emit(opcode, operands.length, given as readonly Operand<ValueType>[], result);
}

/** An instruction of the SIMD set. */
const simd = (number: number): readonly number[] => [0xfd, ...unsigned(number)];
const unary = (number: number) => instruction(simd(number), ["v128"], "v128");
const binary = (number: number) => instruction(simd(number), ["v128", "v128"], "v128");
const ternary = (number: number) => instruction(simd(number), ["v128", "v128", "v128"], "v128");
const shift = (number: number) => instruction(simd(number), ["v128", "i32"], "v128");
const integers = (opcode: number) => instruction([opcode], ["i32", "i32"], "i32");

/** Memory argument: `offset` bytes beyond an address. */
interface MemoryArgument {
  readonly offset?: number;
}

/** @param align the logarithm of the expected alignment */
function access<const In extends readonly ValueType[], Out extends Result>(
  opcode: readonly number[],
  align: number,
  operands: In,
  result: Out,
): (at: MemoryArgument, ...operands: Operands<In>) => Left<Out> {
  return ({ offset = 0 }, ...given) =>
    emit([...opcode, align, ...unsigned(offset)], operands.length, given as readonly Operand<ValueType>[], result);
}

function laneAccess<const In extends readonly ValueType[], Out extends Result>(
  opcode: readonly number[],
  operands: In,
  result: Out,
): (at: MemoryArgument, lane: number, ...operands: Operands<In>) => Left<Out> {
  return ({ offset = 0 }, lane, ...given) =>
    emit([...opcode, 2, ...unsigned(offset), lane], operands.length, given as readonly Operand<ValueType>[], result);
}

export const i32 = {
  const: (value: number): StackVar<"i32"> => emit([0x41, ...signed(value)], 0, [], "i32"),
  load: access([0x28], 2, ["i32"], "i32"),
  store: access([0x36], 2, ["i32", "i32"], undefined),
  eqz: instruction([0x45], ["i32"], "i32"),
  lt_s: integers(0x48),
  gt_s: integers(0x4a),
  ge_s: integers(0x4e),
  add: integers(0x6a),
  sub: integers(0x6b),
  mul: integers(0x6c),
  and: integers(0x71),
  shl: integers(0x74),
  shr_u: integers(0x76),
};

export const f32 = {
  const: (value: number): StackVar<"f32"> => emit([0x43, ...lanesOf("f32x4", [value])], 0, [], "f32"),
  load: access([0x2a], 2, ["i32"], "f32"),
  store: access([0x38], 2, ["i32", "f32"], undefined),
  ne: instruction([0x5c], ["f32", "f32"], "i32"),
  add: instruction([0x92], ["f32", "f32"], "f32"),
};

const shapes = { i8x16: Int8Array, i32x4: Int32Array, i64x2: BigInt64Array, f32x4: Float32Array, f64x2: Float64Array };

/** Four, two or sixteen lanes as bytes, the lowest first. */
function lanesOf(shape: keyof typeof shapes, values: readonly (number | bigint)[]): Uint8Array {
  return new Uint8Array(new shapes[shape](values as never).buffer);
}

export const v128 = {
  const: (shape: keyof typeof shapes, values: readonly (number | bigint)[]): StackVar<"v128"> =>
    emit([...simd(12), ...lanesOf(shape, values)], 0, [], "v128"),
  load: access(simd(0), 4, ["i32"], "v128"),
  load32_splat: access(simd(9), 2, ["i32"], "v128"),
  load32_zero: access(simd(92), 2, ["i32"], "v128"),
  load32_lane: laneAccess(simd(86), ["i32", "v128"], "v128"),
  store: access(simd(11), 4, ["i32", "v128"], undefined),
  store32_lane: laneAccess(simd(90), ["i32", "v128"], undefined),
  and: binary(78),
  andnot: binary(79),
  or: binary(80),
  xor: binary(81),
  bitselect: ternary(82),
};

export const i8x16 = {
  /** Sixteen numbers of bytes: 0 to 15 of the first vector, 16 to 31 of the second. */
  shuffle: (bytes: readonly number[], ...vectors: Operands<["v128", "v128"]>): StackVar<"v128"> =>
    emit([...simd(13), ...bytes], 2, vectors, "v128"),
};

export const i32x4 = {
  splat: instruction(simd(17), ["i32"], "v128"),
  gt_s: binary(59),
  shl: shift(171),
  shr_s: shift(172),
  shr_u: shift(173),
  add: binary(174),
  sub: binary(177),
  mul: binary(181),
};

export const i64x2 = {
  shl: shift(203),
  shr_s: shift(204),
  add: binary(206),
  sub: binary(209),
};

export const f32x4 = {
  eq: binary(65),
  ne: binary(66),
  lt: binary(67),
  gt: binary(68),
  le: binary(69),
  ge: binary(70),
  demote_f64x2_zero: unary(94),
  floor: unary(104),
  abs: unary(224),
  neg: unary(225),
  sqrt: unary(227),
  add: binary(228),
  sub: binary(229),
  mul: binary(230),
  div: binary(231),
  min: binary(232),
  max: binary(233),
  pmin: binary(234),
  pmax: binary(235),
  convert_i32x4_s: unary(250),
  relaxed_madd: ternary(261),
};

export const f64x2 = {
  eq: binary(71),
  lt: binary(73),
  promote_low_f32x4: unary(95),
  add: binary(240),
  sub: binary(241),
  mul: binary(242),
  div: binary(243),
  min: binary(244),
  max: binary(245),
};

export const memory = {
  /** Takes the target, the source, and the number of bytes. */
  copy: instruction([0xfc, 10, 0, 0], ["i32", "i32", "i32"], undefined),
  /** Takes an address, a byte's value, and the number of bytes. */
  fill: instruction([0xfc, 11, 0], ["i32", "i32", "i32"], undefined),
};

export const local = {
  get: <Type extends ValueType>({ index, type }: Local<Type>): StackVar<Type> =>
    emit([0x20, ...unsigned(index)], 0, [], type) as StackVar<Type>,
  set: <Type extends ValueType>({ index }: Local<Type>, ...value: [] | [Operand<Type>]): undefined =>
    emit([0x21, ...unsigned(index)], 1, value, undefined),
  tee: <Type extends ValueType>({ index, type }: Local<Type>, ...value: [] | [Operand<Type>]): StackVar<Type> =>
    emit([0x22, ...unsigned(index)], 1, value, type) as StackVar<Type>,
};

/** Target of a jump: the end of a block, the beginning of a loop. */
export interface Label {
  readonly depth: number;
}

const NO_RESULT = 0x40;
const [BLOCK, LOOP, IF, ELSE, END, BR_IF] = [0x02, 0x03, 0x04, 0x05, 0x0b, 0x0d];

function labelled(opcode: number, write: (label: Label) => void): void {
  const writer = code();
  writer.append([opcode, NO_RESULT]);
  writer.nested(() => write({ depth: writer.depth }));
  writer.append([END]);
}

/** A block: a jump to its label leaves it. */
export const block = (write: (label: Label) => void): void => labelled(BLOCK, write);

/** A loop: a jump to its label starts it again. */
export const loop = (write: (label: Label) => void): void => labelled(LOOP, write);

/** Takes an integer: `then` where it is not 0, `otherwise` where it is. */
export function if_(then: () => void, otherwise?: () => void): void {
  const writer = code();
  emit([IF, NO_RESULT], 1, [], undefined);
  writer.nested(then);
  if (otherwise) {
    writer.append([ELSE]);
    writer.nested(otherwise);
  }
  writer.append([END]);
}

/** Takes an integer, and jumps where it is not 0. */
export function br_if(label: Label): void {
  emit([BR_IF, ...unsigned(code().depth - label.depth)], 1, [], undefined);
}

/** Calls a function without results. */
export function call(target: WasmFunction, operands: Operands<"i32"[]>): void {
  code().calls.add(target);
  emit([0x10, target], target.type.parameters.length, operands as readonly Operand<"i32">[], undefined);
}

/** Takes (descriptor, t, number), and calls the kernel with that number in the module's table. */
export function callKernel(): void {
  emit([0x11, 0, 0], 3, [], undefined);
}
