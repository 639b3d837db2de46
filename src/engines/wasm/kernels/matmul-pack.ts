/**
 * Packing of a matrix product's right factor into panels: 16 columns, the last panel as many vectors as are left, filled up with zeros. The
 * rows of a panel follow one another, so that the innermost loop reads memory in order. The tiles pack panel by panel as they go; a factor that
 * stays the same while a loop runs is packed whole before it, in the order in which the tiles read it: blocks of depth, in each all panels.
 */

import type { Assembler, I32, WasmFunction } from "../assembler.js";
import { descriptor, kernel } from "../descriptor.js";
import { i32, local, memory, v128 } from "../instructions.js";
import { transposeFunction } from "./memory.js";

/** Depth of a block; a panel of it stays in the first cache. */
export const DEPTH = 256;
/** Bytes of a row of a whole panel. */
export const PANEL_ROW = 64;

export interface PanelShape {
  /** Whether b lies transposed: columns contiguous. */
  readonly transposed: boolean;
  /** Whether there are panels of 16 columns. */
  readonly wide: boolean;
  /** Vectors of the last panel: ⌈(n mod 16) / 4⌉. */
  readonly tail: number;
  /** Whether n is not a multiple of 4. */
  readonly ragged: boolean;
}

/** Rows to be packed: `depth` rows from `from` on, `distance` bytes apart (columns if transposed), into panels at `to`. */
export interface Packing {
  readonly from: I32;
  readonly distance: I32;
  readonly to: I32;
  readonly depth: I32;
}

export function panelShape(n: number, transposed: boolean): PanelShape {
  return { transposed, wide: n >= 16, tail: Math.ceil((n % 16) / 4), ragged: n % 4 !== 0 };
}

/** Floats that a packed k × n matrix takes. */
export function packedSize(k: number, n: number): number {
  return k * 4 * Math.ceil(n / 4);
}

/** Rows of b are its columns if it lies transposed. */
export const packLayout = descriptor({ panels: "pointer", b: "rows", k: "word", n: "word" });

/** Packs a whole matrix. */
export function packKernel(relaxed: boolean, shape: PanelShape): WasmFunction {
  const transpose = shape.transposed ? transposeFunction(relaxed) : undefined;
  return kernel(relaxed, packLayout, (asm, descriptor) => {
    const to = descriptor.pointer("panels");
    const block = descriptor.pointer("b");
    const distance = descriptor.distance("b");
    const k = descriptor.word("k");
    const n = descriptor.word("n");
    const from = asm.integer();
    const left = asm.integer();
    asm.chunks(k, DEPTH, (depth) => {
      local.set(from, block);
      local.set(left, n);
      const packing: Packing = { from, distance, to, depth };
      asm.repeatBy(left, 16, () => {
        packPanel(asm, packing, transpose);
        local.set(from, i32.add(from, shape.transposed ? i32.shl(distance, 4) : PANEL_ROW));
        local.set(to, i32.add(to, i32.mul(depth, PANEL_ROW)));
      });
      if (shape.tail > 0) {
        packTail(asm, shape, packing, left, transpose);
        local.set(to, i32.add(to, i32.mul(depth, 16 * shape.tail)));
      }
      local.set(block, i32.add(block, shape.transposed ? i32.shl(depth, 2) : i32.mul(depth, distance)));
    });
  });
}

/** Packs 16 columns. @param transpose given where b lies transposed */
export function packPanel(
  asm: Assembler,
  { from, distance, to, depth }: Packing,
  transpose: WasmFunction | undefined,
): void {
  if (transpose) {
    asm.call(transpose, [from, distance, to, PANEL_ROW, 16, depth]);
    return;
  }
  overRows(asm, { from, distance, to, rows: depth }, (source, target) => {
    for (let i = 0; i < 4; i++) v128.store({ offset: 16 * i }, target, v128.load({ offset: 16 * i }, source));
    return PANEL_ROW;
  });
}

/** Packs the last `left` columns, fewer than 16. */
export function packTail(
  asm: Assembler,
  { tail, ragged }: PanelShape,
  { from, distance, to, depth }: Packing,
  left: I32,
  transpose: WasmFunction | undefined,
): void {
  const bytes = 16 * tail;
  if (transpose) {
    if (ragged) {
      local.get(to);
      i32.const(0);
      i32.mul(depth, bytes);
      memory.fill();
    }
    asm.call(transpose, [from, distance, to, bytes, left, depth]);
    return;
  }
  const wholeVectors = ragged ? tail - 1 : tail;
  const odd = asm.integer(i32.and(left, 3));
  overRows(asm, { from, distance, to, rows: depth }, (source, target) => {
    for (let i = 0; i < wholeVectors; i++)
      v128.store({ offset: 16 * i }, target, v128.load({ offset: 16 * i }, source));
    if (ragged) {
      const at = asm.integer(i32.add(source, 16 * wholeVectors));
      v128.store({ offset: 16 * wholeVectors }, target, asm.loadLanes(at, odd, 4));
    }
    return bytes;
  });
}

/** Visits rows that lie `distance` apart; `copy` returns how far apart they go in the target. */
export function overRows(
  asm: Assembler,
  { from, distance, to, rows }: { from: I32; distance: I32 | number; to: I32; rows: I32 },
  copy: (from: I32, to: I32) => I32 | number,
): void {
  asm.scope(() => {
    const source = asm.integer(from);
    const target = asm.integer(to);
    asm.repeat(asm.integer(rows), () => {
      const targetDistance = copy(source, target);
      asm.advance(source, distance);
      asm.advance(target, targetDistance);
    });
  });
}
