/** Lowering of instructions to calls of kernels: it chooses the kernel for a layout of memory and writes its descriptor. */
import type {
  CopyInstruction,
  FillInstruction,
  GatherInstruction,
  MapInstruction,
  ReduceInstruction,
  ScatterAddInstruction,
  SoftmaxInstruction,
  StraightInstruction,
} from "../../compiler/program.js";
import { sizeOf } from "../../tensor/shape.js";
import type { Blas } from "./blas.js";
import type { Call } from "./call.js";
import { iterationSpace } from "./iteration-space.js";
import { gatherKernel, rowsLayout, scatterAddKernel } from "./kernels/gather.js";
import { blockCopyKernel, blockCopyLayout, zeroKernel, zeroLayout } from "./kernels/memory.js";
import { plainCall } from "./kernels/plain.js";
import { type ReduceLayout, reduceKernel, reduceLayout } from "./kernels/reduce.js";
import { reduceStripsKernel, reduceStripsLayout, STRIPS_WORKSPACE } from "./kernels/reduce-strips.js";
import { softmaxKernel, softmaxLayout } from "./kernels/softmax.js";
import { transposeKernel, transposeLayout } from "./kernels/transpose.js";
import { type Locate, lowerConstant, lowerMap } from "./lower-map.js";
import { lowerMatmul } from "./lower-matmul.js";

/**
 * @param blas the system's BLAS, where there is one
 * @param locate finds where operands start in memory, as far as that is known
 */
export function lower(instruction: StraightInstruction, blas?: Pick<Blas, "smallProducts">, locate?: Locate): Call[] {
  switch (instruction.kind) {
    case "map":
      return lowerMap(instruction, locate);
    case "matmul":
      return lowerMatmul(instruction, blas);
    case "reduce":
      return lowerReduce(instruction);
    case "softmax":
      return lowerSoftmax(instruction);
    case "gather":
      return lowerRows(instruction, instruction.output, instruction.table);
    case "scatterAdd":
      return lowerRows(instruction, instruction.source, instruction.output);
    case "fill":
      return lowerFill(instruction);
    case "copy":
      return lowerCopy(instruction);
    default:
      return [plainCall(instruction)];
  }
}

/** From how many columns and rows on a matrix is reduced in strips. */
const COLUMNS_OF_STRIPS = 32;
const ROWS_OF_STRIPS = 128;

function lowerReduce({ op, shape, input, output }: ReduceInstruction): Call[] {
  let [outer, length, inner] = shape;
  let [outerStride, lengthStride, innerStride] = input.strides as [number, number, number];
  if (inner === 1) {
    // The outputs are contiguous along both axes: the outer one may serve as the inner one.
    [outer, inner, outerStride, innerStride] = [1, outer, 0, outerStride];
  }
  if (outer * inner === 0) return [];
  const rows = lengthStride === 1 && op !== "argmax";
  const values = {
    output,
    input,
    outerStride: 4 * outerStride,
    lengthStride: 4 * lengthStride,
    innerStride: 4 * innerStride,
    outer,
    length,
    inner,
  };
  if (op !== "argmax" && innerStride === 1 && inner >= COLUMNS_OF_STRIPS && length >= ROWS_OF_STRIPS) {
    return [
      {
        key: `reduce ${op} strips`,
        make: (relaxed) => reduceStripsKernel(relaxed, op),
        words: reduceStripsLayout.words({ ...values, workspace: { buffer: "workspace", bytes: 0 } }),
        workspace: STRIPS_WORKSPACE,
      },
    ];
  }
  const layout: ReduceLayout = innerStride === 1 && (inner >= 4 || !rows) ? "columns" : rows ? "rows" : "strided";
  return [
    {
      key: `reduce ${op} ${layout}`,
      make: (relaxed) => reduceKernel(relaxed, op, layout),
      words: reduceLayout.words(values),
    },
  ];
}

function lowerSoftmax({ form, rows, columns, input, output, logSum, bias, scale }: SoftmaxInstruction): Call[] {
  if (columns === 0) {
    const sums = form === "logSumExp" ? output : logSum;
    return sums ? lowerConstant([rows, 1], -Infinity, sums) : [];
  }
  if (rows === 0) return [];
  const parts = { form, logSum: logSum !== undefined, bias: bias !== undefined, scale: scale !== undefined };
  return [
    {
      key: `softmax ${JSON.stringify(parts)}`,
      make: (relaxed) => softmaxKernel(relaxed, parts),
      words: softmaxLayout.words({ output, input, rows, columns, logSum, bias, scale }),
    },
  ];
}

function lowerRows(
  { kind, count, width, perRow, ids }: GatherInstruction | ScatterAddInstruction,
  rows: GatherInstruction["output"],
  table: GatherInstruction["table"],
): Call[] {
  return [
    {
      key: kind,
      make: kind === "gather" ? gatherKernel : scatterAddKernel,
      words: rowsLayout.words({ rows, ids, table, count, width, perRow }),
    },
  ];
}

function lowerFill({ size, value, output }: FillInstruction): Call[] {
  if (Object.is(value, 0)) {
    return [{ key: "zero", make: zeroKernel, words: zeroLayout.words({ output, bytes: 4 * size }) }];
  }
  return lowerConstant([size], value, { ...output, strides: [1] });
}

function lowerCopy({ shape, input, output }: CopyInstruction): Call[] {
  if (sizeOf(shape) === 0) return [];
  const axes = iterationSpace(shape, [input.strides, output.strides]);
  const [first, second] = axes;
  if (axes.length === 1 && first!.strides.every((stride) => stride === 1)) {
    const words = blockCopyLayout.words({ output, input, bytes: 4 * first!.size });
    return [{ key: "block copy", make: blockCopyKernel, words }];
  }
  if (axes.length === 2 && isTransposition(first!.strides, second!.strides)) {
    const [rows, columns] = first!.strides[1] === 1 ? [first!, second!] : [second!, first!];
    const words = transposeLayout.words({
      output: { ...output, strides: [columns.strides[1]!] },
      input: { ...input, strides: [rows.strides[0]!] },
      rows: rows.size,
      columns: columns.size,
    });
    return [{ key: "transpose", make: transposeKernel, words }];
  }
  // No steps: the bits of a float that is loaded and stored do not change, whatever they mean.
  const copy: Omit<MapInstruction, "inputTypes"> = {
    kind: "map",
    shape,
    inputs: [input],
    steps: [],
    results: [0],
    outputs: [output],
  };
  return lowerMap({ ...copy, inputTypes: ["float"] });
}

/** Whether one axis is contiguous in the input, the other one in the output. Strides are [input's, output's]. */
function isTransposition(a: readonly number[], b: readonly number[]): boolean {
  return (a[0] === 1 && b[1] === 1) || (b[0] === 1 && a[1] === 1);
}
