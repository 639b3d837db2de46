/** Checks of options that users define: a cell's, a loss's. What they are by default says what they may be. */
import type { OptionChecks } from "./check-options.js";
import { aFunction, anything, expecting, flag, type OptionCheck } from "./option-check.js";

/**
 * A check for each option: numbers where it is a number by default, switches where it is a switch.
 *
 * @param ofFunctions the check where it is a function by default
 */
export function likeDefaults<Options extends object>(
  defaults: Options,
  ofFunctions: OptionCheck = aFunction,
): OptionChecks<Options> {
  const checks = Object.entries(defaults).map(([name, value]) => [name, likeValue(value, ofFunctions)]);
  return Object.fromEntries(checks) as OptionChecks<Options>;
}

const aNumber = expecting("a number", (given) => typeof given === "number" && !Number.isNaN(given));

function likeValue(value: unknown, ofFunctions: OptionCheck): OptionCheck {
  if (typeof value === "number") return aNumber;
  if (typeof value === "boolean") return flag;
  return typeof value === "function" ? ofFunctions : anything;
}
