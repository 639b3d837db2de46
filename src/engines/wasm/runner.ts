/**
 * Runs a whole program, time loop included, inside wasm: one call from JavaScript per run. A program in memory is a list of
 * segments (first call, number of calls, length, whether reverse); a call is (index in the function table, descriptor).
 */
import { call_indirect, type Dependency, i32, type Local, local } from "wasmati";
import { type Assembler, type I32, subroutine, type WasmFunction } from "./assembler.js";
import type { Table } from "./web-assembly.js";

export const SEGMENT_WORDS = 4;
export const CALL_WORDS = 2;

/** run(segments, count): both addresses and sizes in bytes are those of the words above. */
export function runnerFunction(table: Table): WasmFunction {
  const functions = importedTable(table);
  return subroutine(false, 2, (asm, [segment, count]) => {
    asm.repeat(count!, () => {
      emitSegment(asm, functions, segment!);
      asm.advance(segment!, 4 * SEGMENT_WORDS);
    });
  });
}

function emitSegment(asm: Assembler, functions: Dependency.AnyTable, segment: I32): void {
  const length = asm.word(segment, 2);
  const direction = asm.integer(1);
  const t = asm.integer(0);
  asm.when(asm.word(segment, 3), () => {
    local.set(direction, -1);
    local.set(t, i32.sub(length, 1));
  });
  const call = asm.integer();
  const calls = asm.integer();
  asm.repeat(length, () => {
    local.set(call, i32.load({}, segment));
    local.set(calls, i32.load({ offset: 4 }, segment));
    asm.repeat(calls, () => {
      i32.load({ offset: 4 }, call);
      local.get(t as Local<"i32">);
      i32.load({}, call);
      call_indirect(functions, { in: [i32, i32], out: [] });
      asm.advance(call, 4 * CALL_WORDS);
    });
    asm.advance(t, direction);
  });
}

function importedTable(value: Table): Dependency.AnyTable {
  const table = {
    kind: "importTable",
    type: { type: "funcref", limits: { min: 0, max: undefined, shared: false } },
    deps: [],
    value,
    module: "tavali",
    string: "table",
  };
  return table as unknown as Dependency.AnyTable;
}
