/** Bidirectional layers: a sequence is read forward and backward. */
import { add, concat, mul, type Node, reverse } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { anything, checkOptions, formatValue, type OptionChecks } from "../options/index.js";
import { formatShape, type PartialShape, sameShape } from "../tensor/shape.js";
import { checkLayer } from "./check-layer.js";
import { defineLayer } from "./define-layer.js";
import { describeLayer } from "./describe-layer.js";
import { checkInitialInputs } from "./initial-inputs.js";
import type { CallContext, Layer, LayerOptions, ParameterSpec, Signal, Signals } from "./layer.js";
import { noTimeAxis } from "./no-time-axis.js";
import { layerOptions } from "./option-checks.js";
import { cannotCarryStates, isRecurrent, type RecurrentLayer } from "./recurrent.js";

/** Rule that merges two outputs: "concat" along the features, sum, product, mean, or no merge (null). */
export type MergeMode = "concat" | "sum" | "mul" | "ave" | null;

/** Options of `bidirectional`. */
export interface BidirectionalOptions extends LayerOptions {
  /** Default "concat". */
  readonly mergeMode?: MergeMode;
  /** The layer that reads backward; default: one like `layer`. */
  readonly backwardLayer?: Layer;
}

const bidirectionalOptions: OptionChecks<BidirectionalOptions> = {
  ...layerOptions,
  mergeMode: anything,
  backwardLayer: anything,
};

const merges: Readonly<Record<Exclude<MergeMode, null>, (forward: Node, backward: Node) => Node>> = {
  concat: (forward, backward) => concat([forward, backward]),
  sum: add,
  mul,
  ave: (forward, backward) => mul(0.5, add(forward, backward)),
};
const ways = ["forward", "backward"] as const;

/**
 * Runs a recurrent layer over the sequence from its start, another like it from its end, and merges their outputs (Schuster & Paliwal
 * 1997, "Bidirectional recurrent neural networks"). Row t of a sequence holds the outputs of both at step t; the last output is that
 * of the last step forward and of the first step backward.
 *
 * The given layer reads forward: its weights are the same at every place where it is used. The other layer has separate weights, unless it
 * is given, too.
 *
 * With returnSequences rows at padding are 0. With returnState the outputs are the merged one, the states forward and the states
 * backward; initial states are given in the same order. Parameters are those of the layer, forward_kernel, …, backward_kernel, ….
 *
 * @param layer any recurrent layer: `simpleRNN`, `lstm`, `gru` or `rnn`
 * @throws ConfigError when the layer is not recurrent, the merge mode is unknown, or the backwardLayer does not match
 * @example bidirectional(lstm(32, { returnSequences: true }), { mergeMode: "sum" })
 */
export function bidirectional(layer: Layer, options: BidirectionalOptions = {}): Layer {
  checkOptions("Bidirectional", options, bidirectionalOptions);
  const { mergeMode = "concat", backwardLayer } = options;
  const merge = mergeOf(mergeMode);
  const pair = bothWays(layer, backwardLayer);
  const [forward, backward] = pair;
  const inside = (name: string, i: number) => `${ways[i]}_${name}`;
  const { returnSequences } = forward.config;

  return defineLayer(
    "Bidirectional",
    {
      ...options,
      inputShape: options.inputShape ?? layer.inputShape,
      trainable: options.trainable ?? layer.trainable,
    },
    {
      config: { mergeMode },
      wrapped: { layer, ...(backwardLayer && { backwardLayer }) },
      masking: forward.masking,
      parameters(inputShape, ...given) {
        if (inputShape.length !== 3) throw noTimeAxis(this, inputShape);
        const specs = pair.flatMap((each, i) =>
          each.parameters(inputShape).map((spec): ParameterSpec => {
            const original = [layer, backwardLayer][i];
            return { ...spec, name: inside(spec.name, i), ...(original && { inside: { layer: original, spec } }) };
          }),
        );
        const states = pair.flatMap((each, i) =>
          Object.entries(each.statesFor(inputShape)).map(([name, shape]) => [inside(name, i), shape] as const),
        );
        checkInitialInputs(this, given, states);
        return specs;
      },
      outputShapes(inputShape) {
        const [output, ...states] = forward.outputShapes(inputShape);
        const [other, ...otherStates] = backward.outputShapes(inputShape);
        return [...mergedShapes(this, mergeMode, output, other), ...states, ...otherStates];
      },
      call([signal, ...given], context) {
        if (context.carry && given.length === 0 && (context.carry.every || forward.config.stateful))
          throw cannotCarryStates(this);
        const count = forward.stateNames.length;
        const run = (i: 0 | 1, states: readonly Signal[]) => {
          const directionContext: CallContext = { ...context, parameter: (name) => context.parameter(inside(name, i)) };
          return pair[i].call([signal, ...states], directionContext);
        };
        const [output, ...states] = run(0, given.slice(0, count));
        const [last, ...otherStates] = run(1, given.slice(count));
        const other = returnSequences ? reverse(last.node, 0) : last.node;
        const outputs: Signals = merge
          ? [{ ...output, node: merge(output.node, other) }]
          : [output, { ...output, node: other }];
        return [...outputs, ...states, ...otherStates];
      },
    },
  );
}

/** @throws ConfigError for an unknown mode */
function mergeOf(mode: MergeMode) {
  if (mode === null) return undefined;
  if (typeof mode === "string" && Object.hasOwn(merges, mode)) return merges[mode];
  const known = Object.keys(merges).join('", "');
  throw new ConfigError(`Bidirectional: unknown mergeMode ${formatValue(mode)}. Known are "${known}" and null.`);
}

/** The layer that reads forward, and the layer that reads backward. */
function bothWays(layer: Layer, backwardLayer?: Layer): readonly [RecurrentLayer, RecurrentLayer] {
  checkRecurrent("layer", layer);
  const { returnSequences, returnState, goBackwards } = layer.config as Record<string, boolean>;
  const zeroOutputForMask = returnSequences;
  const named = (way: string) => (layer.name === undefined ? way : `${way}_${layer.name}`);
  const forward = layer.with({ name: named("forward"), zeroOutputForMask });
  if (!backwardLayer) {
    return [forward, layer.with({ name: named("backward"), zeroOutputForMask, goBackwards: !goBackwards })];
  }
  checkRecurrent("backwardLayer", backwardLayer);
  const expected = { goBackwards: !goBackwards, returnSequences, returnState };
  for (const [option, value] of Object.entries(expected)) {
    const received = backwardLayer.config[option];
    if (received !== value) {
      throw new ConfigError(
        `Bidirectional: the backwardLayer must have ${option}: ${value} to match ${describeLayer(layer)}, received ${received}.`,
      );
    }
  }
  return [forward, backwardLayer.with({ zeroOutputForMask })];
}

function checkRecurrent(option: string, layer: Layer): asserts layer is RecurrentLayer {
  checkLayer(`Bidirectional: ${option}`, layer);
  if (!isRecurrent(layer)) {
    throw new ConfigError(`Bidirectional: ${option} must be a recurrent layer, received ${describeLayer(layer)}.`);
  }
}

function mergedShapes(
  layer: Layer,
  mergeMode: MergeMode,
  a: PartialShape,
  b: PartialShape,
): [PartialShape, ...PartialShape[]] {
  if (mergeMode === null) return [a, b];
  if (mergeMode === "concat") return [[...a.slice(0, -1), a.at(-1)! + b.at(-1)!]];
  if (sameShape(a as number[], b as number[])) return [a];
  throw new ConfigError(
    `${describeLayer(layer)}: mergeMode "${mergeMode}" needs outputs of one shape, received ${formatShape(a)} forward and ` +
      `${formatShape(b)} backward. Give both layers as many units, or use "concat".`,
  );
}
