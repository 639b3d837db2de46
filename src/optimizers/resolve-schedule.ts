/** The list of schedules, and resolution of a config to a schedule. */
import { isMade, type MakerRegistry, resolveFrom } from "../registry.js";
import { cosineDecay, cosineDecayRestarts } from "./cosine-schedules.js";
import { exponentialDecay, inverseTimeDecay, piecewiseConstantDecay, polynomialDecay } from "./decay-schedules.js";
import type { Schedule } from "./schedule.js";

/** A schedule, or its config. */
export type ScheduleLike = Schedule | Schedule["config"];

/** Every schedule by its name. */
export const schedules = {
  exponentialDecay,
  inverseTimeDecay,
  polynomialDecay,
  piecewiseConstantDecay,
  cosineDecay,
  cosineDecayRestarts,
} as const satisfies Readonly<Record<string, (options: never) => Schedule>>;

/** Schedules by name. */
export const scheduleRegistry: MakerRegistry<Schedule> = {
  kind: "schedule",
  entries: schedules,
  methods: ["at"],
  example: "cosineDecay",
};

/** Whether a value is a schedule or has the form of a config. */
export function isScheduleLike(given: unknown): given is ScheduleLike {
  return isMade(scheduleRegistry, given) || typeof (given as { type?: unknown } | null)?.type === "string";
}

/**
 * The schedule that a config or a schedule stands for.
 *
 * @throws ConfigError for an unknown type, with a list of the known ones
 * @example resolveSchedule({ type: "cosineDecay", initialLearningRate: 0.1, decaySteps: 100 })
 */
export function resolveSchedule(given: ScheduleLike): Schedule {
  return resolveFrom(scheduleRegistry, given);
}
