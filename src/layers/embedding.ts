/** Embedding: one trainable vector for each id. */
import { gather, notEqual } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import { type InitializerLike, resolveInitializer } from "../initializers/index.js";
import { checkOption, checkOptions, count, flag, type OptionChecks } from "../options/index.js";
import { defineLayer } from "./define-layer.js";
import { describeLayer } from "./describe-layer.js";
import { type Layer, type LayerOptions, timeMajor } from "./layer.js";
import { bothMasks } from "./mask.js";
import { initializerLike, layerOptions, ruleOptions } from "./option-checks.js";
import { type RuledWeight, weightRules } from "./weight-rules.js";

/** Options of `embedding`. */
export interface EmbeddingOptions extends LayerOptions, RuledWeight<"embeddings"> {
  /** Whether id 0 is padding: later layers skip those steps. Default false. */
  readonly maskZero?: boolean;
  /** Default "uniform": U(−0.05, 0.05). */
  readonly embeddingsInitializer?: InitializerLike;
}

const embeddingOptions: OptionChecks<EmbeddingOptions> = {
  ...layerOptions,
  ...ruleOptions("embeddings"),
  maskZero: flag,
  embeddingsInitializer: initializerLike,
};

/**
 * y[…, :] = E[id, :], with E [inputDim, outputDim]. Only the rows of ids that occur get a gradient.
 *
 * Ids are [batch], [batch, time], or [batch, time, …]; the mask of `maskZero` is that of [batch, time].
 *
 * @param inputDim number of ids: they lie in 0 … inputDim − 1
 * @param outputDim length of each vector
 * @throws ConfigError when a size is not a positive integer
 * @example embedding(10000, 32, { maskZero: true })
 */
export function embedding(inputDim: number, outputDim: number, options: EmbeddingOptions = {}): Layer {
  checkOptions("Embedding", options, embeddingOptions);
  checkOption("Embedding", "inputDim", inputDim, count);
  checkOption("Embedding", "outputDim", outputDim, count);
  const { maskZero = false } = options;
  const initializer = resolveInitializer(options.embeddingsInitializer ?? "uniform");
  const rules = weightRules(options, ["embeddings"]);
  const config = { inputDim, outputDim, maskZero, embeddingsInitializer: initializer.config, ...rules.config };
  return defineLayer("Embedding", options, {
    config,
    inputCount: 1,
    masking: maskZero ? "makes" : "passes",
    idLimit: inputDim,
    parameters: () => [{ name: "embeddings", shape: [inputDim, outputDim], initializer, ...rules.of.embeddings }],
    outputShapes: (inputShape) => [[...inputShape, outputDim]],
    call([signal], { parameter }) {
      const table = parameter("embeddings");
      const { node, mask } = signal;
      if (node.shape.length === 1) return [{ node: gather(table, node), timeMajor: false }];
      const ids = timeMajor(signal);
      if (maskZero && ids.shape.length > 2) {
        throw new ConfigError(
          `${describeLayer(this)}: with maskZero the ids must be [batch, time]; with more axes a step has no single id that could be 0.`,
        );
      }
      return [{ node: gather(table, ids), timeMajor: true, mask: maskZero ? bothMasks(mask, notEqual(ids, 0)) : mask }];
    },
  });
}
