/** Conditional random field over the steps of a sequence. */
import { add, matmul, where } from "../equations/index.js";
import { type InitializerLike, resolveInitializer } from "../initializers/index.js";
import { checkOption, checkOptions, count, type OptionChecks } from "../options/index.js";
import { bestPath, chainScores } from "../structured/index.js";
import { defineLayer } from "./define-layer.js";
import { knownAxis } from "./describe-layer.js";
import { type Layer, type LayerOptions, timeMajor } from "./layer.js";
import { noTimeAxis } from "./no-time-axis.js";
import { initializerLike, layerOptions } from "./option-checks.js";

/** Options of `crf`. */
export interface CRFOptions extends LayerOptions {
  /** Of the projection to tags. Default "glorotUniform". */
  readonly kernelInitializer?: InitializerLike;
  /** Of the projection's bias. Default "zeros". */
  readonly biasInitializer?: InitializerLike;
  /** Of the transitions, and of the scores of the first and last tag. Default "zeros". */
  readonly chainInitializer?: InitializerLike;
}

const crfOptions: OptionChecks<CRFOptions> = {
  ...layerOptions,
  kernelInitializer: initializerLike,
  biasInitializer: initializerLike,
  chainInitializer: initializerLike,
};

/**
 * A linear-chain conditional random field (Lafferty, McCallum & Pereira 2001), as the last layer of a tagger: each tag depends on the
 * scores of its step, x·W + b, and on the tag before it. Train it with `crfLoss`, watch "accuracy"; `predict` gives the best sequence
 * of tags (Viterbi 1967), [batch, time], with −1 at masked steps.
 *
 * For the loss the layer's output is [batch, time, tags, tags]: the score of tag j at a step after tag i. That includes the
 * weights `transitions` [tags, tags], `start` [tags] at the first step that is not masked and `end` [tags] at the last one.
 *
 * @param tags number of tags
 * @throws ConfigError when tags is not a positive integer; ShapeError unless the input is [batch, time, features]
 * @example sequential([embedding(5000, 32, { maskZero: true }), bidirectional(lstm(32, { returnSequences: true })), crf(9)])
 */
export function crf(tags: number, options: CRFOptions = {}): Layer {
  checkOptions("CRF", options, crfOptions);
  checkOption("CRF", "tags", tags, count);
  const kernelInitializer = resolveInitializer(options.kernelInitializer ?? "glorotUniform");
  const biasInitializer = resolveInitializer(options.biasInitializer ?? "zeros");
  const chainInitializer = resolveInitializer(options.chainInitializer ?? "zeros");
  return defineLayer("CRF", options, {
    config: {
      tags,
      kernelInitializer: kernelInitializer.config,
      biasInitializer: biasInitializer.config,
      chainInitializer: chainInitializer.config,
    },
    inputCount: 1,
    masking: "passes",
    parameters(inputShape) {
      if (inputShape.length !== 3) throw noTimeAxis(this, inputShape);
      return [
        { name: "kernel", shape: [knownAxis(this, inputShape, -1, "features"), tags], initializer: kernelInitializer },
        { name: "bias", shape: [tags], initializer: biasInitializer },
        { name: "transitions", shape: [tags, tags], initializer: chainInitializer },
        { name: "start", shape: [tags], initializer: chainInitializer },
        { name: "end", shape: [tags], initializer: chainInitializer },
      ];
    },
    outputShapes: ([batch, time]) => [[batch!, time!, tags, tags]],
    call([signal], { parameter }) {
      const emissions = add(matmul(timeMajor(signal), parameter("kernel")), parameter("bias"));
      const weights = { transitions: parameter("transitions"), start: parameter("start"), end: parameter("end") };
      const { mask } = signal;
      return [{ node: chainScores(emissions, weights, mask), timeMajor: true, mask }];
    },
    decode({ node, mask }) {
      const path = bestPath(node);
      return { node: mask ? where(mask, path, -1) : path, timeMajor: true, mask };
    },
  });
}
