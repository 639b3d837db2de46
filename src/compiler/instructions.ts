/**
 * Instructions: the type of each says what it computes, and `accessesOf` says in one switch what it reads and writes. The schedule, the checks
 * of engines and the printed program all ask that switch.
 */
import { firstPositionsOp, isOp, type Node, randomOp, type ScalarName, type SoftmaxForm } from "../equations/index.js";
import type { DType } from "../tensor/dtype.js";
import { type Shape, sizeOf } from "../tensor/shape.js";

/**
 * A strided view of a buffer. Element [i, j, …] of the instruction's iteration space, at iteration t of the enclosing loop, is
 * `buffer[offset + t·step + i·strides[0] + j·strides[1] + …]`. A stride of 0 repeats; a negative one runs backwards.
 */
export interface Operand {
  readonly buffer: number;
  readonly offset: number;
  readonly strides: readonly number[];
  /** Elements to move per loop iteration; 0 outside loops. */
  readonly step: number;
}

/**
 * Operations on single numbers: those of the language, and constants. Comparisons give 0 or 1; `where(c, a, b)` is a
 * when c ≠ 0; `flush` makes numbers below 2⁻¹⁰⁰ zero.
 */
export type ScalarOp = ScalarName | "constant";

/** One step of fused elementwise code. `arguments` number the values: first the inputs, then the steps in order. */
export interface ScalarStep {
  readonly op: ScalarOp;
  readonly arguments: readonly number[];
  /** The number of a `constant` step. */
  readonly value?: number;
}

/**
 * outputs[i][…] = value numbered results[i], computed for each element of `shape`; with a row mask, where that is not 0, while outputs keep what
 * they hold elsewhere. An output aliases an input only with an equal view, and never the row mask.
 */
export interface MapInstruction {
  readonly kind: "map";
  readonly shape: Shape;
  readonly inputs: readonly Operand[];
  /** Int inputs are converted to float when read. */
  readonly inputTypes: readonly DType[];
  readonly steps: readonly ScalarStep[];
  readonly results: readonly number[];
  /** Float; no output has a stride of 0 on an axis longer than 1. */
  readonly outputs: readonly Operand[];
  /** Of a shape [rows, columns]. Float; its strides are [any, 0]. */
  readonly rowMask?: Operand;
  /** Of a shape [rows, columns]: element [i, j] of this input is that of row ids[i] of a table, whose strides are the input's. */
  readonly gather?: { readonly input: number; readonly ids: Operand };
}

/**
 * out[p, i, j] = Σ over l of a[p, i, l] · b[p, l, j] (added to what is there if `accumulate`), for p < batch, i < m, l < k, j < n.
 * All operands have three strides. Of the last two strides of `a`, and of `b`, one is 1; out's last stride is 1.
 * Outputs never overlap inputs.
 */
export interface MatmulInstruction {
  readonly kind: "matmul";
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly a: Operand;
  readonly b: Operand;
  readonly output: Operand;
  readonly accumulate: boolean;
}

/** output[o, i] = reduction over l of input[o, l, i]; shape is [outer, length, inner]. `argmax` gives the first index, as int. */
export interface ReduceInstruction {
  readonly kind: "reduce";
  readonly op: "sum" | "sumSquares" | "max" | "argmax";
  readonly shape: readonly [outer: number, length: number, inner: number];
  /** Three strides, any values. */
  readonly input: Operand;
  /** Two strides: [inner, 1]. */
  readonly output: Operand;
}

/**
 * Row by row: softmax, its logarithm, or the logarithm of the sum of exponentials (one number a row), shifted by the row's maximum.
 * Strides are [row, 1] unless a field says otherwise. The output may be the input.
 */
export interface SoftmaxInstruction {
  readonly kind: "softmax";
  readonly form: SoftmaxForm;
  readonly rows: number;
  readonly columns: number;
  readonly input: Operand;
  /** Added to every row of the input first. Strides are [0, 1]. */
  readonly bias?: Operand;
  readonly output: Operand;
  /** One number per row. The result of a "softmax" is multiplied by it. */
  readonly scale?: Operand;
  /** Second target of a "softmax": the logarithm of the sum. */
  readonly logSum?: Operand;
}

/** output[i, :] = table[ids[i] + i·perRow, :] for i < count, bit for bit, whatever the type; table and output strides are [row, 1], ids' is any. */
export interface GatherInstruction {
  readonly kind: "gather";
  readonly count: number;
  readonly width: number;
  readonly perRow: number;
  readonly table: Operand;
  readonly ids: Operand;
  readonly output: Operand;
}

/** output[ids[i] + i·perRow, :] += source[i, :] for i = 0 … count − 1, in this order. */
export interface ScatterAddInstruction {
  readonly kind: "scatterAdd";
  readonly count: number;
  readonly width: number;
  readonly perRow: number;
  readonly source: Operand;
  readonly ids: Operand;
  readonly output: Operand;
}

/** output[r] = the smallest i with ids[i] = r, or count if there is none, for r < rows. Int; strides [1]. */
export interface FirstPositionsInstruction {
  readonly kind: "firstPositions";
  readonly count: number;
  readonly rows: number;
  readonly ids: Operand;
  readonly output: Operand;
}

/**
 * output[i] = uniform number in [0, 1) that depends only on the value of `seed`, `stream` and i + t·size:
 * `(mix(mix(i + t·size) + mix(seed + mix(stream))) >>> 8) / 2²⁴` in 32-bit unsigned arithmetic, where mix is the "lowbias32" finaliser
 * x ^= x >>> 16; x *= 0x7feb352d; x ^= x >>> 15; x *= 0x846ca68b; x ^= x >>> 16.
 */
export interface RandomInstruction {
  readonly kind: "random";
  readonly size: number;
  readonly stream: number;
  /** One int. */
  readonly seed: Operand;
  /** Contiguous: strides [1]. */
  readonly output: Operand;
}

/** output[0 … size − 1] = value. Contiguous. Float. */
export interface FillInstruction {
  readonly kind: "fill";
  readonly size: number;
  readonly value: number;
  readonly output: Operand;
}

/** output[…] = input[…] for each element of `shape`, bit for bit, whatever the type. Any strides. */
export interface CopyInstruction {
  readonly kind: "copy";
  readonly shape: Shape;
  readonly input: Operand;
  readonly output: Operand;
}

/** Runs `body` for t = 0 … length − 1, or from length − 1 down to 0. Loops do not nest. */
export interface LoopInstruction {
  readonly kind: "loop";
  readonly length: number;
  readonly reverse: boolean;
  readonly body: readonly StraightInstruction[];
}

/** Instructions that read vectors and write one vector. Lowering writes them all in one way, by `asPlainInstruction`. */
export type PlainInstruction = FirstPositionsInstruction | RandomInstruction;

export type StraightInstruction =
  | MapInstruction
  | MatmulInstruction
  | ReduceInstruction
  | SoftmaxInstruction
  | GatherInstruction
  | ScatterAddInstruction
  | FillInstruction
  | CopyInstruction
  | PlainInstruction;

export type Instruction = StraightInstruction | LoopInstruction;

/** One operand of an instruction. */
export interface Access {
  readonly operand: Operand;
  /** The shape of the numbers that are read or written; one row of a table whose rows are taken by ids. */
  readonly shape: Shape;
  readonly writes: boolean;
}

const read = (operand: Operand, shape: Shape): Access => ({ operand, shape, writes: false });
const write = (operand: Operand, shape: Shape): Access => ({ operand, shape, writes: true });

/** Everything that an instruction reads and writes. */
export function accessesOf(instruction: StraightInstruction): readonly Access[] {
  switch (instruction.kind) {
    case "map": {
      const { inputs, outputs, rowMask, gather, shape } = instruction;
      const oneRow = [1, ...shape.slice(1)];
      return [
        ...inputs.map((operand, i) => read(operand, gather?.input === i ? oneRow : shape)),
        ...outputs.map((operand) => write(operand, shape)),
        ...(rowMask ? [read(rowMask, shape)] : []),
        ...(gather ? [read(gather.ids, shape.slice(0, 1))] : []),
      ];
    }
    case "matmul": {
      const { batch, m, k, n, a, b, output } = instruction;
      return [read(a, [batch, m, k]), read(b, [batch, k, n]), write(output, [batch, m, n])];
    }
    case "reduce": {
      const { shape, input, output } = instruction;
      return [read(input, shape), write(output, [shape[0], shape[2]])];
    }
    case "softmax": {
      const { rows, columns, form, input, bias, output, scale, logSum } = instruction;
      return [
        read(input, [rows, columns]),
        ...(bias ? [read(bias, [rows, columns])] : []),
        write(output, [rows, form === "logSumExp" ? 1 : columns]),
        ...(scale ? [read(scale, [rows, 1])] : []),
        ...(logSum ? [write(logSum, [rows, 1])] : []),
      ];
    }
    case "gather": {
      const { count, width, table, ids, output } = instruction;
      return [read(table, [Math.min(count, 1), width]), read(ids, [count]), write(output, [count, width])];
    }
    case "scatterAdd": {
      const { count, width, source, ids, output } = instruction;
      return [read(source, [count, width]), read(ids, [count]), write(output, [Math.min(count, 1), width])];
    }
    case "fill":
      return [write(instruction.output, [instruction.size])];
    case "copy":
      return [read(instruction.input, instruction.shape), write(instruction.output, instruction.shape)];
    case "random":
      return [read(instruction.seed, []), write(instruction.output, [instruction.size])];
    case "firstPositions":
      return [read(instruction.ids, [instruction.count]), write(instruction.output, [instruction.rows])];
  }
}

/** The operands of an instruction. */
export function operandsOf(instruction: StraightInstruction): readonly Operand[] {
  return accessesOf(instruction).map(({ operand }) => operand);
}

/** Makes the instruction. Each input is a vector with any stride; the output is contiguous. */
export type PlainWriter = (inputs: readonly Operand[], output: Operand) => PlainInstruction;

/** The plain instruction that a node becomes; undefined for other nodes. */
export function asPlainInstruction(node: Node): PlainWriter | undefined {
  const size = sizeOf(node.shape);
  if (isOp(node, randomOp)) {
    const { stream } = node.attributes;
    return ([seed], output) => ({ kind: "random", size, stream, seed: seed!, output });
  }
  if (isOp(node, firstPositionsOp)) {
    const count = sizeOf(node.inputs[0]!.shape);
    return ([ids], output) => ({ kind: "firstPositions", count, rows: size, ids: ids!, output });
  }
  return undefined;
}
