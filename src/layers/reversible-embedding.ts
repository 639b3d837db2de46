/** Reversible embedding: one matrix that maps ids to vectors, and vectors to the logits of ids. */
import { add, gather, matmul, transpose } from "../equations/index.js";
import { type InitializerLike, resolveInitializer } from "../initializers/index.js";
import { checkOption, checkOptions, count, flag, type OptionChecks } from "../options/index.js";
import type { PartialShape } from "../tensor/shape.js";
import { defineLayer } from "./define-layer.js";
import { unfitInput } from "./describe-layer.js";
import { type Layer, type LayerOptions, timeMajor } from "./layer.js";
import { initializerLike, layerOptions, ruleOptions } from "./option-checks.js";
import { type RuledWeight, weightRules } from "./weight-rules.js";

/** Options of `reversibleEmbedding`. */
export interface ReversibleEmbeddingOptions extends LayerOptions, RuledWeight<"embeddings"> {
  /** Default "uniform": U(−0.05, 0.05). */
  readonly embeddingsInitializer?: InitializerLike;
  /** Whether the logits have a bias for each id, which starts at 0. Keras's has none. Default false. */
  readonly useBias?: boolean;
}

const reversibleEmbeddingOptions: OptionChecks<ReversibleEmbeddingOptions> = {
  ...layerOptions,
  ...ruleOptions("embeddings"),
  embeddingsInitializer: initializerLike,
  useBias: flag,
};

/**
 * Maps ids [batch] or [batch, time] to their vectors, y = E[id, :]; vectors [batch, time, outputDim] to the logits of all ids, y = x·Eᵀ + b.
 * E is [inputDim, outputDim]. Applied at both ends of a language model, it ties the weights of input and output, which improves the model
 * and saves the larger of the two matrices (Press & Wolf 2017).
 *
 * @param inputDim number of ids: they lie in 0 … inputDim − 1
 * @param outputDim length of each vector
 * @throws ConfigError when a size is not a positive integer; ShapeError for vectors of another length
 * @example
 * const words = reversibleEmbedding(10_000, 200);
 * const ids = input({ shape: [null] });
 * const logits = words.apply(lstm(200, { returnSequences: true }).apply(words.apply(ids)));
 */
export function reversibleEmbedding(
  inputDim: number,
  outputDim: number,
  options: ReversibleEmbeddingOptions = {},
): Layer {
  checkOptions("ReversibleEmbedding", options, reversibleEmbeddingOptions);
  checkOption("ReversibleEmbedding", "inputDim", inputDim, count);
  checkOption("ReversibleEmbedding", "outputDim", outputDim, count);
  const { useBias = false } = options;
  const initializer = resolveInitializer(options.embeddingsInitializer ?? "uniform");
  const zeros = resolveInitializer("zeros");
  const rules = weightRules(options, ["embeddings"]);
  const isReverse = (shape: PartialShape) => shape.length > 2;
  const config = { inputDim, outputDim, embeddingsInitializer: initializer.config, useBias, ...rules.config };
  return defineLayer("ReversibleEmbedding", options, {
    config,
    inputCount: 1,
    masking: "passes",
    idLimit: inputDim,
    parameters(inputShape) {
      if (isReverse(inputShape) && (inputShape.length > 3 || inputShape[2] !== outputDim)) {
        throw unfitInput(
          this,
          `ids [batch, time], or vectors [batch, time, ${outputDim}] to turn back`,
          inputShape,
          `Put dense(${outputDim}) before it to change the length of the vectors.`,
        );
      }
      return [
        { name: "embeddings", shape: [inputDim, outputDim], initializer, ...rules.of.embeddings },
        ...(useBias ? [{ name: "bias", shape: [inputDim], initializer: zeros }] : []),
      ];
    },
    outputShapes: (inputShape) => [
      isReverse(inputShape) ? [...inputShape.slice(0, -1), inputDim] : [...inputShape, outputDim],
    ],
    call([signal], { parameter }) {
      const table = parameter("embeddings");
      const { node, mask } = signal;
      if (node.shape.length === 1) return [{ node: gather(table, node), timeMajor: false }];
      if (!isReverse(node.shape)) return [{ node: gather(table, timeMajor(signal)), timeMajor: true, mask }];
      const logits = matmul(node, transpose(table));
      return [{ ...signal, node: useBias ? add(logits, parameter("bias")) : logits }];
    },
  });
}
