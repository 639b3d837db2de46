/**
 * Matrix products in blocks: 256 deep (so that a panel of b stays in the first cache), 256 rows, 16 columns. Full panels of b are
 * used in place, or packed when they are transposed or far apart in memory; a last, narrower one is always packed. a is packed
 * when its columns are contiguous but so far apart that they collide in the cache.
 */
import { f32x4, i32, if_, local, memory, v128 } from "wasmati";
import type { Assembler, I32, Vector, WasmFunction } from "../assembler.js";
import { matmulKernel, type Product } from "./matmul-descriptor.js";
import { type ALayout, panelFunction } from "./matmul-panel.js";
import { transposeFunction } from "./memory.js";

export interface TilesCode {
  readonly a: ALayout | "packed";
  readonly b: "direct" | "packed" | "transposed";
  /** Whether there are panels of 16 columns. */
  readonly wide: boolean;
  /** Vectors of the last panel: ⌈(n mod 16) / 4⌉. */
  readonly tail: number;
  /** Whether n is not a multiple of 4. */
  readonly ragged: boolean;
}

const DEPTH = 256;
const ROWS = 256;
const PANEL_BYTES = 4 * DEPTH * 16;
const TILE_BYTES = 4 * ROWS * 16;
const PACKED_A_BYTES = 4 * DEPTH * ROWS;
export const TILES_WORKSPACE = PANEL_BYTES + TILE_BYTES + PACKED_A_BYTES;

/** What the parts of one product share while it is emitted. */
interface Emission {
  readonly asm: Assembler;
  readonly code: TilesCode;
  readonly product: Product;
  readonly transpose: WasmFunction | undefined;
}

/** One block: `rows` × `depth` of a, all columns of b and c. */
interface Block {
  readonly rows: I32;
  readonly depth: I32;
  readonly a: I32;
  readonly aDistance: I32;
  readonly b: I32;
  readonly c: I32;
  readonly accumulate: I32;
}

export function tilesKernel(relaxed: boolean, code: TilesCode): WasmFunction {
  const layout = code.a === "column" ? "column" : "row";
  const widePanel = code.wide ? panelFunction(relaxed, 4, layout) : undefined;
  const tailPanel = code.tail === 4 && widePanel ? widePanel : panelFunction(relaxed, code.tail || 4, layout);
  const transpose = code.a === "packed" || code.b === "transposed" ? transposeFunction(relaxed) : undefined;
  return matmulKernel(relaxed, (asm, product) => {
    const emission: Emission = { asm, code, product, transpose };
    overBlocks(emission, (block) => {
      const left = asm.integer(product.n);
      if (widePanel) emitWidePanels(emission, block, left, widePanel);
      if (code.tail > 0) emitTailPanel(emission, block, left, tailPanel);
    });
  });
}

function overBlocks({ asm, code, product, transpose }: Emission, emit: (block: Block) => void): void {
  const { aRow, aColumn, bDistance, cRow, workspace } = product;
  const accumulate = asm.integer(product.accumulate);
  const [rowsLeft, a, c, bPointer, cPointer] = Array.from({ length: 5 }, () => asm.integer()) as [
    I32,
    I32,
    I32,
    I32,
    I32,
  ];
  asm.chunks(asm.integer(product.k), DEPTH, (depth) => {
    local.set(rowsLeft, product.m);
    local.set(a, product.a);
    local.set(c, product.c);
    const depthBytes = asm.integer(i32.shl(depth, 2));
    asm.chunks(rowsLeft, ROWS, (rows) => {
      let [blockA, aDistance] = code.a === "column" ? [a, aColumn] : [a, aRow];
      if (code.a === "packed") {
        [blockA, aDistance] = [asm.integer(i32.add(workspace, PANEL_BYTES + TILE_BYTES)), depthBytes];
        asm.call(transpose!, [a, aColumn, blockA, aDistance, depth, rows]);
      }
      local.set(bPointer, product.b);
      local.set(cPointer, c);
      emit({ rows, depth, a: blockA, aDistance, b: bPointer, c: cPointer, accumulate });
      local.set(a, i32.add(a, code.a === "row" ? i32.mul(rows, aRow) : i32.shl(rows, 2)));
      local.set(c, i32.add(c, i32.mul(rows, cRow)));
    });
    local.set(product.a, i32.add(product.a, code.a === "row" ? depthBytes : i32.mul(depth, aColumn)));
    local.set(product.b, i32.add(product.b, code.b === "transposed" ? depthBytes : i32.mul(depth, bDistance)));
    local.set(accumulate, 1);
  });
}

function emitWidePanels(
  { asm, code, product, transpose }: Emission,
  block: Block,
  left: I32,
  panel: WasmFunction,
): void {
  const { bDistance, cRow, workspace } = product;
  const { rows, depth, a, aDistance, b, c, accumulate } = block;
  const packedRow = asm.integer(64);
  asm.repeatBy(left, 16, () => {
    if (code.b === "transposed") asm.call(transpose!, [b, bDistance, workspace, 64, 16, depth]);
    if (code.b === "packed") {
      packRows(asm, { from: b, distance: bDistance, to: workspace, rows: depth }, (from, to) => {
        for (let i = 0; i < 4; i++) v128.store({ offset: 16 * i }, to, v128.load({ offset: 16 * i }, from));
        return 64;
      });
    }
    const [from, row] = code.b === "direct" ? [b, bDistance] : [workspace, packedRow];
    asm.call(panel, [a, from, c, rows, depth, aDistance, row, cRow, accumulate]);
    local.set(b, i32.add(b, code.b === "transposed" ? i32.shl(bDistance, 4) : 64));
    asm.advance(c, 64);
  });
}

/** The last columns, fewer than 16. If their number is not a multiple of 4 the sums go to a buffer and from there to c. */
function emitTailPanel(
  { asm, code, product, transpose }: Emission,
  block: Block,
  left: I32,
  panel: WasmFunction,
): void {
  const { bDistance, cRow, workspace } = product;
  const { rows, depth, a, aDistance, b, c, accumulate } = block;
  const bytes = 16 * code.tail;
  const wholeVectors = code.ragged ? code.tail - 1 : code.tail;
  const odd = asm.integer(i32.and(left, 3));
  if (code.b === "transposed") {
    if (code.ragged) {
      local.get(workspace);
      i32.const(0);
      i32.mul(depth, bytes);
      memory.fill();
    }
    asm.call(transpose!, [b, bDistance, workspace, bytes, left, depth]);
  } else {
    packRows(asm, { from: b, distance: bDistance, to: workspace, rows: depth }, (from, to) => {
      for (let i = 0; i < wholeVectors; i++) v128.store({ offset: 16 * i }, to, v128.load({ offset: 16 * i }, from));
      if (code.ragged) {
        const at = asm.integer(i32.add(from, 16 * wholeVectors));
        v128.store({ offset: 16 * wholeVectors }, to, asm.loadLanes(at, odd, 4));
      }
      return bytes;
    });
  }
  if (!code.ragged) {
    asm.call(panel, [a, workspace, c, rows, depth, aDistance, bytes, cRow, accumulate]);
    return;
  }
  const tile = asm.integer(i32.add(workspace, PANEL_BYTES));
  asm.call(panel, [a, workspace, tile, rows, depth, aDistance, bytes, bytes, 0]);
  const emitRows = (result: (sum: Vector, at: I32, offset: number, lanes: I32 | 4) => Vector) => () => {
    packRows(asm, { from: tile, distance: bytes, to: asm.integer(c), rows }, (from, to) => {
      for (let i = 0; i < wholeVectors; i++) {
        v128.store({ offset: 16 * i }, to, result(asm.vector(v128.load({ offset: 16 * i }, from)), to, 16 * i, 4));
      }
      const at = asm.integer(i32.add(to, 16 * wholeVectors));
      const sum = asm.vector(v128.load({ offset: 16 * wholeVectors }, from));
      asm.storeLanes(at, result(sum, at, 0, odd), odd, 4);
      return cRow;
    });
  };
  local.get(accumulate);
  const add = (sum: Vector, at: I32, offset: number, lanes: I32 | 4): Vector => {
    const old = lanes === 4 ? asm.vector(v128.load({ offset }, at)) : asm.loadLanes(at, lanes, 4);
    return asm.vector(f32x4.add(sum, old));
  };
  if_(
    null,
    () => asm.scope(emitRows(add)),
    () => asm.scope(emitRows((sum) => sum)),
  );
}

/** Visits rows that lie `distance` apart; `copy` returns how far apart they go in the target. */
function packRows(
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
