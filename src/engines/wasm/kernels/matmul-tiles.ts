/**
 * Matrix products in blocks: 256 deep (so that a panel of b stays in the first cache), 256 rows, 16 columns. Full panels of b are
 * used in place, or packed when they are transposed or far apart in memory; a last, narrower one is always packed. Of a matrix that was
 * packed whole ("panels") they are read as they come. a is packed when its columns are contiguous but so far apart that they collide in
 * the cache.
 */

import type { Assembler, I32, Vector, WasmFunction } from "../assembler.js";
import { f32x4, i32, if_, local, v128 } from "../instructions.js";
import { matmulKernel, type Product } from "./matmul-descriptor.js";
import { DEPTH, overRows, PANEL_ROW, type PanelShape, packPanel, packTail } from "./matmul-pack.js";
import { type ALayout, panelFunction } from "./matmul-panel.js";
import { transposeFunction } from "./memory.js";

export interface TilesCode extends PanelShape {
  readonly a: ALayout | "packed";
  /** Whether panels are read in place, packed as they are needed, or were packed before. */
  readonly b: "direct" | "packed" | "panels";
}

const ROWS = 256;
const PANEL_BYTES = DEPTH * PANEL_ROW;
const TILE_BYTES = 4 * ROWS * 16;
const PACKED_A_BYTES = 4 * DEPTH * ROWS;
export const TILES_WORKSPACE = PANEL_BYTES + TILE_BYTES + PACKED_A_BYTES;

/** Arguments common to all parts of one product while it is emitted. */
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
  const ofTail = () => (code.tail === 4 && widePanel ? widePanel : panelFunction(relaxed, code.tail, layout));
  const tailPanel = code.tail > 0 ? ofTail() : undefined;
  const transpose = code.a === "packed" || code.transposed ? transposeFunction(relaxed) : undefined;
  return matmulKernel(relaxed, (asm, product) => {
    const emission: Emission = { asm, code, product, transpose };
    overBlocks(emission, (block) => {
      const left = asm.integer(product.n);
      if (widePanel) emitWidePanels(emission, block, left, widePanel);
      if (tailPanel) emitTailPanel(emission, block, left, tailPanel);
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
    // Panels packed before follow one another, block after block.
    if (code.b === "panels") local.set(product.b, bPointer);
    else local.set(product.b, i32.add(product.b, code.transposed ? depthBytes : i32.mul(depth, bDistance)));
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
  const packedRow = asm.integer(PANEL_ROW);
  asm.repeatBy(left, 16, () => {
    if (code.b === "packed") {
      packPanel(asm, { from: b, distance: bDistance, to: workspace, depth }, code.transposed ? transpose : undefined);
    }
    const from = code.b === "packed" ? workspace : b;
    const row = code.b === "direct" ? bDistance : packedRow;
    asm.call(panel, [a, from, c, rows, depth, aDistance, row, cRow, accumulate]);
    if (code.b === "panels") local.set(b, i32.add(b, i32.mul(depth, PANEL_ROW)));
    else local.set(b, i32.add(b, code.transposed ? i32.shl(bDistance, 4) : PANEL_ROW));
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
  const packed = code.b === "panels" ? asm.integer(b) : workspace;
  if (code.b === "panels") local.set(b, i32.add(b, i32.mul(depth, bytes)));
  else {
    const packing = { from: b, distance: bDistance, to: workspace, depth };
    packTail(asm, code, packing, left, code.transposed ? transpose : undefined);
  }
  if (!code.ragged) {
    asm.call(panel, [a, packed, c, rows, depth, aDistance, bytes, cRow, accumulate]);
    return;
  }
  const tile = asm.integer(i32.add(workspace, PANEL_BYTES));
  asm.call(panel, [a, packed, tile, rows, depth, aDistance, bytes, bytes, 0]);
  emitRaggedRows({ asm, code, product }, block, left, tile);
}

/** From the buffer to c, over what is there or added to it. */
function emitRaggedRows(
  { asm, code, product }: Omit<Emission, "transpose">,
  { rows, c, accumulate }: Block,
  left: I32,
  tile: I32,
): void {
  const bytes = 16 * code.tail;
  const odd = asm.integer(i32.and(left, 3));
  const emitRows = (result: (sum: Vector, at: I32, offset: number, lanes: I32 | 4) => Vector) => () => {
    overRows(asm, { from: tile, distance: bytes, to: asm.integer(c), rows }, (from, to) => {
      for (let i = 0; i < code.tail - 1; i++) {
        v128.store({ offset: 16 * i }, to, result(asm.vector(v128.load({ offset: 16 * i }, from)), to, 16 * i, 4));
      }
      const last = 16 * (code.tail - 1);
      const at = asm.integer(i32.add(to, last));
      asm.storeLanes(at, result(asm.vector(v128.load({ offset: last }, from)), at, 0, odd), odd, 4);
      return product.cRow;
    });
  };
  local.get(accumulate);
  const add = (sum: Vector, at: I32, offset: number, lanes: I32 | 4): Vector => {
    const old = lanes === 4 ? asm.vector(v128.load({ offset }, at)) : asm.loadLanes(at, lanes, 4);
    return asm.vector(f32x4.add(sum, old));
  };
  if_(
    () => asm.scope(emitRows(add)),
    () => asm.scope(emitRows((sum) => sum)),
  );
}
