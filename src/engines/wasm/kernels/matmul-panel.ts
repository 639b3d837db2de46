/**
 * The innermost part of a matrix product: all rows of `a` times one panel of `b`, 4 to 16 columns wide, in tiles whose sums stay
 * in registers. Wider tiles are slower: V8 runs out of registers and spills.
 *
 * panel(a, b, c, rows, depth, aDistance, bRow, cRow, accumulate), distances in bytes. With layout "row", elements of a row of `a`
 * are contiguous and aDistance lies between rows; with "column", columns are contiguous and aDistance lies between them.
 */

import { type Assembler, type I32, subroutine, type Vector, type WasmFunction } from "../assembler.js";
import { i32, if_, local, v128 } from "../instructions.js";

export type ALayout = "row" | "column";

/** Rows of a tile for panels of 1, 2, 3 and 4 vectors: the fastest that V8 keeps in registers. */
const tileRows = (relaxed: boolean): readonly number[] => [8, 4, relaxed ? 3 : 2, 2];

export const MATMUL_TILE = "2×16";

interface Tile {
  readonly rows: number;
  readonly vectors: number;
  readonly layout: ALayout;
}

export function panelFunction(relaxed: boolean, vectors: number, layout: ALayout): WasmFunction {
  return subroutine(relaxed, 9, (asm, args) => {
    const [a, b, c, rows, depth, aDistance, bRow, cRow, accumulate] = args as [
      I32,
      I32,
      I32,
      I32,
      I32,
      I32,
      I32,
      I32,
      I32,
    ];
    for (const height of new Set([tileRows(relaxed)[vectors - 1]!, 1])) {
      const tile: Tile = { rows: height, vectors, layout };
      asm.repeatBy(rows, height, () => {
        emitTile(asm, tile, { a, b, c, depth, aDistance, bRow, cRow, accumulate });
        if (layout === "column") asm.advance(a, 4 * height);
        else for (let i = 0; i < height; i++) asm.advance(a, aDistance);
        for (let i = 0; i < height; i++) asm.advance(c, cRow);
      });
    }
  });
}

interface Arguments {
  readonly a: I32;
  readonly b: I32;
  readonly c: I32;
  readonly depth: I32;
  readonly aDistance: I32;
  readonly bRow: I32;
  readonly cRow: I32;
  readonly accumulate: I32;
}

function emitTile(asm: Assembler, { rows, vectors, layout }: Tile, args: Arguments): void {
  const outputs = [args.c];
  for (let i = 1; i < rows; i++) outputs.push(asm.integer(i32.add(outputs[i - 1]!, args.cRow)));
  const sums = outputs.map(() => Array.from({ length: vectors }, () => asm.vector()));
  const each = (visit: (sum: Vector, row: number, column: number) => void): void => {
    sums.forEach((rowOfSums, i) => {
      rowOfSums.forEach((sum, j) => {
        visit(sum, i, j);
      });
    });
  };
  const zero = asm.constant(0);
  local.get(args.accumulate);
  if_(
    () => each((sum, i, j) => local.set(sum, v128.load({ offset: 16 * j }, outputs[i]!))),
    () => each((sum) => local.set(sum, zero)),
  );

  const aPointers = [asm.integer(args.a)];
  for (let i = 1; i < (layout === "row" ? rows : 1); i++) {
    aPointers.push(asm.integer(i32.add(aPointers[i - 1]!, args.aDistance)));
  }
  const b = asm.integer(args.b);
  // One product per turn of the loop: unrolled loops make V8 load ahead, run out of registers and spill.
  asm.repeat(asm.integer(args.depth), () => {
    const bVectors = Array.from({ length: vectors }, (_, j) => asm.vector(v128.load({ offset: 16 * j }, b)));
    for (let i = 0; i < rows; i++) {
      const element =
        layout === "row"
          ? asm.vector(v128.load32_splat({}, aPointers[i]!))
          : asm.vector(v128.load32_splat({ offset: 4 * i }, aPointers[0]!));
      bVectors.forEach((bVector, j) => {
        asm.accumulate(sums[i]![j]!, element, bVector);
      });
    }
    asm.advance(b, args.bRow);
    for (const pointer of aPointers) asm.advance(pointer, layout === "row" ? 4 : args.aDistance);
  });
  each((sum, i, j) => v128.store({ offset: 16 * j }, outputs[i]!, sum));
}
