/** Common parts of optimizers: checked options, decoupled weight decay, and a config with the current learning rate. */
import { mul, type Node, sub } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { either, expecting, notNegative, type OptionChecks, orNull, positive } from "../options/index.js";
import type { ClipOptions, Optimizer, UpdateContext } from "./optimizer.js";
import { isScheduleLike, resolveSchedule, type ScheduleLike } from "./resolve-schedule.js";

/** Options every optimizer takes. */
export interface OptimizerOptions extends ClipOptions {
  /** η, the size of a step: at least 0, or a schedule. */
  readonly learningRate?: number | ScheduleLike;
  /** Decoupled weight decay: w ← w − η·weightDecay·w before each update (Loshchilov & Hutter 2019). Default: none. */
  readonly weightDecay?: number;
}

/** Checks of `OptimizerOptions`. */
export const optimizerOptions: OptionChecks<OptimizerOptions> = {
  learningRate: either(notNegative, expecting("a schedule such as cosineDecay({ … })", isScheduleLike)),
  weightDecay: orNull(notNegative),
  clipnorm: orNull(positive),
  globalClipnorm: orNull(positive),
  clipvalue: orNull(positive),
};

/** An update rule, with the optimizer's defaults. */
export interface Rule extends Pick<Optimizer, "slots" | "slotOrder" | "zeroGradientIsNoOp" | "update"> {
  /** The default of η. */
  readonly learningRate: number;
  /** The options specific to this optimizer, for its config. */
  readonly own: Readonly<Record<string, number | boolean>>;
}

/**
 * An optimizer from its rule.
 *
 * @param options already checked
 * @throws ConfigError if more than one kind of clipping is given
 */
export function defineOptimizer(name: string, options: OptimizerOptions, rule: Rule): Optimizer {
  const { learningRate: given = rule.learningRate, weightDecay, clipnorm, globalClipnorm, clipvalue } = options;
  const schedule = typeof given === "object" ? resolveSchedule(given) : undefined;
  const learningRate = schedule ? schedule.at(0) : (given as number);
  const clip = defined({ clipnorm, globalClipnorm, clipvalue });
  if (Object.keys(clip).length > 1) {
    throw new ConfigError(`${name}: choose one way of clipping, received ${Object.keys(clip).join(" and ")}.`);
  }
  return {
    name,
    clip,
    learningRate,
    schedule,
    get config() {
      return {
        type: name,
        learningRate: schedule?.config ?? this.learningRate,
        ...rule.own,
        ...defined({ weightDecay }),
        ...clip,
      };
    },
    slots: rule.slots,
    slotOrder: rule.slotOrder,
    zeroGradientIsNoOp: weightDecay ? undefined : rule.zeroGradientIsNoOp,
    update: (context) => rule.update(weightDecay ? { ...context, weight: decayed(context, weightDecay) } : context),
  };
}

function decayed({ weight, learningRate }: UpdateContext, weightDecay: number): Node {
  return sub(weight, mul(weight, mul(learningRate, weightDecay)));
}

function defined(numbers: Readonly<Record<string, number | null | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(numbers).filter((entry): entry is [string, number] => entry[1] !== undefined && entry[1] !== null),
  );
}
