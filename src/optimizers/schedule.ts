/**
 * The contract of a learning-rate schedule: the rate as a function of how many steps have been taken. It keeps nothing, so a training that
 * is continued has the rates it would have had.
 */
import { ConfigError } from "../errors.js";

/** A learning rate that changes with the steps taken. */
export interface Schedule {
  readonly config: { readonly type: string; readonly [option: string]: unknown };
  /** The rate of a step. @param step how many steps came before: 0, 1, … */
  at(step: number): number;
}

/** Throws unless every number given is positive and finite. */
export function checkSchedule(schedule: string, numbers: Readonly<Record<string, number>>): void {
  for (const [option, value] of Object.entries(numbers)) {
    if (typeof value === "number" && value > 0 && Number.isFinite(value)) continue;
    throw new ConfigError(`${schedule}: ${option} must be a positive number, received ${value}.`);
  }
}

/** Throws unless every number given is at least 0 and finite. */
export function checkNotNegative(schedule: string, numbers: Readonly<Record<string, number>>): void {
  for (const [option, value] of Object.entries(numbers)) {
    if (typeof value === "number" && value >= 0 && Number.isFinite(value)) continue;
    throw new ConfigError(`${schedule}: ${option} must be a number of at least 0, received ${value}.`);
  }
}
