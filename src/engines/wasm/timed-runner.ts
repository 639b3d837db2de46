/** The runner in JavaScript, with a clock around every call: slower by a microsecond a call, for finding what takes time. */
import type { InstructionTimes } from "../../compiler/format-program.js";
import type { Program, StraightInstruction } from "../../compiler/program.js";
import type { Run } from "./function-table.js";
import type { Segment } from "./program-memory.js";
import { callLayout, segmentLayout } from "./runner.js";

/** Hears of each run of a program. */
export type OnRun = (program: Program, times: InstructionTimes) => void;

/** A function of the table: a kernel, or BLAS. */
export type Kernel = (descriptor: number, t: number) => void;

/**
 * @param segments those of the program, as they lie in memory
 * @param integers the memory
 * @param kernel the function of an index
 */
export function timedRunner(
  program: Program,
  segments: readonly Segment[],
  integers: () => Int32Array,
  kernel: (index: number) => Kernel,
  onRun: OnRun,
): Run {
  return (address) => {
    const words = integers();
    const times = new Map<StraightInstruction, number>();
    segments.forEach(({ length, reverse, calls }, i) => {
      const first = words[address / 4 + segmentLayout.size * i + segmentLayout.at.firstCall]! / 4;
      for (let step = 0; step < length; step++) {
        calls.forEach(({ instruction }, j) => {
          const position = first + callLayout.size * j;
          const call = kernel(words[position + callLayout.at.kernel]!);
          const descriptor = words[position + callLayout.at.descriptor]!;
          const start = performance.now();
          call(descriptor, reverse ? length - 1 - step : step);
          times.set(instruction, (times.get(instruction) ?? 0) + performance.now() - start);
        });
      }
    });
    onRun(program, times);
  };
}
