/** Keras's options that Tavali does not have, with hints. Names are compared without case and underscores. */

interface Absent {
  /** The owners of the options, as messages name them. */
  readonly owners: RegExp;
  /** By name, without underscores and in small letters: a sentence that ends the message. */
  readonly reasons: Readonly<Record<string, string>>;
}

const layerClass = /^[A-Z]/;
const recurrentClass = /^(SimpleRNN|LSTM|GRU|RNN|Bidirectional)$/;
const convolutionClass = /^(Conv|MaxPooling|AveragePooling|Global)/;
const training = /^(fit|evaluate|predict|predictAll)$/;
const optimizers = /^(adam|adamw|adamax|nadam|sgd|rmsprop|adagrad|adadelta|lion)$/;
const losses =
  /^(binary|categorical|sparseCategorical|mean|cosine|huber|hinge|squaredHinge|poisson|logCosh|kullback|ctc|crfLoss)/;

const absent: readonly Absent[] = [
  {
    owners: recurrentClass,
    reasons: {
      implementation: "the fastest form is always chosen. Remove it.",
      timemajor: "data are batch-first. Transpose them, and remove it.",
      unroll: "the loop over time is always compiled. Remove it.",
      usecudnn: "there is one implementation. Remove it.",
    },
  },
  {
    owners: convolutionClass,
    reasons: {
      dataformat: "channels are last. Transpose the data if they are not, and remove it.",
      groups: "all filters read all channels. Remove it.",
    },
  },
  {
    owners: /^(Embedding|ReversibleEmbedding)$/,
    reasons: {
      inputlength: "the length follows from the data, or from inputShape: [length]. Remove it.",
      loraalpha: "weights are trained as wholes. Remove it.",
      lorarank: "weights are trained as wholes. Remove it.",
      sparse: "gradients are kept sparse where that is faster. Remove it.",
      weights: "build the model, then call setWeights; trainable: false keeps them as they are.",
      reverseactivation: "put activation(…) after the layer.",
      tieweights: "both directions share one matrix. Remove it.",
    },
  },
  {
    owners: /^LayerNormalization$/,
    reasons: { rmsscaling: "the mean is always subtracted. Remove it." },
  },
  {
    owners: layerClass,
    reasons: {
      activityregularizer: "only weights are regularized: kernelRegularizer.",
      autocast: "numbers are float32 (float64 on the reference engine). Remove it.",
      batchinputshape: "give inputShape, without the batch axis.",
      batchsize: "a model takes batches of any size. Remove it.",
      dtype: "numbers are float32 (float64 on the reference engine). Remove it.",
      inputdim: "give inputShape, without the batch axis.",
      lorarank: "weights are trained as wholes. Remove it.",
      quantizationconfig: "weights are float32. Remove it.",
      seed: "give the model a seed: sequential(layers, { seed }) draws weights, fit({ seed }) noise.",
      weights: "build the model, then call setWeights.",
    },
  },
  {
    owners: /^input$/,
    reasons: {
      batchshape: "give shape, without the batch axis.",
      batchsize: "a model takes batches of any size. Remove it.",
      dtype: "what reads an input decides whether it takes ids or real numbers. Remove it.",
      optional: "every input takes data. Remove it.",
      ragged: "pad sequences to one length, and mask them.",
      sparse: "give dense data, or ids to an embedding.",
      tensor: "give shape, then apply layers to what input(…) returns.",
    },
  },
  {
    owners: /^apply$/,
    reasons: {
      mask: "a mask comes from the layer that makes it: embedding(…, { maskZero: true }) or masking(), or as { data, mask } where data are given.",
      training: "layers are in training mode in fit and trainOnBatch, and in inference mode elsewhere. Remove it.",
      initialstate: "apply the layer to a list: lstm(4).apply([x, h, c]).",
    },
  },
  {
    owners: training,
    reasons: {
      callbacks: "only fit takes callbacks.",
      maxqueuesize: "data are read in this process. Remove it.",
      returndict: "the result is always by name. Remove it.",
      training: "layers are in training mode in fit and trainOnBatch, and in inference mode elsewhere. Remove it.",
      usemultiprocessing: "threads are chosen when the model is made: { threads: 4 }. Remove it.",
      workers: "threads are chosen when the model is made: { threads: 4 }. Remove it.",
    },
  },
  {
    owners: /^compile$/,
    reasons: {
      autoscaleloss: "numbers are float32, so losses need no scale. Remove it.",
      jitcompile: "models are always compiled. Remove it.",
      runeagerly: "models are always compiled. Remove it.",
      stepsperexecution: "every step is one call. Remove it.",
      learningrate: "give it to the optimizer: { optimizer: adam({ learningRate: 0.001 }) }.",
      lr: "give it to the optimizer: { optimizer: adam({ learningRate: 0.001 }) }.",
      sampleweightmode: "weights per step are taken as they are. Remove it.",
    },
  },
  {
    owners: optimizers,
    reasons: {
      decay:
        "give a schedule: { learningRate: inverseTimeDecay({ initialLearningRate, decaySteps, decayRate }) }; for smaller weights weightDecay.",
      emamomentum: "there is no average of weights. Remove it.",
      emaoverwritefrequency: "there is no average of weights. Remove it.",
      gradientaccumulationsteps: "use a larger batchSize.",
      jitcompile: "models are always compiled. Remove it.",
      lossscalefactor: "numbers are float32, so losses need no scale. Remove it.",
      name: "optimizers are called by their kind. Remove it.",
      useema: "there is no average of weights. Remove it.",
    },
  },
  {
    owners: losses,
    reasons: {
      axis: "classes are along the last axis. Permute the prediction.",
      dtype: "numbers are float32 (float64 on the reference engine). Remove it.",
      name: "its name in logs is loss. Remove it.",
      reduction: "the loss is the mean over samples and steps, by their weights; lossWeights of compile multiplies it.",
    },
  },
  {
    owners: /./,
    reasons: {
      dtype: "numbers are float32 (float64 on the reference engine). Remove it.",
      fromsortedids: "all classes are compared. Remove it.",
      numclasses: "classes are counted from the prediction. Remove it.",
      multilabel: "every output is a label. Remove it.",
      verbose: "it prints nothing. Remove it.",
    },
  },
];

/** Values of Keras's options that have no effect, by plain name; null, false and undefined have none for every name. */
const usual: Readonly<Record<string, readonly unknown[] | "any">> = {
  autocast: [true],
  axis: [-1],
  dataformat: ["channels_last"],
  dtype: ["float32"],
  emamomentum: "any",
  fromsortedids: [true],
  groups: [1],
  implementation: "any",
  inputlength: "any",
  jitcompile: "any",
  name: "any",
  reduction: ["sum_over_batch_size", "auto"],
};

/**
 * A config without Keras's options that Tavali does not have and whose values have no effect: Keras writes all options into every config.
 *
 * @param owner see `checkOptions`
 */
export function withoutUsual<Config extends object>(owner: string, config: Config): Config {
  const asks = ([name, value]: [string, unknown]) => {
    if (whyAbsent(owner, name) === undefined) return true;
    const plain = plainName(name);
    const values = Object.hasOwn(usual, plain) ? usual[plain]! : [];
    return values !== "any" && ![undefined, null, false, ...values].includes(value as never);
  };
  return Object.fromEntries(Object.entries(config).filter(asks)) as Config;
}

/** A name without underscores, in small letters: names that differ in nothing else are one name. */
export const plainName = (name: string): string => name.replaceAll("_", "").toLowerCase();

/** The reason why Tavali lacks an option of Keras, with a hint; undefined if Keras has no such option. */
export function whyAbsent(owner: string, name: string): string | undefined {
  const plain = plainName(name);
  return absent.find(({ owners, reasons }) => owners.test(owner) && Object.hasOwn(reasons, plain))?.reasons[plain];
}
