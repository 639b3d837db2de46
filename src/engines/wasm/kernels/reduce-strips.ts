/**
 * Sum, sum of squares and maximum over the rows of a matrix that is wide enough: memory is read in order, eight rows of a strip of columns
 * at a time, and their partial results are kept in a strip that stays in the first cache. Every column is added up in the same order, and in the
 * same blocks, as by the kernel "columns" of reduce.ts, so the two give equal bits.
 */

import type { Assembler, I32, Vector, WasmFunction } from "../assembler.js";
import { kernel } from "../descriptor.js";
import { i32, local, v128 } from "../instructions.js";
import { BLOCK, type CombiningOp, combiners, reduceLayout } from "./reduce.js";

/** Columns of a strip: two pages of memory of each row. */
const STRIP = 2048;
const ROWS = 8;
/** Bytes. */
export const STRIPS_WORKSPACE = 4 * STRIP;

export const reduceStripsLayout = /* @__PURE__ */ reduceLayout.extended({ workspace: "address" });

export function reduceStripsKernel(relaxed: boolean, op: CombiningOp): WasmFunction {
  const { identity, combine, term } = combiners[op];
  return kernel(relaxed, reduceStripsLayout, (asm, descriptor) => {
    const output = descriptor.pointer("output");
    const input = descriptor.pointer("input");
    const stride = descriptor.word("lengthStride");
    const block = descriptor.word("workspace");
    const start = asm.constant(identity);
    asm.repeat(descriptor.word("outer"), () => {
      const from = asm.integer(input);
      asm.chunks(descriptor.word("inner"), STRIP, (columns) => {
        const bytes = asm.integer(i32.shl(columns, 2));
        const first = asm.integer(from);
        overColumns(asm, columns, [output], (_, store) => store(start));
        asm.chunks(descriptor.word("length"), BLOCK, (length) => {
          overColumns(asm, columns, [block], (_, store) => store(start));
          const addRows = (count: number) => (): void => {
            const rows = [asm.integer(first)];
            while (rows.length < count) rows.push(asm.integer(i32.add(rows.at(-1)!, stride)));
            overColumns(asm, columns, [block, ...rows], ([sum, ...values], store) => {
              const terms = values.map((value) => (term ? asm.vector(term(value)) : value));
              store(terms.reduce((total, value) => asm.vector(combine(total, value)), sum!));
            });
            local.set(first, i32.add(rows.at(-1)!, stride));
          };
          asm.repeatBy(length, ROWS, addRows(ROWS));
          asm.repeat(length, addRows(1));
          overColumns(asm, columns, [output, block], ([total, sum], store) => store(asm.vector(combine(total!, sum!))));
        });
        asm.advance(from, bytes);
        asm.advance(output, bytes);
      });
      asm.advance(input, descriptor.word("outerStride"));
    });
  });
}

/** Visits rows of equal length side by side; what is stored goes to the first of them. */
function overColumns(
  asm: Assembler,
  columns: I32,
  rows: readonly I32[],
  visit: (values: readonly Vector[], store: (result: Vector) => void) => void,
): void {
  asm.scope(() => {
    const pointers = rows.map((row) => asm.integer(row));
    const left = asm.integer(columns);
    for (const vectors of [4, 1]) {
      asm.repeatBy(left, 4 * vectors, () => {
        for (let offset = 0; offset < 16 * vectors; offset += 16) {
          const values = pointers.map((pointer) => asm.vector(v128.load({ offset }, pointer)));
          visit(values, (result) => v128.store({ offset }, pointers[0]!, result));
        }
        for (const pointer of pointers) asm.advance(pointer, 16 * vectors);
      });
    }
    asm.when(left, () => {
      const values = pointers.map((pointer) => asm.loadLanes(pointer, left, 4));
      visit(values, (result) => asm.storeLanes(pointers[0]!, result, left, 4));
    });
  });
}
