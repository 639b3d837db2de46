/**
 * Turns a map instruction into calls of a map kernel: equal views are loaded once, the iteration space is put into three loops, and where
 * there are many views (the gates of an LSTM), those that move alike share a pointer.
 */
import type { MapInstruction, Operand } from "../../compiler/program.js";
import type { Shape } from "../../tensor/shape.js";
import type { Call } from "./call.js";
import { type Axis, asTheyAre, iterationSpace, outerOffsets } from "./iteration-space.js";
import { type MapCode, type Motion, mapKernel, mapLayout } from "./kernels/map.js";

const LEVELS = 3;
/** From how many views on pointers do not fit into registers. Kernels with shared pointers serve one layout of memory only. */
const MANY_VIEWS = 8;

/** Finds the start of an operand: `start` elements from an address that is the same for all operands of equal `base`. */
export type Locate = (operand: Operand) => { readonly base: string; readonly start: number };

const byBuffer: Locate = ({ buffer, offset }) => ({ base: `${buffer}`, start: offset });

export function lowerMap(instruction: MapInstruction, locate: Locate = byBuffer): Call[] {
  const { shape, inputs, inputTypes, steps, results, outputs, rowMask, gather } = instruction;
  if (shape.includes(0)) return [];
  const views: View[] = [];
  const viewOf = (operand: Operand, integer: boolean) => indexOfView(views, operand, integer);
  const inputViews = inputs.map((operand, i) => {
    if (i === gather?.input) return views.push({ operand, integer: false, gather: true }) - 1;
    return viewOf(operand, inputTypes[i] === "int");
  });
  const outputViews = outputs.map((operand) => viewOf(operand, false));
  const byRows = {
    ...(rowMask && { rowMask: viewOf(rowMask, false) }),
    ...(gather && {
      gather: {
        view: inputViews[gather.input]!,
        ids: viewOf({ ...gather.ids, strides: [gather.ids.strides[0]!, 0] }, true),
      },
    }),
  };
  const strides = views.map(({ operand }) => operand.strides);
  const axes = rowMask || gather ? asTheyAre(shape, strides) : iterationSpace(shape, strides);
  const inner = axes.at(-1)!;
  const loops = axes.slice(-LEVELS);
  while (loops.length < LEVELS) loops.unshift({ size: 1, strides: views.map(() => 0) });
  const [outer, middle] = loops as [Axis, Axis, Axis];
  const operands = views.map(({ operand }) => operand);
  const { leaders, follows } = tracksOf(operands, axes, views.length >= MANY_VIEWS && !gather ? locate : undefined);
  const code: MapCode = {
    tracks: leaders.map((view) => motionOf(inner.strides[view]!)),
    views: views.map(({ integer }, view) => ({ ...follows[view]!, integer })),
    inputs: inputViews,
    groups: inner.size < 4 ? "rest" : inner.size % 4 === 0 ? "whole" : "both",
    steps: steps.map(({ op, arguments: numbers, value }) =>
      value === undefined ? { op, arguments: numbers } : { op, arguments: numbers, value },
    ),
    outputs: outputViews.map((view, i) => ({ view, value: results[i]! })),
    ...byRows,
  };
  const key = `map ${JSON.stringify(code, exactNumber)}`;
  return outerOffsets(axes, LEVELS, views.length).map(
    (offsets): Call => ({
      key,
      make: (relaxed) => mapKernel(code, relaxed),
      words: mapLayout.words(
        { outer: outer.size, middle: middle.size, inner: inner.size },
        leaders.map((view) => {
          const operand = operands[view]!;
          return {
            start: { ...operand, offset: operand.offset + offsets[view]! },
            outer: 4 * outer.strides[view]!,
            middle: 4 * middle.strides[view]!,
            inner: 4 * inner.strides[view]!,
          };
        }),
      ),
    }),
  );
}

/** The part of an operand that a kernel reads or writes. */
interface View {
  readonly operand: Operand;
  readonly integer: boolean;
  /** Its rows are chosen by ids, so no other operand shares it. */
  readonly gather?: boolean;
}

/** The position of a view, which is added if it is new. */
function indexOfView(views: View[], operand: Operand, integer: boolean): number {
  const known = views.findIndex((view) => !view.gather && view.integer === integer && sameView(view.operand, operand));
  return known >= 0 ? known : views.push({ operand, integer }) - 1;
}

/** One number at every element of an operand. */
export function lowerConstant(shape: Shape, value: number, output: Operand): Call[] {
  const steps = [{ op: "constant", arguments: [], value }] as const;
  return lowerMap({ kind: "map", shape, inputs: [], inputTypes: [], steps, results: [0], outputs: [output] });
}

/**
 * The views that lead a track, and for each view the track that it follows and its distance from it.
 *
 * @param locate absent: every view leads a track of its own
 */
function tracksOf(
  operands: readonly Operand[],
  axes: readonly Axis[],
  locate: Locate | undefined,
): { leaders: number[]; follows: { track: number; bytes: number }[] } {
  const starts = operands.map((operand, view) => {
    if (!locate) return { key: `${view}`, start: 0 };
    const { base, start } = locate(operand);
    return { key: JSON.stringify([base, operand.step, axes.map(({ strides }) => strides[view])]), start };
  });
  const keys = [...new Set(starts.map(({ key }) => key))];
  const leaders = keys.map((key) => {
    const views = starts.flatMap((each, view) => (each.key === key ? [view] : []));
    return views.reduce((lowest, view) => (starts[view]!.start < starts[lowest]!.start ? view : lowest));
  });
  const follows = starts.map(({ key, start }) => {
    const track = keys.indexOf(key);
    return { track, bytes: 4 * (start - starts[leaders[track]!]!.start) };
  });
  return { leaders, follows };
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
