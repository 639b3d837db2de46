/** Keras's loss of several batches, where Tavali's is Σ losses / Σ their count: the mean of the batches' losses, weighted by their rows. */
import type { Functional, Sequential } from "../../src/models/index.js";
import type { NestedArray } from "../../src/tensor/tensor.js";
import type { Logs } from "../../src/training/index.js";

/**
 * `evaluate` as Keras reports it: losses averaged over batches, metrics as they are.
 *
 * @param x, y one value, or with `ports` one for each input and output
 */
export async function evaluateAsKeras(
  model: Sequential | Functional,
  x: readonly NestedArray[],
  y: readonly NestedArray[],
  batchSize: number,
  ports = { x: 1, y: 1 },
): Promise<Logs> {
  const rowsOf = (values: readonly NestedArray[], count: number, first: number): NestedArray[] => {
    const cut = (port: NestedArray) => (port as NestedArray[]).slice(first, first + batchSize);
    return count === 1 ? cut(values as NestedArray) : (values as NestedArray[]).map(cut);
  };
  const logs = { ...(await model.evaluate(x as never, y as never, { batchSize })) };
  const count = (ports.x === 1 ? x : (x[0] as NestedArray[])).length;
  const losses = Object.keys(logs).filter((name) => /loss$/i.test(name));
  for (const name of losses) logs[name] = 0;
  for (let first = 0; first < count; first += batchSize) {
    const batch = await model.testOnBatch(rowsOf(x, ports.x, first) as never, rowsOf(y, ports.y, first) as never);
    const share = Math.min(batchSize, count - first) / count;
    for (const name of losses) logs[name]! += share * batch[name]!;
  }
  return logs;
}
