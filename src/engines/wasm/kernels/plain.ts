/** Kernels of plain instructions, which read lines of numbers and write one: a case and a kernel for each. */
import type { PlainInstruction } from "../../../compiler/program.js";
import type { WasmFunction } from "../assembler.js";
import type { Call } from "../call.js";
import { descriptor, kernel } from "../descriptor.js";
import { i32, i32x4, local, v128 } from "../instructions.js";
import { mixNumber, randomKernel, randomLayout } from "./random.js";

/** The call of an instruction's kernel, with its descriptor. */
export function plainCall(instruction: PlainInstruction): Call {
  const { kind } = instruction;
  switch (kind) {
    case "firstPositions": {
      const { count, rows, ids, output } = instruction;
      const words = firstPositionsLayout.words({ output, rows, ids, count });
      return { key: kind, make: firstPositionsKernel, words };
    }
    case "random": {
      const { size, stream, seed, output } = instruction;
      const words = randomLayout.words({ output, seed, size, mixedStream: mixNumber(stream) });
      return { key: kind, make: randomKernel, words };
    }
  }
}

const firstPositionsLayout = descriptor({ output: "pointer", rows: "word", ids: "rows", count: "word" });

/** output[r] = the smallest i with ids[i] = r, or count. */
function firstPositionsKernel(relaxed: boolean): WasmFunction {
  return kernel(relaxed, firstPositionsLayout, (asm, descriptor) => {
    const output = descriptor.pointer("output");
    const rows = descriptor.word("rows");
    const distance = descriptor.distance("ids");
    const i = descriptor.word("count");
    const id = asm.integer(i32.add(i32.mul(i, distance), descriptor.pointer("ids")));
    const none = asm.vector(i32x4.splat(i));
    const next = asm.integer(output);
    asm.repeatBy(rows, 4, () => {
      v128.store({}, next, none);
      asm.advance(next, 16);
    });
    asm.repeat(rows, () => {
      v128.store32_lane({}, 0, next, none);
      asm.advance(next, 4);
    });
    // From the last to the first, which remains.
    asm.repeat(asm.integer(i), () => {
      local.set(id, i32.sub(id, distance));
      local.set(i, i32.sub(i, 1));
      i32.store({}, i32.add(i32.shl(i32.load({}, id), 2), output), i);
    });
  });
}
