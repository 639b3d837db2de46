/**
 * Kernels of fused elementwise code: three loops, the innermost four elements at a time. The code depends on the steps and on how
 * each view moves along the innermost axis, never on sizes. Views that move alike may follow one track at fixed distances.
 */
import type { ScalarStep } from "../../../compiler/program.js";
import type { Assembler, I32, Vector, WasmFunction } from "../assembler.js";
import { descriptor, kernel } from "../descriptor.js";
import { f32, f32x4, i32, local, v128 } from "../instructions.js";
import { vectorFunctions } from "./scalar-op.js";

/** Step of a view along the innermost axis: none, one element, or any stride. */
export type Motion = "splat" | "vector" | "strided";

export interface MapCode {
  /** One pointer each. */
  readonly tracks: readonly Motion[];
  /** `bytes` beyond the pointer of its track. */
  readonly views: readonly { readonly track: number; readonly bytes: number; readonly integer: boolean }[];
  /** The view that each input reads. */
  readonly inputs: readonly number[];
  readonly steps: readonly ScalarStep[];
  /** Content of the innermost axis: groups of four elements, one to three that are left over, or both. */
  readonly groups: "whole" | "rest" | "both";
  /** The view that each output writes, and the number of its value. */
  readonly outputs: readonly { readonly view: number; readonly value: number }[];
  /** A view that does not move along the innermost axis: where it is 0, nothing is done. */
  readonly rowMask?: number;
  /** A view whose rows are gathered by ids, which are another view; its track's stride of the middle axis is the distance of rows. */
  readonly gather?: { readonly view: number; readonly ids: number };
}

/** The sizes of the three axes, and for each track its strides along them in bytes. */
export const mapLayout = descriptor(
  { outer: "word", middle: "word", inner: "word" },
  { start: "pointer", outer: "word", middle: "word", inner: "word" },
);

export function mapKernel(code: MapCode, relaxed: boolean): WasmFunction {
  return kernel(relaxed, mapLayout, (asm, descriptor) => emitLoops(asm, code, descriptor));
}

function emitLoops(asm: Assembler, code: MapCode, descriptor: ReturnType<typeof mapLayout.reader>): void {
  const tracks = code.tracks.map((_, track) => descriptor.item(track));
  const plane = tracks.map((track) => track.pointer("start"));
  const row = code.tracks.map(() => asm.integer());
  const pointers = code.tracks.map(() => asm.integer());
  const strides = code.tracks.map((motion, track) =>
    motion === "strided" ? tracks[track]!.word("inner") : (4 as const),
  );
  const inner = descriptor.word("inner");
  const rest = asm.integer(i32.and(inner, 3));
  const vectors = asm.integer();
  const middle = asm.integer();
  const trackOf = (view: number) => code.views[view]!.track;
  const gather = code.gather && { track: trackOf(code.gather.view), ids: trackOf(code.gather.ids) };
  const moveAll = (targets: readonly I32[], axis: "outer" | "middle", times?: I32): void => {
    targets.forEach((target, track) => {
      if (axis === "middle" && track === gather?.track) return;
      const stride = tracks[track]!.load(axis);
      local.set(target, i32.add(times ? i32.mul(stride, times) : stride, target));
    });
  };
  asm.repeat(descriptor.word("outer"), () => {
    row.forEach((pointer, track) => {
      local.set(pointer, plane[track]!);
    });
    local.set(middle, descriptor.load("middle"));
    const computeRow = (): void => {
      pointers.forEach((pointer, track) => {
        local.set(pointer, row[track]!);
      });
      if (gather) {
        const distance = tracks[gather.track]!.load("middle");
        asm.advance(pointers[gather.track]!, asm.integer(i32.mul(distance, i32.load({}, row[gather.ids]!))));
      }
      const values = new Values(asm, code, pointers, strides);
      values.computeUniform();
      if (code.groups !== "rest") {
        local.set(vectors, i32.shr_u(inner, 2));
        asm.repeat(vectors, () => {
          values.computeAndStore(4);
          pointers.forEach((pointer, track) => {
            advanceVector(asm, pointer, code.tracks[track]!, strides[track]!);
          });
        });
      }
      if (code.groups !== "whole") asm.scope(() => values.computeAndStore(rest));
    };
    if (code.rowMask === undefined) {
      asm.repeat(middle, () => {
        computeRow();
        moveAll(row, "middle");
      });
    } else {
      const { track, bytes } = code.views[code.rowMask]!;
      const rowMask = asm.integer(row[track]!);
      const distance = tracks[track]!.word("middle");
      const passed = asm.integer(0);
      // Pointers move when a row is computed: mostly none is.
      asm.repeat(middle, () => {
        asm.when(f32.ne(f32.load({ offset: bytes }, rowMask), f32.const(0)), () => {
          moveAll(row, "middle", passed);
          local.set(passed, 0);
          computeRow();
        });
        asm.advance(passed, 1);
        asm.advance(rowMask, distance);
      });
    }
    moveAll(plane, "outer");
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
      const { track, bytes } = code.views[view]!;
      if (code.tracks[track] !== "splat" || !this.#needed.has(value)) return;
      const splat = asm.vector(v128.load32_splat({ offset: bytes }, this.pointers[track]!));
      this.#uniform.set(value, this.#asFloat(view, splat));
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
      const { track, bytes } = code.views[view]!;
      const vector = values.get(value)!;
      if (code.tracks[track] === "vector" && count === 4) v128.store({ offset: bytes }, this.pointers[track]!, vector);
      else asm.storeLanes(this.#pointerTo(view), vector, count, this.strides[track]!);
    }
  }

  #load(view: number, count: I32 | 4): Vector {
    const { track, bytes } = this.code.views[view]!;
    const stride = this.strides[track]!;
    if (count !== 4) return this.asm.loadLanes(this.#pointerTo(view), count, stride);
    if (stride === 4) return this.asm.vector(v128.load({ offset: bytes }, this.pointers[track]!));
    return this.asm.loadStrided(this.#pointerTo(view), stride);
  }

  #pointerTo(view: number): I32 {
    const { track, bytes } = this.code.views[view]!;
    const pointer = this.pointers[track]!;
    return bytes === 0 ? pointer : this.asm.integer(i32.add(pointer, bytes));
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
