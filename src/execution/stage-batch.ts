/** Staging of a batch: its shapes, and copying rows of data to the memory of a program. */
import type { Port } from "../compiler/program.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import type { Batch, Examples, Rows, TimeWindow } from "../training/index.js";
import { portOf, type Signature } from "./ports.js";

type Data = Examples["data"];
type Staged = Float32Array | Float64Array | Int32Array;

/** Steps of the sequences that a batch reads, where it does not read all. */
export type TimePart = Pick<TimeWindow, "length" | "first" | "steps" | "lossSteps">;

/** The steps that a batch reads: those of its window or its span. */
export function timePartOf({ window, span }: Batch): TimePart | undefined {
  return window ?? (span && { ...span, first: 0, lossSteps: span.steps });
}

/** Shapes of a batch of data, whole or within a window of time. */
export function batchSignature(data: Data, rows: number, window: TimePart | undefined): Signature {
  const signature: Record<string, Shape> = {};
  for (const [name, source] of Object.entries(data)) {
    const part = partInTime(name, source, window);
    signature[name] = [rows, ...(part ? [part.steps, ...source.shape.slice(2)] : source.shape.slice(1))];
  }
  return signature;
}

/** Copies rows of a batch to where a program reads them. */
export function stageBatch(
  staging: Readonly<Record<string, Staged>>,
  data: Data,
  rows: Uint32Array,
  window: TimePart | undefined,
): void {
  for (const [name, source] of Object.entries(data)) {
    const target = staging[name];
    if (!target) continue;
    const width = target.length / rows.length;
    const part = partInTime(name, source, window);
    const whole = part ? (width / part.steps) * window!.length : width;
    const skipped = part ? (width / part.steps) * part.first : 0;
    for (let i = 0; i < rows.length; i++) {
      const from = rows[i]! * whole + skipped;
      target.set(source.data.subarray(from, from + width), i * width);
    }
  }
}

/** The steps of a window: all of them for inputs, those with a loss for targets and weights. Data without time are taken whole. */
function partInTime(name: string, { shape }: Rows, window: TimePart | undefined) {
  if (!window || shape[1] !== window.length) return undefined;
  const { kind } = portOf(name);
  const { first, steps, lossSteps } = window;
  return kind === "x" || kind === "mask" ? { first, steps } : { first: first + steps - lossSteps, steps: lossSteps };
}

/** Staging memory for batches, shard by shard: it grows to the largest batch, and holds a batch until the next one. */
export class StagingMemory {
  readonly #views = new Map<string, Staged>();
  /** The last result of `of` for each shard, by the inputs of a program; valid until memory grows. */
  #known: WeakMap<readonly Port[], Record<string, Staged>>[] = [];

  /** Memory for the data of each input, by name. @param precision bits of a float */
  of(shard: number, inputs: readonly Port[], data: Data, precision: 32 | 64): Record<string, Staged> {
    const known = this.#known[shard]?.get(inputs);
    if (known) return known;
    const staged: Record<string, Staged> = {};
    for (const { name, dtype, shape } of inputs) {
      if (name in data) staged[name] = this.#view(`${shard} ${dtype} ${name}`, sizeOf(shape), dtype, precision);
    }
    this.#known[shard] ??= new WeakMap();
    this.#known[shard].set(inputs, staged);
    return staged;
  }

  #view(key: string, size: number, dtype: Port["dtype"], precision: 32 | 64): Staged {
    const known = this.#views.get(key);
    if (known?.length === size) return known;
    const FloatArray = precision === 64 ? Float64Array : Float32Array;
    const NumberArray = dtype === "int" ? Int32Array : FloatArray;
    const before = known?.buffer as ArrayBuffer | undefined;
    const fits = before !== undefined && before.byteLength >= size * NumberArray.BYTES_PER_ELEMENT;
    if (!fits) this.#known = [];
    const view = fits ? new NumberArray(before, 0, size) : new NumberArray(size);
    this.#views.set(key, view);
    return view;
  }
}
