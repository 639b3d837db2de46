/** Turns a map instruction into calls of a map kernel: equal views are loaded once, the iteration space is put into three loops. */
import type { MapInstruction, Operand } from "../../compiler/program.js";
import { type Call, pointerWords } from "./call.js";
import { iterationSpace, outerOffsets } from "./iteration-space.js";
import { type MapCode, type Motion, mapKernel } from "./kernels/map.js";

const LEVELS = 3;

export function lowerMap(instruction: MapInstruction): Call[] {
  const { shape, inputs, inputTypes, steps, results, outputs } = instruction;
  if (shape.includes(0)) return [];
  const views: { operand: Operand; integer: boolean }[] = [];
  const viewOf = (operand: Operand, integer: boolean): number => {
    const known = views.findIndex((view) => view.integer === integer && sameView(view.operand, operand));
    return known >= 0 ? known : views.push({ operand, integer }) - 1;
  };
  const inputViews = inputs.map((operand, i) => viewOf(operand, inputTypes[i] === "int"));
  const outputViews = outputs.map((operand) => viewOf(operand, false));
  const axes = iterationSpace(
    shape,
    views.map(({ operand }) => operand.strides),
  );
  const inner = axes.at(-1)!;
  const code: MapCode = {
    views: views.map(({ integer }, view) => ({ motion: motionOf(inner.strides[view]!), integer })),
    inputs: inputViews,
    steps: steps.map(({ op, arguments: numbers, value }) =>
      value === undefined ? { op, arguments: numbers } : { op, arguments: numbers, value },
    ),
    outputs: outputViews.map((view, i) => ({ view, value: results[i]! })),
  };
  const key = `map ${JSON.stringify(code, exactNumber)}`;
  const loops = axes.slice(-LEVELS);
  while (loops.length < LEVELS) loops.unshift({ size: 1, strides: views.map(() => 0) });
  return outerOffsets(axes, LEVELS, views.length).map(
    (offsets): Call => ({
      key,
      make: (relaxed) => mapKernel(code, relaxed),
      words: [
        ...loops.map(({ size }) => size),
        ...views.flatMap(({ operand }, view) => [
          ...pointerWords({ ...operand, offset: operand.offset + offsets[view]! }),
          ...loops.map(({ strides }) => 4 * strides[view]!),
        ]),
      ],
    }),
  );
}

function motionOf(stride: number): Motion {
  return stride === 0 ? "splat" : stride === 1 ? "vector" : "strided";
}

/** JSON has no NaN, infinities or −0, but constants do. */
function exactNumber(_key: string, value: unknown): unknown {
  return typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))
    ? `#${String(1 / value)}${value}`
    : value;
}

function sameView(a: Operand, b: Operand): boolean {
  return (
    a.buffer === b.buffer &&
    a.offset === b.offset &&
    a.step === b.step &&
    a.strides.every((stride, axis) => stride === b.strides[axis])
  );
}
