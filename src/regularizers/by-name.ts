/** The lists of regularizers and constraints, and resolution of names and configs. */
import { type MakerRegistry, resolveFrom } from "../registry.js";
import type { Constraint } from "./constraint.js";
import { maxNorm, minMaxNorm, nonNeg, unitNorm } from "./norm-constraints.js";
import { l1, l1l2, l2, orthogonalRegularizer } from "./penalties.js";
import type { Regularizer } from "./regularizer.js";

/** A name ("l2"), a config `{ type: "l2", l2: 1e-4 }`, or a regularizer. */
export type RegularizerLike = string | Regularizer["config"] | Regularizer;

/** A name ("maxNorm"), a config `{ type: "maxNorm", maxValue: 3 }`, or a constraint. */
export type ConstraintLike = string | Constraint["config"] | Constraint;

/** Every regularizer by its name. */
export const regularizers = { l1, l2, l1l2, orthogonalRegularizer } as const satisfies Readonly<
  Record<string, (options?: never) => Regularizer>
>;

/** Every constraint by its name. */
export const constraints = { maxNorm, nonNeg, unitNorm, minMaxNorm } as const satisfies Readonly<
  Record<string, (options?: never) => Constraint>
>;

/** Regularizers by name. */
export const regularizerRegistry: MakerRegistry<Regularizer> = {
  kind: "regularizer",
  entries: regularizers,
  methods: ["penalty"],
  example: "l2",
};

/** Constraints by name. */
export const constraintRegistry: MakerRegistry<Constraint> = {
  kind: "constraint",
  entries: constraints,
  methods: ["apply"],
  example: "maxNorm",
};

/**
 * The regularizer that a name, a config or a regularizer stands for.
 *
 * @throws ConfigError for an unknown name, with a list of the known ones
 * @example resolveRegularizer({ type: "L2", l2: 1e-4 })
 */
export function resolveRegularizer(given: RegularizerLike): Regularizer {
  return resolveFrom(regularizerRegistry, given);
}

/**
 * The constraint that a name, a config or a constraint stands for.
 *
 * @throws ConfigError for an unknown name, with a list of the known ones
 * @example resolveConstraint("unit_norm")
 */
export function resolveConstraint(given: ConstraintLike): Constraint {
  return resolveFrom(constraintRegistry, given);
}
