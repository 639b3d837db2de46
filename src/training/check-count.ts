/** Counts at the door. */
import { ConfigError } from "../errors.js";

/** @throws ConfigError unless the value is a whole number of at least `least` */
export function checkCount(operation: string, name: string, value: number, least = 1): number {
  if (!Number.isInteger(value) || value < least) {
    throw new ConfigError(`${operation}: ${name} must be a whole number of at least ${least}, received ${value}.`);
  }
  return value;
}
