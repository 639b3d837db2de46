/** How many floating-point operations the matrix products of a training step are: 2·m·k·n for each, gradients included. */
import type { Workload } from "./workloads.js";

/** One product of sgemm alone: [size, size]·[size, size]. */
export const SGEMM_SIZE = 1024;
export const SGEMM_FLOP = 2 * SGEMM_SIZE ** 3;

const GATES = { simpleRNN: 1, lstm: 4 } as const;

/** Every product has two gradients, but nobody asks for that of plain features. */
export function stepFlop({ model, batch, time }: Workload): number {
  const rows = batch * time;
  const directions = model.bidirectional ? 2 : 1;
  let flop = 0;
  let width = model.features;
  model.units.forEach((units, layer) => {
    const columns = directions * GATES[model.cell] * units;
    const gradients = layer > 0 || model.vocabulary !== null ? 2 : 1;
    flop += 2 * rows * columns * (width * (1 + gradients) + units * 3);
    width = directions * units;
  });
  return flop + 3 * 2 * (model.everyStep ? rows : batch) * width * model.outputs;
}
