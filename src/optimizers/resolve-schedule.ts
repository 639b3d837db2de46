/** The list of schedules, and resolution of a config to a schedule. */
import { ConfigError } from "../errors.js";
import { unknownName } from "../options/index.js";
import { cosineDecay, cosineDecayRestarts } from "./cosine-schedules.js";
import { exponentialDecay, inverseTimeDecay, piecewiseConstantDecay, polynomialDecay } from "./decay-schedules.js";
import type { Schedule } from "./schedule.js";

/** A schedule, or its config. */
export type ScheduleLike = Schedule | Schedule["config"];

/** Every schedule by its name. */
export const schedules: {
  readonly exponentialDecay: typeof exponentialDecay;
  readonly inverseTimeDecay: typeof inverseTimeDecay;
  readonly polynomialDecay: typeof polynomialDecay;
  readonly piecewiseConstantDecay: typeof piecewiseConstantDecay;
  readonly cosineDecay: typeof cosineDecay;
  readonly cosineDecayRestarts: typeof cosineDecayRestarts;
} & Readonly<Record<string, (options: never) => Schedule>> = {
  exponentialDecay,
  inverseTimeDecay,
  polynomialDecay,
  piecewiseConstantDecay,
  cosineDecay,
  cosineDecayRestarts,
};

/** Whether a value is a schedule or has the form of a config. */
export function isScheduleLike(given: unknown): given is ScheduleLike {
  if (typeof given !== "object" || given === null || Symbol.iterator in given) return false;
  const { at, type } = given as { at?: unknown; type?: unknown };
  return typeof at === "function" || typeof type === "string";
}

/**
 * The schedule that a config or a schedule stands for; the type may begin with a capital, as Keras's classes do.
 *
 * @throws ConfigError for an unknown type, with a list of the known ones
 * @example resolveSchedule({ type: "cosineDecay", initialLearningRate: 0.1, decaySteps: 100 })
 */
export function resolveSchedule(given: ScheduleLike): Schedule {
  if (typeof given.at === "function") return given as Schedule;
  const { type, ...options } = given as Schedule["config"];
  const name = type.replace(/^[A-Z]/, (letter) => letter.toLowerCase());
  if (!Object.hasOwn(schedules, name)) {
    throw new ConfigError(`${unknownName("schedule", type, Object.keys(schedules))}.`);
  }
  return schedules[name]!(options as never);
}
