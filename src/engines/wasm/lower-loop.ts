/**
 * The calls of a loop. A factor of a product that stays the same from step to step (a recurrent kernel, or its transpose on the way back) is
 * prepared once before the loop, not at every step, which with few rows would cost as much as the product itself: packed for our kernels,
 * transposed for BLAS where its columns are contiguous.
 */
import { accessesOf } from "../../compiler/instructions.js";
import type { LoopInstruction, MatmulInstruction, Operand } from "../../compiler/program.js";
import { type Blas, prefersPanels } from "./blas.js";
import type { ProgramCall } from "./call.js";
import { aligned } from "./heap.js";
import { lower } from "./lower.js";
import type { Locate } from "./lower-map.js";
import { lowerToPanels, lowerToRowsOfBlas, type PreparedProduct } from "./lower-matmul.js";

export interface LoopCalls {
  /** Done once, before the first step. */
  readonly before: readonly ProgramCall[];
  /** Done at every step. */
  readonly calls: readonly ProgramCall[];
}

/** Takes what `lower` takes. */
export function lowerLoop(
  { body, length }: LoopInstruction,
  blas: Pick<Blas, "smallProducts"> | undefined,
  locate: Locate,
): LoopCalls {
  const outputs = body.flatMap(accessesOf).filter(({ writes }) => writes);
  const written = new Set(outputs.map(({ operand }) => operand.buffer));
  const stays = ({ buffer, step }: Operand): boolean => step === 0 && !written.has(buffer);
  const before: ProgramCall[] = [];
  let bytes = 0;
  const preparedOf = (product: MatmulInstruction): PreparedProduct | undefined => {
    if (length === 1 || !stays(product.b)) return undefined;
    return blas && !prefersPanels(product, blas)
      ? lowerToRowsOfBlas(product, blas, bytes)
      : lowerToPanels(product, bytes);
  };
  const calls = body.flatMap((instruction) => {
    const prepared = instruction.kind === "matmul" ? preparedOf(instruction) : undefined;
    if (!prepared) return lower(instruction, blas, locate).map((call) => ({ ...call, instruction }));
    before.push({ ...prepared.prepare, instruction });
    bytes += aligned(prepared.bytes);
    return [{ ...prepared.product, instruction }];
  });
  return { before, calls };
}
