/** Segments of a program: its loops, each with the calls of kernels that its instructions become. */
import type { Program } from "../../compiler/program.js";
import type { Blas } from "./blas.js";
import type { ProgramCall } from "./call.js";
import { lower } from "./lower.js";
import { lowerLoop } from "./lower-loop.js";
import type { Locate } from "./lower-map.js";
import type { Segment } from "./program-memory.js";

/** Runs of calls that share a loop. Instructions outside loops form loops of length 1. */
export function segmentsOf(program: Program, blas: Blas | undefined): Segment[] {
  const segments: Segment[] = [];
  let straight: ProgramCall[] = [];
  const endStraight = (): void => {
    segments.push({ length: 1, reverse: false, calls: straight });
    straight = [];
  };
  // All scratch buffers lie in one block.
  const locate: Locate = ({ buffer, offset }) => {
    const { role, offset: start } = program.buffers[buffer]!;
    return role === "scratch" ? { base: "scratch", start: start! + offset } : { base: `${buffer}`, start: offset };
  };
  for (const instruction of program.instructions) {
    if (instruction.kind === "loop") {
      const { length, reverse } = instruction;
      const { before, calls } = lowerLoop(instruction, blas, locate);
      straight.push(...before);
      endStraight();
      segments.push({ length, reverse, calls });
    } else straight.push(...lower(instruction, blas, locate).map((call) => ({ ...call, instruction })));
  }
  endStraight();
  return segments.filter(({ calls, length }) => calls.length > 0 && length > 0);
}
