/** How much memory a model's numbers take, counted before any of them is made. */
import { ConfigError } from "../errors.js";
import { formatShape, type Shape, sizeOf } from "../tensor/shape.js";
import type { Variables } from "./variables.js";

/** Numbers that are to be made. */
export interface NeededNumbers {
  readonly name: string;
  readonly shape: Shape;
}

/**
 * @param what "The weights of \"model\""
 * @param remedy what to do where they do not fit
 * @throws ConfigError when they do not fit beside what is there
 */
export function checkMemory(
  what: string,
  needed: readonly NeededNumbers[],
  { engine, store }: Pick<Variables, "engine" | "store">,
  remedy: string,
): void {
  const bytes = ({ shape }: NeededNumbers) => (engine.precision / 8) * sizeOf(shape);
  const held = (engine.precision / 8) * store.size;
  const total = needed.reduce((sum, numbers) => sum + bytes(numbers), 0);
  if (held + total <= (engine.memoryLimit ?? Number.POSITIVE_INFINITY)) return;
  const [largest] = [...needed].sort((a, b) => bytes(b) - bytes(a)) as [NeededNumbers];
  const beside = held > 0 ? ` beside the ${gibibytes(held)} that are there` : "";
  throw new ConfigError(
    `${what} take ${gibibytes(total)}${beside}, but the memory of the ${engine.name} engine ends at ${gibibytes(engine.memoryLimit!)}. The largest is ` +
      `${largest.name} ${formatShape(largest.shape)} with ${gibibytes(bytes(largest))}. ${remedy}`,
  );
}

function gibibytes(bytes: number): string {
  const gibi = bytes / 2 ** 30;
  return gibi < 0.1 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${gibi.toFixed(gibi < 100 ? 1 : 0)} GiB`;
}
