/**
 * A program: what an engine runs. Plain, serialisable data — buffers, a list of instructions, and the names of what goes in
 * and out. It knows nothing of layers or of derivatives, and every size in it is a number.
 *
 * Units: sizes, offsets and strides count elements, never bytes. An element is 4 bytes in the wasm engine and 8 in the reference
 * engine; both interpret the same program.
 */
import type { ScalarName, SoftmaxForm } from "../equations/index.js";
import type { DType } from "../tensor/dtype.js";
import type { Shape } from "../tensor/shape.js";

export type { DType };

/**
 * Where numbers live.
 * - `variable`: outlives the run and is shared, by name, by all programs of one device (weights, optimizer slots).
 * - `constant`: written once when the program is loaded.
 * - `scratch`: a range of the arena; `offset` was chosen by the schedule pass, ranges of other buffers may overlap at other times.
 *   Inputs and outputs are scratch buffers too: inputs are live from the start, outputs to the end.
 */
export interface Buffer {
  readonly role: "variable" | "constant" | "scratch";
  readonly dtype: DType;
  /** Number of elements. */
  readonly size: number;
  /** Scratch: first element in the arena; a multiple of 16. */
  readonly offset?: number;
  /** Variables: the name under which the device knows it. Others: a hint for people. */
  readonly name?: string;
  /** Constants: the values. */
  readonly values?: readonly number[];
}

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
 * Operations on single numbers: those of the language, and numbers written into the code. Comparisons give 0 or 1; `where(c, a, b)` is a
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
 * outputs[i][…] = value numbered results[i], computed for each element of `shape`; with a guard, where that is not 0, while outputs keep what
 * they hold elsewhere. An output aliases an input only with an equal view, and never the guard.
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
  readonly guard?: Operand;
  /** Of a shape [rows, columns]: element [i, j] of this input is that of row ids[i] of a table, whose strides are the input's. */
  readonly chosen?: { readonly input: number; readonly ids: Operand };
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
 * Strides are [row, 1], but for those that say otherwise. The output may be the input.
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
  /** One number a row, by which a "softmax" is multiplied in the end. */
  readonly scale?: Operand;
  /** Where a "softmax" leaves the logarithm of the sum, too. */
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
export interface PlacesOfInstruction {
  readonly kind: "placesOf";
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

export type StraightInstruction =
  | MapInstruction
  | MatmulInstruction
  | ReduceInstruction
  | SoftmaxInstruction
  | GatherInstruction
  | ScatterAddInstruction
  | PlacesOfInstruction
  | RandomInstruction
  | FillInstruction
  | CopyInstruction;

export type Instruction = StraightInstruction | LoopInstruction;

/** A named tensor at the program's border; always contiguous in its buffer. */
export interface Port {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly buffer: number;
}

/** A compiled program: `formatProgram` prints it. */
export interface Program {
  readonly name: string;
  /** @internal */
  readonly buffers: readonly Buffer[];
  /** @internal */
  readonly instructions: readonly Instruction[];
  /** @internal */
  readonly inputs: readonly Port[];
  /** @internal */
  readonly variables: readonly Port[];
  /** @internal */
  readonly outputs: readonly Port[];
  /**
   * Elements of scratch memory that the program needs.
   *
   * @internal
   */
  readonly arenaSize: number;
}
