/** Range of the number of threads. */
import { ConfigError } from "../errors.js";
import { environmentVariable, hasNode, nodeModule } from "../host/host.js";
import { formatValue } from "../options/index.js";

/** Threads that are always allowed, so that a training can be repeated with the same number on another machine. */
const ALWAYS = 8;

/** The most threads: as many as the machine has cores, or 8. More would only wait for one another. */
export function mostThreads(): number {
  const { navigator } = globalThis as { navigator?: { readonly hardwareConcurrency?: number } };
  const cores = hasNode() ? nodeModule("node:os").availableParallelism() : navigator?.hardwareConcurrency;
  return Math.max(ALWAYS, cores ?? 1);
}

/** @param owner what they were given to: "createWasmEngine: threads" @throws ConfigError unless it is a number of threads for this machine */
export function checkThreads(owner: string, value: unknown): number {
  const most = mostThreads();
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most) return value as number;
  throw new ConfigError(
    `${owner} must be a whole number from 1 to ${most} on this machine, received ${formatValue(value)}. More threads than cores wait for one another; leave it ` +
      "out to have as many as are worth it.",
  );
}

/** The number of threads that the environment variable TAVALI_THREADS asks for. @throws ConfigError unless it is one for this machine */
export function wishedThreads(): number | undefined {
  const wished = environmentVariable("TAVALI_THREADS");
  if (!wished) return undefined;
  return checkThreads("The environment variable TAVALI_THREADS", /^\d+$/.test(wished) ? Number(wished) : wished);
}
