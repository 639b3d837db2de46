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
    case "placesOf": {
      const { count, rows, ids, output } = instruction;
      const words = placesOfLayout.words({ places: output, rows, ids, count });
      return { key: kind, make: placesOfKernel, words };
    }
    case "random": {
      const { size, stream, seed, output } = instruction;
      const words = randomLayout.words({ output, seed, size, mixedStream: mixNumber(stream) });
      return { key: kind, make: randomKernel, words };
    }
  }
}

const placesOfLayout = descriptor({ places: "pointer", rows: "word", ids: "rows", count: "word" });

/** places[r] = the smallest i with ids[i] = r, or count. */
function placesOfKernel(relaxed: boolean): WasmFunction {
  return kernel(relaxed, placesOfLayout, (asm, descriptor) => {
    const places = descriptor.pointer("places");
    const rows = descriptor.word("rows");
    const distance = descriptor.distance("ids");
    const i = descriptor.word("count");
    const id = asm.integer(i32.add(i32.mul(i, distance), descriptor.pointer("ids")));
    const none = asm.vector(i32x4.splat(i));
    const place = asm.integer(places);
    asm.repeatBy(rows, 4, () => {
      v128.store({}, place, none);
      asm.advance(place, 16);
    });
    asm.repeat(rows, () => {
      v128.store32_lane({}, 0, place, none);
      asm.advance(place, 4);
    });
    // From the last to the first, which remains.
    asm.repeat(asm.integer(i), () => {
      local.set(id, i32.sub(id, distance));
      local.set(i, i32.sub(i, 1));
      i32.store({}, i32.add(i32.shl(i32.load({}, id), 2), places), i);
    });
  });
}
