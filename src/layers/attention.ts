/**
 * Attention: for each query, the mean of values weighted by how well their keys match the query. The inputs are [query, value] or
 * [query, value, key], each [batch, time, dim]; without keys, the values serve as keys.
 *
 * Masks: padding among the values or keys gets weight 0, and a query without any valid value gets 0; results at padded queries are 0, and
 * the queries' mask is passed on. (Keras spreads a query's weights over padding where nothing is valid.)
 */
import {
  add,
  constant,
  expandDims,
  matmul,
  mul,
  type Node,
  reshape,
  sum,
  tanh,
  transposeLast,
  where,
} from "../equations/index.js";
import { ConfigError, ShapeError } from "../errors.js";
import { glorotUniform, ones } from "../initializers/index.js";
import { checkOptions, flag, type OptionChecks, oneOf, share } from "../options/index.js";
import { formatShape, type PartialShape } from "../tensor/shape.js";
import { defineLayer } from "./define-layer.js";
import { describeLayer, knownAxis } from "./describe-layer.js";
import { dropoutNoise } from "./dropout-noise.js";
import {
  batchMajor,
  type CallContext,
  type Layer,
  type LayerOptions,
  type ParameterSpec,
  type Signal,
  swapFirstAxes,
} from "./layer.js";
import { bothMasks, maskedSoftmax } from "./mask.js";
import { noTimeAxis } from "./no-time-axis.js";
import { layerOptions } from "./option-checks.js";

/** Options of `additiveAttention`. */
export interface AdditiveAttentionOptions extends LayerOptions {
  /** Whether the score has trainable factors. Default true here, false for `attention`. */
  readonly useScale?: boolean;
  /** Fraction of the weights that is dropped while training. Default 0. */
  readonly dropout?: number;
  /** The weights as a second output, [batch, query time, value time]. Default false. */
  readonly returnAttentionScores?: boolean;
  /** Whether step t sees values up to step t only. Query and values must then have the same mask. Default false. */
  readonly useCausalMask?: boolean;
}

/** Options of `attention`. */
export interface AttentionOptions extends AdditiveAttentionOptions {
  /** "dot": q·k; "concat": Σ tanh(q + k), times a trainable number. Default "dot". */
  readonly scoreMode?: "dot" | "concat";
}

const additiveAttentionOptions: OptionChecks<AdditiveAttentionOptions> = {
  ...layerOptions,
  useScale: flag,
  dropout: share,
  returnAttentionScores: flag,
  useCausalMask: flag,
};
const attentionOptions: OptionChecks<AttentionOptions> = {
  ...additiveAttentionOptions,
  scoreMode: oneOf("dot", "concat"),
};

/**
 * Multiplicative attention (Luong, Pham & Manning 2015): score(q, k) = q·k, times a trainable number `scale` with useScale;
 * weights = softmax(score) over the valid values; result = Σ weight · value. [batch, T_q, dim] and [batch, T_v, dim] → [batch, T_q, dim].
 *
 * @throws ConfigError when an option is not valid; ShapeError unless the inputs are [query, value] or [query, value, key]
 * @example attention({ useScale: true })
 */
export function attention(options: AttentionOptions = {}): Layer {
  checkOptions("Attention", options, attentionOptions);
  const { useScale = false, scoreMode = "dot" } = options;
  const scalar = (name: string): ParameterSpec => ({ name, shape: [], initializer: ones() });
  return attentionLayer("Attention", options, {
    config: { useScale, scoreMode },
    parameters: () => [
      ...(useScale ? [scalar("scale")] : []),
      ...(scoreMode === "concat" ? [scalar("concat_score_weight")] : []),
    ],
    scores(query, key, { parameter }) {
      const scaled = (x: Node) => (useScale ? mul(parameter("scale"), x) : x);
      if (scoreMode === "dot") return scaled(matmul(query, transposeLast(key)));
      return mul(parameter("concat_score_weight"), sum(tanh(scaled(everyPair(query, key))), [-1]));
    },
  });
}

/**
 * Additive attention (Bahdanau, Cho & Bengio 2015): score(q, k) = Σ scale ⊙ tanh(q + k), with a trainable vector scale [dim] unless
 * useScale is false; weights = softmax(score) over the valid values; result = Σ weight · value. The projections of query and key are dense
 * layers in front of it, as in Keras.
 *
 * @throws ConfigError when an option is not valid; ShapeError unless the inputs are [query, value] or [query, value, key]
 * @example additiveAttention({ returnAttentionScores: true })
 */
export function additiveAttention(options: AdditiveAttentionOptions = {}): Layer {
  checkOptions("AdditiveAttention", options, additiveAttentionOptions);
  const { useScale = true } = options;
  return attentionLayer("AdditiveAttention", options, {
    config: { useScale },
    parameters: (dim) => (useScale ? [{ name: "scale", shape: [dim], initializer: glorotUniform() }] : []),
    scores(query, key, { parameter }) {
      const agreement = tanh(everyPair(query, key));
      return sum(useScale ? mul(parameter("scale"), agreement) : agreement, [-1]);
    },
  });
}

/** q + k for every query and key: [B, T_q, T_v, dim] */
function everyPair(query: Node, key: Node): Node {
  return add(expandDims(query, 2), expandDims(key, 1));
}

/** The parts in which the two attention layers differ. */
interface Scoring {
  readonly config: Readonly<Record<string, unknown>>;
  parameters(dim: number): ParameterSpec[];
  /** From [B, T_q, dim] and [B, T_v, dim] to [B, T_q, T_v]. */
  scores(query: Node, key: Node, context: CallContext): Node;
}

function attentionLayer(type: string, options: AdditiveAttentionOptions, form: Scoring): Layer {
  const { dropout = 0, returnAttentionScores = false, useCausalMask = false } = options;
  return defineLayer(type, options, {
    config: { ...form.config, dropout, returnAttentionScores, useCausalMask },
    masking: "passes",
    parameters(...shapes) {
      checkInputs(this, shapes);
      return form.parameters(knownAxis(this, shapes[0], -1, "features"));
    },
    outputShapes(query, value) {
      const result = [...query.slice(0, -1), value.at(-1)!];
      return [result, ...(returnAttentionScores ? [[...query.slice(0, -1), value[1]!]] : [])];
    },
    call(signals, context) {
      checkInputs(
        this,
        signals.map((signal) => batchMajor(signal).shape),
      );
      const [query, value, key = value] = signals as [Signal, Signal, Signal?];
      const scores = form.scores(batchMajor(query), batchMajor(key), context);
      const weights = maskedSoftmax(scores, validPairs(this, query, value, key, useCausalMask));
      const noise = context.training && dropout > 0 ? dropoutNoise(weights.shape, dropout, context) : undefined;
      const kept = noise ? mul(weights, noise) : weights;
      const found = matmul(kept, batchMajor(value));
      const rows = query.mask && expandDims(swapFirstAxes(query.mask), 2);
      const inQueryOrder = (node: Node): Signal => ({ node: swapFirstAxes(node), timeMajor: true, mask: query.mask });
      const result = inQueryOrder(rows ? where(rows, found, 0) : found);
      return [result, ...(returnAttentionScores ? [inQueryOrder(kept)] : [])];
    },
  });
}

/** The values that each query may see: [B, 1, T_v], or [B, T_q, T_v] where it depends on the query; undefined for all. */
function validPairs(layer: Layer, query: Signal, value: Signal, key: Signal, causal: boolean): Node | undefined {
  const mask = key.mask && key.mask !== value.mask ? bothMasks(value.mask, key.mask) : value.mask;
  const ofValues = mask && expandDims(swapFirstAxes(mask), 1);
  if (!causal) return ofValues;
  if (query.mask !== mask) {
    throw new ConfigError(
      `${describeLayer(layer)}: with useCausalMask query and values must have the same mask, since steps are compared by their position; ` +
        "attend a sequence to itself, or drop useCausalMask.",
    );
  }
  const [queries, values] = [batchMajor(query).shape[1]!, batchMajor(value).shape[1]!];
  const seen = Array.from({ length: queries * values }, (_, i) => Number(i % values <= Math.floor(i / values)));
  const past = reshape(constant(seen), [1, queries, values]);
  return ofValues ? mul(ofValues, past) : past;
}

function checkInputs(layer: Layer, shapes: readonly PartialShape[]): void {
  const [query, value, key = value] = shapes;
  const fits =
    (shapes.length === 2 || shapes.length === 3) &&
    shapes.every(({ length }) => length === 3) &&
    query!.at(-1) === key!.at(-1) &&
    value![1] === key![1];
  if (fits) return;
  const flat = shapes.find(({ length }) => length === 2);
  if (flat && shapes.length > 1) throw noTimeAxis(layer, flat);
  throw new ShapeError(
    `${describeLayer(layer)} expects [query, value] or [query, value, key], each [batch, time, dim], where queries and keys have one dim and ` +
      `values and keys one time, received ${shapes.map(formatShape).join(", ") || "nothing"}. Project with dense(dim) first.`,
  );
}
