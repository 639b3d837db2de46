/** Regularizers and constraints of a layer's weights. */
import {
  type Constraint,
  type ConstraintLike,
  type Regularizer,
  type RegularizerLike,
  resolveConstraint,
  resolveRegularizer,
} from "../regularizers/index.js";

/** Options of a weight: of "kernel", kernelRegularizer and kernelConstraint. By default there are none. */
export type RuledWeight<Name extends string> = {
  readonly [Option in `${Name}Regularizer`]?: RegularizerLike | null;
} & { readonly [Option in `${Name}Constraint`]?: ConstraintLike | null };

/** The regularizer and the constraint of one weight. */
export interface WeightRules {
  readonly regularizer?: Regularizer;
  readonly constraint?: Constraint;
}

/**
 * The rules of each weight by its name, and the options for the config.
 *
 * @throws ConfigError when a regularizer or constraint is unknown
 */
export function weightRules<Name extends string>(
  options: RuledWeight<Name>,
  names: readonly Name[],
): { readonly of: Readonly<Record<Name, WeightRules>>; readonly config: Readonly<Record<string, unknown>> } {
  const given = options as Readonly<Record<string, (RegularizerLike & ConstraintLike) | null | undefined>>;
  const rules = names.map((name): [Name, WeightRules] => {
    const [regularizer, constraint] = [given[`${name}Regularizer`], given[`${name}Constraint`]];
    return [
      name,
      {
        ...(regularizer && { regularizer: resolveRegularizer(regularizer) }),
        ...(constraint && { constraint: resolveConstraint(constraint) }),
      },
    ];
  });
  const config = rules.flatMap(([name, { regularizer, constraint }]) => [
    [`${name}Regularizer`, regularizer?.config],
    [`${name}Constraint`, constraint?.config],
  ]);
  return { of: Object.fromEntries(rules) as Record<Name, WeightRules>, config: Object.fromEntries(config) };
}
