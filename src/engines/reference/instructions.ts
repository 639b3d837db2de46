/**
 * Every instruction as a plain loop over float64 numbers: slow, obvious, the specification.
 * `buffers[i]` holds the elements of the program's buffer i; `t` is the iteration of the enclosing loop, 0 outside loops.
 */
import type {
  CopyInstruction,
  FillInstruction,
  FirstPositionsInstruction,
  GatherInstruction,
  MapInstruction,
  MatmulInstruction,
  Operand,
  RandomInstruction,
  ReduceInstruction,
  ScatterAddInstruction,
  SoftmaxInstruction,
  StraightInstruction,
} from "../../compiler/program.js";
import type { Shape } from "../../tensor/shape.js";
import { scalarFunctions } from "./scalar-functions.js";

type Buffers = readonly Float64Array[];

export function execute(instruction: StraightInstruction, buffers: Buffers, t: number): void {
  switch (instruction.kind) {
    case "map":
      map(instruction, buffers, t);
      break;
    case "matmul":
      matmul(instruction, buffers, t);
      break;
    case "reduce":
      reduce(instruction, buffers, t);
      break;
    case "softmax":
      softmax(instruction, buffers, t);
      break;
    case "gather":
      gather(instruction, buffers, t);
      break;
    case "scatterAdd":
      scatterAdd(instruction, buffers, t);
      break;
    case "firstPositions":
      firstPositions(instruction, buffers, t);
      break;
    case "random":
      random(instruction, buffers, t);
      break;
    case "fill":
      fill(instruction, buffers, t);
      break;
    case "copy":
      copy(instruction, buffers, t);
      break;
    default:
      instruction satisfies never;
  }
}

function map(instruction: MapInstruction, buffers: Buffers, t: number): void {
  const { shape, inputs, steps, results, outputs, rowMask, gather } = instruction;
  const sources = inputs.map((operand) => buffers[operand.buffer]!);
  const targets = outputs.map((operand) => buffers[operand.buffer]!);
  const values = new Float64Array(inputs.length + steps.length);
  const walked = inputs.map((operand, i) =>
    i === gather?.input ? { ...operand, strides: [0, operand.strides[1]!] } : operand,
  );
  const [maskAt, idAt] = [inputs.length + outputs.length, inputs.length + outputs.length + (rowMask ? 1 : 0)];
  const extra = [
    ...(rowMask ? [rowMask] : []),
    ...(gather ? [{ ...gather.ids, strides: [gather.ids.strides[0]!, 0] }] : []),
  ];
  forEachElement(shape, [...walked, ...outputs, ...extra], t, (positions) => {
    if (rowMask && buffers[rowMask.buffer]![positions[maskAt]!] === 0) return;
    for (let i = 0; i < inputs.length; i++) values[i] = sources[i]![positions[i]!]!;
    if (gather) {
      const row = buffers[gather.ids.buffer]![positions[idAt]!]!;
      const { strides } = inputs[gather.input]!;
      values[gather.input] = sources[gather.input]![positions[gather.input]! + row * strides[0]!]!;
    }
    for (let i = 0; i < steps.length; i++) {
      const {
        op,
        arguments: [a = -1, b = -1, c = -1],
        value,
      } = steps[i]!;
      values[inputs.length + i] = scalarFunctions[op](value ?? values[a] ?? 0, values[b] ?? 0, values[c] ?? 0);
    }
    for (let i = 0; i < outputs.length; i++) targets[i]![positions[inputs.length + i]!] = values[results[i]!]!;
  });
}

function matmul({ batch, m, k, n, a, b, output, accumulate }: MatmulInstruction, buffers: Buffers, t: number): void {
  const [left, right, out] = [buffers[a.buffer]!, buffers[b.buffer]!, buffers[output.buffer]!];
  for (let p = 0; p < batch; p++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        const to = at(output, t, p, i, j);
        let sum = accumulate ? out[to]! : 0;
        for (let l = 0; l < k; l++) sum += left[at(a, t, p, i, l)]! * right[at(b, t, p, l, j)]!;
        out[to] = sum;
      }
    }
  }
}

function reduce({ op, shape, input, output }: ReduceInstruction, buffers: Buffers, t: number): void {
  const [outer, length, inner] = shape;
  const [source, out] = [buffers[input.buffer]!, buffers[output.buffer]!];
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let sum = 0;
      let largest = -Infinity;
      let best = { value: -Infinity, index: 0 };
      for (let l = 0; l < length; l++) {
        const value = source[at(input, t, o, l, i)]!;
        sum += op === "sumSquares" ? value * value : value;
        largest = Math.max(largest, value); // NaN if there is one
        if (value > best.value) best = { value, index: l }; // NaN never wins
      }
      out[at(output, t, o, i)] = op === "max" ? largest : op === "argmax" ? best.index : sum;
    }
  }
}

function softmax(
  { form, rows, columns, input, bias, output, scale, logSum }: SoftmaxInstruction,
  buffers: Buffers,
  t: number,
): void {
  const [source, out] = [buffers[input.buffer]!, buffers[output.buffer]!];
  const added = (j: number): number => (bias ? buffers[bias.buffer]![at(bias, t, 0, j)]! : 0);
  for (let i = 0; i < rows; i++) {
    const row = Array.from({ length: columns }, (_, j) => source[at(input, t, i, j)]! + added(j));
    const largest = row.reduce((best, value) => Math.max(best, value), -Infinity);
    const sum = row.reduce((total, value) => total + Math.exp(value - largest), 0);
    const factor = scale ? buffers[scale.buffer]![at(scale, t, i, 0)]! : 1;
    if (logSum) buffers[logSum.buffer]![at(logSum, t, i, 0)] = largest + Math.log(sum);
    if (form === "logSumExp") out[at(output, t, i, 0)] = largest + Math.log(sum);
    else {
      row.forEach((value, j) => {
        const shifted = value - largest;
        const probability = (Math.exp(shifted) / sum) * factor;
        out[at(output, t, i, j)] = form === "logSoftmax" ? shifted - Math.log(sum) : probability;
      });
    }
  }
}

function gather({ count, width, perRow, table, ids, output }: GatherInstruction, buffers: Buffers, t: number): void {
  const [source, index, out] = [buffers[table.buffer]!, buffers[ids.buffer]!, buffers[output.buffer]!];
  for (let i = 0; i < count; i++) {
    const row = index[at(ids, t, i)]! + i * perRow;
    for (let j = 0; j < width; j++) out[at(output, t, i, j)] = source[at(table, t, row, j)]!;
  }
}

function scatterAdd(instruction: ScatterAddInstruction, buffers: Buffers, t: number): void {
  const { count, width, perRow, source, ids, output } = instruction;
  const [from, index, out] = [buffers[source.buffer]!, buffers[ids.buffer]!, buffers[output.buffer]!];
  for (let i = 0; i < count; i++) {
    const row = index[at(ids, t, i)]! + i * perRow;
    for (let j = 0; j < width; j++) out[at(output, t, row, j)]! += from[at(source, t, i, j)]!;
  }
}

function firstPositions({ count, rows, ids, output }: FirstPositionsInstruction, buffers: Buffers, t: number): void {
  const [index, out] = [buffers[ids.buffer]!, buffers[output.buffer]!];
  for (let r = 0; r < rows; r++) out[at(output, t, r)] = count;
  for (let i = count - 1; i >= 0; i--) out[at(output, t, index[at(ids, t, i)]!)] = i;
}

function random({ size, stream, seed, output }: RandomInstruction, buffers: Buffers, t: number): void {
  const out = buffers[output.buffer]!;
  const key = mix(buffers[seed.buffer]![at(seed, t)]! + mix(stream));
  for (let i = 0; i < size; i++) out[at(output, t, i)] = (mix(mix(i + t * size) + key) >>> 8) / 2 ** 24;
}

/** The "lowbias32" finaliser (Ellis 2018): every input bit flips every output bit with probability near ½. */
function mix(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

function fill({ size, value, output }: FillInstruction, buffers: Buffers, t: number): void {
  const start = output.offset + t * output.step;
  buffers[output.buffer]!.fill(value, start, start + size);
}

function copy({ shape, input, output }: CopyInstruction, buffers: Buffers, t: number): void {
  const [source, out] = [buffers[input.buffer]!, buffers[output.buffer]!];
  forEachElement(shape, [input, output], t, ([from, to]) => {
    out[to!] = source[from!]!;
  });
}

/** The position in its buffer of an operand's element [i, j, k] at iteration t. */
function at({ offset, step, strides }: Operand, t: number, i = 0, j = 0, k = 0): number {
  return offset + t * step + i * (strides[0] ?? 0) + j * (strides[1] ?? 0) + k * (strides[2] ?? 0);
}

/** Calls `visit` for each index of `shape` in row-major order with the operands' positions (one array, reused). */
function forEachElement(
  shape: Shape,
  operands: readonly Operand[],
  t: number,
  visit: (positions: readonly number[]) => void,
): void {
  if (shape.includes(0)) return;
  const index = shape.map(() => 0);
  const positions = operands.map(({ offset, step }) => offset + t * step);
  for (;;) {
    visit(positions);
    let axis = shape.length - 1;
    for (; axis >= 0; axis--) {
      index[axis]!++;
      operands.forEach(({ strides }, i) => {
        positions[i]! += strides[axis]!;
      });
      if (index[axis]! < shape[axis]!) break;
      operands.forEach(({ strides }, i) => {
        positions[i]! -= strides[axis]! * shape[axis]!;
      });
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}
