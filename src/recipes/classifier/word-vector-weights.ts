/** Pretrained word vectors as the first weights of an embedding. */
import type { Model } from "../../models/index.js";
import type { WordVectors } from "../../text/index.js";
import type { Vocabulary } from "./vocabulary.js";

/**
 * Puts the vectors of known words into the model's first weight, an embedding `[ids, dimension]`; rows of words without a vector keep the
 * numbers they were drawn, scaled to the size of the vectors, so that neither kind drowns the other.
 */
export function setWordVectors(model: Model, vocabulary: Vocabulary, { words, dimension, vectors }: WordVectors): void {
  const [embedding, ...others] = model.getWeights();
  const rows = Float32Array.from(embedding!.data);
  const scale = vectors.length > 0 ? sizeOf(vectors) / sizeOf(rows) : 1;
  for (let i = 0; i < rows.length; i++) rows[i]! *= scale;
  words.forEach((word, i) => {
    const id = vocabulary.idOf(word);
    if (id !== undefined) rows.set(vectors.subarray(i * dimension, (i + 1) * dimension), id * dimension);
  });
  model.setWeights([{ data: rows, shape: embedding!.shape }, ...others]);
}

/** √ of the mean square. */
function sizeOf(numbers: Float32Array): number {
  return Math.sqrt(numbers.reduce((sum, x) => sum + x * x, 0) / numbers.length) || 1;
}
