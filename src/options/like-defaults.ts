/** Checks of options of custom cells and losses, by the type of their defaults. */
import type { OptionChecks } from "./check-options.js";
import { aFunction, anything, expecting, flag, type OptionCheck } from "./option-check.js";

/**
 * A check for each option: of numbers if the default is a number, of booleans if it is a boolean.
 *
 * @param ofFunctions the check if the default is a function
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
