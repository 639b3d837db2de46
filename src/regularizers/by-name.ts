/** The lists of regularizers and constraints, and resolution of names and configs. */
import { ConfigError } from "../errors.js";
import type { Constraint } from "./constraint.js";
import { maxNorm, minMaxNorm, nonNeg, unitNorm } from "./norm-constraints.js";
import { l1, l1l2, l2, orthogonalRegularizer } from "./penalties.js";
import type { Regularizer } from "./regularizer.js";

/** A name ("l2"), a config `{ type: "l2", l2: 1e-4 }`, or a regularizer. */
export type RegularizerLike = string | Regularizer["config"] | Regularizer;

/** A name ("maxNorm"), a config `{ type: "maxNorm", maxValue: 3 }`, or a constraint. */
export type ConstraintLike = string | Constraint["config"] | Constraint;

type Makers<Made> = Readonly<Record<string, (options?: never) => Made>>;

/** Every regularizer by its name. */
export const regularizers: {
  readonly l1: typeof l1;
  readonly l2: typeof l2;
  readonly l1l2: typeof l1l2;
  readonly orthogonalRegularizer: typeof orthogonalRegularizer;
} & Readonly<Record<string, (options?: never) => Regularizer>> = { l1, l2, l1l2, orthogonalRegularizer };

/** Every constraint by its name. */
export const constraints: {
  readonly maxNorm: typeof maxNorm;
  readonly nonNeg: typeof nonNeg;
  readonly unitNorm: typeof unitNorm;
  readonly minMaxNorm: typeof minMaxNorm;
} & Readonly<Record<string, (options?: never) => Constraint>> = { maxNorm, nonNeg, unitNorm, minMaxNorm };

/**
 * The regularizer that a name, a config or a regularizer stands for. An option that is null counts as not given.
 *
 * @throws ConfigError for an unknown name, with a list of the known ones
 * @example resolveRegularizer({ type: "L2", l2: 1e-4 })
 */
export function resolveRegularizer(given: RegularizerLike): Regularizer {
  return isMade<Regularizer>(given, "penalty") ? given : byName("regularizer", regularizers, given);
}

/**
 * The constraint that a name, a config or a constraint stands for. An option that is null counts as not given.
 *
 * @throws ConfigError for an unknown name, with a list of the known ones
 * @example resolveConstraint("unit_norm")
 */
export function resolveConstraint(given: ConstraintLike): Constraint {
  return isMade<Constraint>(given, "apply") ? given : byName("constraint", constraints, given);
}

function isMade<Made>(given: unknown, method: keyof Made & string): given is Made {
  return (
    typeof given === "object" && given !== null && typeof (given as Record<string, unknown>)[method] === "function"
  );
}

/** By "maxNorm", "max_norm" or "MaxNorm". */
function byName<Made>(kind: string, makers: Makers<Made>, given: string | Regularizer["config"]): Made {
  const { type, ...options } = typeof given === "string" ? { type: given } : given;
  const name = Object.keys(makers).find((known) => plain(known) === plain(String(type)));
  if (!name) throw new ConfigError(`Unknown ${kind} "${type}". Known are ${Object.keys(makers).join(", ")}.`);
  const stated = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null));
  return makers[name]!(stated as never);
}

const plain = (name: string) => name.replaceAll("_", "").toLowerCase();
