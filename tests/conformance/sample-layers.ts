/**
 * Every type of layer, in forms that treat a sequence in different ways: what the tests read that hold all layers to one promise. Being in
 * the list of layers without being here is an error.
 */
import { gruCell, lstmCell } from "../../src/cells/index.js";
import {
  activation,
  add,
  additiveAttention,
  attention,
  attentionPooling1D,
  average,
  averagePooling1D,
  averagePooling2D,
  bidirectional,
  concatenate,
  conv1D,
  conv2D,
  crf,
  dense,
  dropout,
  embedding,
  flatten,
  globalAveragePooling1D,
  globalAveragePooling2D,
  globalMaxPooling1D,
  globalMaxPooling2D,
  gru,
  type Layer,
  layerNormalization,
  layerTypes,
  lstm,
  masking,
  maximum,
  maxPooling1D,
  maxPooling2D,
  minimum,
  multiply,
  oneHot,
  permute,
  repeatVector,
  reshape,
  reversibleEmbedding,
  rnn,
  simpleRNN,
  spatialDropout1D,
  subtract,
  timeDistributed,
} from "../../src/layers/index.js";

/** Numbers of a step, of an example without time, and ids. */
export const sizes = { features: 3, units: 2, ids: 7 } as const;

/**
 * One input of a layer: vectors at the steps of a sequence; others at the same steps; those of another sequence, with steps of its own; the
 * first input once more; ids at the steps; or, without time, a vector, a state, an image.
 */
export type SampleInput = "sequence" | "beside" | "other" | "same" | "ids" | "vector" | "state" | "image";

export interface SampleLayer {
  readonly layer: Layer;
  readonly inputs: readonly SampleInput[];
  /**
   * What the layer says of a masked sequence: no padding changes a result; none before or after a sequence does, but a gap may; it refuses
   * one. Without time there is nothing to mask.
   */
  readonly mask: "anywhere" | "around" | "refused" | "none";
}

const { features, units, ids } = sizes;
const sequences = { returnSequences: true };
const everything = { returnSequences: true, returnState: true };

const of = (inputs: readonly SampleInput[], mask: SampleLayer["mask"], ...layers: readonly Layer[]): SampleLayer[] =>
  layers.map((layer) => ({ layer, inputs, mask }));
const overSteps = (...layers: readonly Layer[]) => of(["sequence"], "anywhere", ...layers);
const refusing = (...layers: readonly Layer[]) => of(["sequence"], "refused", ...layers);
const ofImages = (...layers: readonly Layer[]) => of(["image"], "refused", ...layers);
const merging = (layer: Layer) => of(["sequence", "beside"], "anywhere", layer);

const samples: Readonly<Record<string, readonly SampleLayer[]>> = {
  Activation: overSteps(activation("softmax"), activation("gelu")),
  Add: of(["sequence", "beside", "same"], "anywhere", add()),
  AdditiveAttention: [
    ...of(["sequence", "other"], "anywhere", additiveAttention()),
    ...of(["sequence", "same"], "anywhere", additiveAttention({ useScale: false, useCausalMask: true })),
  ],
  Attention: [
    ...of(["sequence", "other"], "anywhere", attention({ useScale: true }), attention({ scoreMode: "concat" })),
    ...of(["sequence", "same"], "anywhere", attention({ useCausalMask: true })),
    ...of(["sequence", "other"], "refused", attention({ useCausalMask: true })),
  ],
  AttentionPooling1D: overSteps(attentionPooling1D({ units: 2 })),
  Average: merging(average()),
  AveragePooling1D: refusing(averagePooling1D()),
  AveragePooling2D: ofImages(averagePooling2D()),
  Bidirectional: [
    ...overSteps(
      bidirectional(lstm(units, everything)),
      bidirectional(gru(units), { mergeMode: "mul" }),
      bidirectional(simpleRNN(units, sequences), { mergeMode: null }),
    ),
    ...of(["sequence", "state", "state"], "anywhere", bidirectional(gru(units, sequences), { mergeMode: "ave" })),
  ],
  Concatenate: [
    ...merging(concatenate()),
    ...of(["sequence", "other"], "anywhere", concatenate({ axis: 1 })),
    ...of(["vector", "vector"], "none", concatenate()),
  ],
  Conv1D: [
    ...of(["sequence"], "around", conv1D(4, 3, { padding: "same", activation: "tanh" })),
    ...of(["sequence"], "around", conv1D(4, 2, { padding: "causal", dilationRate: 2 })),
    ...refusing(conv1D(4, 2), conv1D(4, 2, { padding: "same", strides: 2 })),
  ],
  Conv2D: ofImages(conv2D(4, 2)),
  CRF: overSteps(crf(3)),
  Dense: [...overSteps(dense(4, { activation: "tanh" })), ...of(["vector"], "none", dense(4))],
  Dropout: overSteps(dropout(0.5)),
  Embedding: of(["ids"], "anywhere", embedding(ids, 4), embedding(ids, 4, { maskZero: true })),
  Flatten: refusing(flatten()),
  GlobalAveragePooling1D: overSteps(globalAveragePooling1D()),
  GlobalAveragePooling2D: ofImages(globalAveragePooling2D()),
  GlobalMaxPooling1D: overSteps(globalMaxPooling1D()),
  GlobalMaxPooling2D: ofImages(globalMaxPooling2D()),
  GRU: [
    ...overSteps(gru(units), gru(units, { ...everything, resetAfter: false })),
    ...of(["sequence", "state"], "anywhere", gru(units, { ...sequences, goBackwards: true })),
  ],
  LayerNormalization: [...overSteps(layerNormalization()), ...refusing(layerNormalization({ axis: [1, 2] }))],
  LSTM: [
    ...overSteps(
      lstm(units, { initialState: "learned" }),
      lstm(units, { ...everything, zeroOutputForMask: true }),
      lstm(units, { returnState: true, goBackwards: true }),
    ),
    ...of(["sequence", "state", "state"], "anywhere", lstm(units, everything)),
  ],
  Masking: overSteps(masking({ maskValue: -1 })),
  Maximum: merging(maximum()),
  MaxPooling1D: refusing(maxPooling1D()),
  MaxPooling2D: ofImages(maxPooling2D()),
  Minimum: merging(minimum()),
  Multiply: merging(multiply()),
  OneHot: of(["ids"], "anywhere", oneHot(ids)),
  Permute: refusing(permute([2, 1])),
  RepeatVector: of(["vector"], "none", repeatVector(4)),
  Reshape: refusing(reshape([-1])),
  ReversibleEmbedding: of(["ids"], "anywhere", reversibleEmbedding(ids, 4, { useBias: true })),
  RNN: overSteps(rnn(gruCell, units, sequences), rnn([lstmCell, gruCell], [units, 3], everything)),
  SimpleRNN: overSteps(
    simpleRNN(units),
    simpleRNN(units, { ...everything, goBackwards: true }),
    simpleRNN(units, { initialState: [0.3, -0.4], returnState: true }),
  ),
  SpatialDropout1D: overSteps(spatialDropout1D(0.5)),
  Subtract: merging(subtract()),
  TimeDistributed: overSteps(timeDistributed(dense(2, { activation: "sigmoid" })), timeDistributed(reshape([1, -1]))),
};

/** The samples of a type. @throws Error when there are none yet */
export function samplesOf(type: string): readonly SampleLayer[] {
  if (Object.hasOwn(samples, type)) return samples[type]!;
  throw new Error(`Add a case for ${type} to tests/conformance/sample-layers.ts, saying what it does with a mask.`);
}

/** Every sample, with a title for tests. */
export const sampleLayers: readonly (readonly [title: string, sample: SampleLayer])[] = layerTypes.flatMap((type) =>
  samplesOf(type).map((sample): [string, SampleLayer] => [titleOf(sample), sample]),
);

/** The inputs that have numbers of their own, and for each input which of these it is. */
export function ownInputs({ inputs }: SampleLayer): { own: readonly SampleInput[]; indices: readonly number[] } {
  const own = inputs.filter((kind) => kind !== "same");
  let next = 0;
  return { own, indices: inputs.map((kind) => (kind === "same" ? 0 : next++)) };
}

/** Shape of an input without the batch axis; null is time. */
export function shapeOf(kind: SampleInput): readonly (number | null)[] {
  if (kind === "ids") return [null];
  if (kind === "vector") return [features];
  if (kind === "state") return [units];
  return kind === "image" ? [5, 4, features] : [null, features];
}

/** The layer's options that are not the default's, as far as they fit in a title. */
function titleOf({ layer: { type, config }, inputs, mask }: SampleLayer): string {
  const { type: _, layer, ...options } = config;
  const inner = layer === undefined ? "" : ` of ${(layer as { type: string }).type}`;
  const chosen = Object.entries(options).filter(
    ([name, value]) => (value === true && name !== "useBias") || ["axis", "padding", "mergeMode"].includes(name),
  );
  const words = chosen.map(([name, value]) => (value === true ? name : `${name} ${JSON.stringify(value)}`));
  return `${[`${type}${inner}`, ...words].join(", ")} of ${inputs.join(" and ")}, mask ${mask}`;
}
