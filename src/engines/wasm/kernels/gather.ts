/** Rows of a table by id: taken by gather, added to by scatterAdd. */
import type { Assembler, I32, WasmFunction } from "../assembler.js";
import { descriptor, kernel } from "../descriptor.js";
import { f32, f32x4, i32, local, v128 } from "../instructions.js";

/** `rows` are the output of gather, the source of scatterAdd; `table` is the output of scatterAdd. */
export const rowsLayout = descriptor({
  rows: "rows",
  ids: "rows",
  table: "rows",
  count: "word",
  width: "word",
  perRow: "word",
});

/** rows[i, :] = table[ids[i] + i·perRow, :] */
export function gatherKernel(relaxed: boolean): WasmFunction {
  return rowKernel(relaxed, {
    four: (row, entry, offset) => v128.store({ offset }, row, v128.load({ offset }, entry)),
    one: (row, entry) => f32.store({}, row, f32.load({}, entry)),
  });
}

/** table[ids[i] + i·perRow, :] += rows[i, :], in order. */
export function scatterAddKernel(relaxed: boolean): WasmFunction {
  return rowKernel(relaxed, {
    four: (row, entry, offset) =>
      v128.store({ offset }, entry, f32x4.add(v128.load({ offset }, entry), v128.load({ offset }, row))),
    one: (row, entry) => f32.store({}, entry, f32.add(f32.load({}, entry), f32.load({}, row))),
  });
}

interface RowWork {
  readonly four: (row: I32, entry: I32, offset: number) => void;
  readonly one: (row: I32, entry: I32) => void;
}

function rowKernel(relaxed: boolean, work: RowWork): WasmFunction {
  return kernel(relaxed, rowsLayout, (asm, descriptor) => {
    const rows = descriptor.pointer("rows");
    const rowDistance = descriptor.distance("rows");
    const ids = descriptor.pointer("ids");
    const idDistance = descriptor.distance("ids");
    const table = descriptor.pointer("table");
    const entryDistance = descriptor.distance("table");
    const width = descriptor.word("width");
    const perRow = descriptor.word("perRow");
    const shift = asm.integer(0);
    const row = asm.integer();
    const entry = asm.integer();
    asm.repeat(descriptor.word("count"), () => {
      local.set(row, rows);
      local.set(entry, i32.add(i32.mul(i32.add(i32.load({}, ids), shift), entryDistance), table));
      copyRow(asm, row, entry, width, work);
      asm.advance(rows, rowDistance);
      asm.advance(ids, idDistance);
      asm.advance(shift, perRow);
    });
  });
}

/** Whole cache lines first: the fewer instructions a row takes, the more rows are on their way from memory at a time. */
function copyRow(asm: Assembler, row: I32, entry: I32, width: I32, work: RowWork): void {
  const left = asm.integer(width);
  const part = (size: number, emit: () => void): void => {
    asm.repeatBy(left, size, () => {
      emit();
      asm.advance(row, 4 * size);
      asm.advance(entry, 4 * size);
    });
  };
  part(16, () => {
    for (const offset of [0, 16, 32, 48]) work.four(row, entry, offset);
  });
  part(4, () => work.four(row, entry, 0));
  part(1, () => work.one(row, entry));
}
