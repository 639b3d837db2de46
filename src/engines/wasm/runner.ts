/**
 * Runs a whole program, time loop included, inside wasm: one call from JavaScript per run. A program in memory is a list of
 * segments (first call, number of calls, length, whether reverse); a call is (index in the function table, descriptor).
 */
import { type Assembler, type I32, subroutine, type WasmFunction } from "./assembler.js";
import { callKernel, i32, local } from "./instructions.js";

export const SEGMENT_WORDS = 4;
export const CALL_WORDS = 2;

/** run(segments, count): both addresses and sizes in bytes are those of the words above. */
export function runnerFunction(): WasmFunction {
  return subroutine(false, 2, (asm, [segment, count]) => {
    asm.repeat(count!, () => {
      emitSegment(asm, segment!);
      asm.advance(segment!, 4 * SEGMENT_WORDS);
    });
  });
}

function emitSegment(asm: Assembler, segment: I32): void {
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
      local.get(t);
      i32.load({}, call);
      callKernel();
      asm.advance(call, 4 * CALL_WORDS);
    });
    asm.advance(t, direction);
  });
}
