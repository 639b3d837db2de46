/**
 * The runner: executes a whole program, time loop included, inside wasm, in one call from JavaScript per run. A program in memory is a
 * list of segments, and a segment a list of calls that is repeated.
 */
import { type Assembler, type I32, subroutine, type WasmFunction } from "./assembler.js";
import { descriptor } from "./descriptor.js";
import { callKernel, i32, local } from "./instructions.js";

/** The address of its first call, the number of its calls, how often they are repeated, and 1 if the last iteration comes first. */
export const segmentLayout = descriptor({ firstCall: "word", calls: "word", length: "word", reverse: "word" });
/** The index of a kernel in the function table, and the address of its descriptor. */
export const callLayout = descriptor({ kernel: "word", descriptor: "word" });

/** run(segments, count): the address of the first segment, and how many there are. */
export function runnerFunction(): WasmFunction {
  return subroutine(false, 2, (asm, [segment, count]) => {
    asm.repeat(count!, () => {
      emitSegment(asm, segment!);
      asm.advance(segment!, 4 * segmentLayout.size);
    });
  });
}

function emitSegment(asm: Assembler, address: I32): void {
  const segment = segmentLayout.reader(asm, address);
  const length = segment.word("length");
  const direction = asm.integer(1);
  const t = asm.integer(0);
  asm.when(segment.word("reverse"), () => {
    local.set(direction, -1);
    local.set(t, i32.sub(length, 1));
  });
  const callAddress = asm.integer();
  const call = callLayout.reader(asm, callAddress);
  const calls = asm.integer();
  asm.repeat(length, () => {
    local.set(callAddress, segment.load("firstCall"));
    local.set(calls, segment.load("calls"));
    asm.repeat(calls, () => {
      call.load("descriptor");
      local.get(t);
      call.load("kernel");
      callKernel();
      asm.advance(callAddress, 4 * callLayout.size);
    });
    asm.advance(t, direction);
  });
}
