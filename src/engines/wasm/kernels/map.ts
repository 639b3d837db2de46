/**
 * Kernels of fused elementwise code: three loops, the innermost four elements at a time. The code depends on the steps and on how
 * each view moves along the innermost axis, never on sizes.
 *
 * Descriptor: n0, n1, n2, then per view: pointer, step, and the strides of the three axes in bytes.
 */
import { f32x4, i32, local, v128 } from "wasmati";
import type { ScalarStep } from "../../../compiler/program.js";
import { type Assembler, type I32, kernel, type Vector, type WasmFunction } from "../assembler.js";
import { vectorFunctions } from "./scalar-op.js";

/** How a view moves along the innermost axis: not at all, element by element, or by any stride. */
export type Motion = "splat" | "vector" | "strided";

export interface MapCode {
  readonly views: readonly { readonly motion: Motion; readonly integer: boolean }[];
  /** Which view each input reads. */
  readonly inputs: readonly number[];
  readonly steps: readonly ScalarStep[];
  /** Which view each output writes, and the number of the value. */
  readonly outputs: readonly { readonly view: number; readonly value: number }[];
}

const HEADER_WORDS = 3;
const WORDS_PER_VIEW = 5;

export function mapKernel(code: MapCode, relaxed: boolean): WasmFunction {
  const integers = 20 + 5 * code.views.length;
  return kernel(relaxed, (asm, descriptor, t) => emitLoops(asm, code, descriptor, t), integers);
}

function emitLoops(asm: Assembler, code: MapCode, descriptor: I32, t: I32): void {
  const word = (view: number, index: number): number => HEADER_WORDS + WORDS_PER_VIEW * view + index;
  const plane = code.views.map((_, view) => asm.pointer(descriptor, word(view, 0), t));
  const row = code.views.map(() => asm.integer());
  const pointers = code.views.map(() => asm.integer());
  const strides = code.views.map(({ motion }, view) =>
    motion === "strided" ? asm.word(descriptor, word(view, 4)) : (4 as const),
  );
  const inner = asm.word(descriptor, 2);
  const rest = asm.integer(i32.and(inner, 3));
  const vectors = asm.integer();
  const middle = asm.integer();
  const moveAll = (targets: readonly I32[], axis: number): void => {
    targets.forEach((target, view) => {
      local.set(target, i32.add(target, i32.load({ offset: 4 * word(view, 2 + axis) }, descriptor)));
    });
  };
  asm.repeat(asm.word(descriptor, 0), () => {
    row.forEach((pointer, view) => {
      local.set(pointer, plane[view]!);
    });
    local.set(middle, i32.load({ offset: 4 }, descriptor));
    asm.repeat(middle, () => {
      pointers.forEach((pointer, view) => {
        local.set(pointer, row[view]!);
      });
      const values = new Values(asm, code, pointers, strides);
      values.computeUniform();
      local.set(vectors, i32.shr_u(inner, 2));
      asm.repeat(vectors, () => {
        values.computeAndStore(4);
        pointers.forEach((pointer, view) => {
          advanceVector(asm, pointer, code.views[view]!.motion, strides[view]!);
        });
      });
      asm.when(rest, () => values.computeAndStore(rest));
      moveAll(row, 1);
    });
    moveAll(plane, 0);
  });
}

function advanceVector(asm: Assembler, pointer: I32, motion: Motion, stride: I32 | 4): void {
  if (motion === "vector") asm.advance(pointer, 16);
  else if (stride !== 4) local.set(pointer, i32.add(pointer, i32.shl(stride, 2)));
}

/** The values of one group of elements. Those that do not change along the innermost axis are computed once per row. */
class Values {
  readonly #uniform = new Map<number, Vector>();
  readonly #needed: Set<number>;

  constructor(
    private readonly asm: Assembler,
    private readonly code: MapCode,
    private readonly pointers: readonly I32[],
    private readonly strides: readonly (I32 | 4)[],
  ) {
    this.#needed = neededValues(code);
  }

  computeUniform(): void {
    const { code, asm } = this;
    code.inputs.forEach((view, value) => {
      if (code.views[view]!.motion !== "splat" || !this.#needed.has(value)) return;
      this.#uniform.set(value, this.#asFloat(view, asm.vector(v128.load32_splat({}, this.pointers[view]!))));
    });
    code.steps.forEach((step, i) => {
      const value = code.inputs.length + i;
      if (!this.#needed.has(value) || !step.arguments.every((argument) => this.#uniform.has(argument))) return;
      this.#uniform.set(value, this.#apply(step, this.#uniform));
    });
  }

  computeAndStore(count: I32 | 4): void {
    const { code, asm } = this;
    const values = new Map(this.#uniform);
    const loaded = new Map<number, Vector>();
    code.inputs.forEach((view, value) => {
      if (values.has(value) || !this.#needed.has(value)) return;
      const known = loaded.get(view) ?? this.#asFloat(view, this.#load(view, count));
      loaded.set(view, known);
      values.set(value, known);
    });
    code.steps.forEach((step, i) => {
      const value = code.inputs.length + i;
      if (values.has(value) || !this.#needed.has(value)) return;
      values.set(value, this.#apply(step, values));
    });
    for (const { view, value } of code.outputs) {
      const [pointer, vector] = [this.pointers[view]!, values.get(value)!];
      if (code.views[view]!.motion === "vector" && count === 4) v128.store({}, pointer, vector);
      else asm.storeLanes(pointer, vector, count, this.strides[view]!);
    }
  }

  #load(view: number, count: I32 | 4): Vector {
    const [pointer, stride] = [this.pointers[view]!, this.strides[view]!];
    if (count !== 4) return this.asm.loadLanes(pointer, count, stride);
    return stride === 4 ? this.asm.vector(v128.load({}, pointer)) : this.asm.loadStrided(pointer, stride);
  }

  #asFloat(view: number, vector: Vector): Vector {
    return this.code.views[view]!.integer ? this.asm.vector(f32x4.convert_i32x4_s(vector)) : vector;
  }

  #apply({ op, arguments: numbers, value }: ScalarStep, values: ReadonlyMap<number, Vector>): Vector {
    if (op === "constant") return this.asm.constant(value ?? 0);
    const [a, b, c] = numbers.map((number) => values.get(number)!);
    return vectorFunctions[op](this.asm, a!, b!, c!);
  }
}

/** The values that some output depends on. */
function neededValues({ inputs, steps, outputs }: MapCode): Set<number> {
  const needed = new Set(outputs.map(({ value }) => value));
  for (let i = steps.length - 1; i >= 0; i--) {
    if (needed.has(inputs.length + i)) for (const argument of steps[i]!.arguments) needed.add(argument);
  }
  return needed;
}
