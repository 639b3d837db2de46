/** The network of the text classifier: ids → vectors → recurrent layers → one vector a text → probabilities. */

import {
  attentionPooling1D,
  bidirectional,
  dense,
  dropout,
  embedding,
  globalAveragePooling1D,
  globalMaxPooling1D,
  gru,
  type Layer,
  lstm,
  simpleRNN,
} from "../../layers/index.js";
import { expectParts } from "../../tensor/expect-text.js";
import type { ClassifierOptions } from "./classifier-options.js";

const cells = { simpleRNN, gru, lstm };
const encoders: Readonly<Record<ClassifierOptions["encoder"], () => Layer[]>> = {
  last: () => [],
  mean: () => [globalAveragePooling1D()],
  max: () => [globalMaxPooling1D()],
  attention: () => [attentionPooling1D()],
};

/**
 * Embedding, recurrent layers, an encoder that sums their states up where it is not "last", and a softmax over the classes; two classes
 * are no case of their own, since a softmax over two is the logistic function of their difference.
 *
 * @param ids how many words or characters there are, padding among them
 */
export function classifierLayers(ids: number, classes: number, options: ClassifierOptions): Layer[] {
  expectParts("classifierLayers: options", options, ["encoder", "units"]);
  const { encoder, units, wordDropout } = options;
  const recurrent = (returnSequences: boolean) => {
    const layer = cells[options.cell](units, {
      returnSequences,
      dropout: options.dropout,
      recurrentDropout: options.recurrentDropout,
      ...truncation(options),
    });
    return options.bidirectional ? bidirectional(layer) : layer;
  };
  return [
    embedding(ids, options.embedding, { maskZero: true, inputShape: [null] }),
    // [null, null, 1]: the numbers of a word share their noise, so that a word is there or not.
    ...(wordDropout > 0 ? [dropout(wordDropout, { noiseShape: [null, null, 1] })] : []),
    ...Array.from({ length: options.layers }, (_, i) => recurrent(i < options.layers - 1 || encoder !== "last")),
    ...encoders[encoder](),
    ...(options.dropout > 0 ? [dropout(options.dropout)] : []),
    dense(classes, { activation: "softmax" }),
  ];
}

/** Half the window is the stride, so that gradients reach back at least half of it from every step. */
function truncation({ window }: ClassifierOptions) {
  return window > 0 ? { truncation: { window, stride: Math.ceil(window / 2) } } : {};
}
