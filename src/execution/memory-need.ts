/** Memory need of a model's numbers, counted before any of them is made. */
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
 * @param hint what to do if they do not fit
 * @throws ConfigError when they do not fit into the engine's memory next to the numbers that it holds
 */
export function checkMemory(
  what: string,
  needed: readonly NeededNumbers[],
  { engine, store }: Pick<Variables, "engine" | "store">,
  hint: string,
): void {
  const bytes = ({ shape }: NeededNumbers) => (engine.precision / 8) * sizeOf(shape);
  const held = (engine.precision / 8) * store.size;
  const total = needed.reduce((sum, numbers) => sum + bytes(numbers), 0);
  if (held + total <= (engine.memoryLimit ?? Number.POSITIVE_INFINITY)) return;
  const [largest] = [...needed].sort((a, b) => bytes(b) - bytes(a)) as [NeededNumbers];
  const inUse = held > 0 ? ` besides the ${gibibytes(held)} in use` : "";
  throw new ConfigError(
    `${what} take ${gibibytes(total)}${inUse}, but the memory of the ${engine.name} engine ends at ${gibibytes(engine.memoryLimit!)}. The largest is ` +
      `${largest.name} ${formatShape(largest.shape)} with ${gibibytes(bytes(largest))}. ${hint}`,
  );
}

function gibibytes(bytes: number): string {
  const gibi = bytes / 2 ** 30;
  return gibi < 0.1 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${gibi.toFixed(gibi < 100 ? 1 : 0)} GiB`;
}
