/** Model files of each recipe and of a model without one: their bytes, and their content sealed again. */
import { grammarSentences } from "../../../src/datasets/index.js";
import { modelFromBytes, modelToBytes } from "../../../src/formats/index.js";
import {
  adam,
  attention,
  auc,
  bidirectional,
  concatenate,
  conv1D,
  dense,
  embedding,
  exponentialDecay,
  globalMaxPooling1D,
  gru,
  input,
  l2,
  layerNormalization,
  lstm,
  model,
  oneHot,
  repeatVector,
  reshape,
  sequential,
  simpleRNN,
  timeDistributed,
} from "../../../src/index.js";
import {
  asClassifier,
  asLanguageModel,
  asTagger,
  generateText,
  predictTexts,
  scoreText,
  tagText,
  trainClassifier,
  trainLanguageModel,
  trainTagger,
} from "../../../src/recipes/index.js";
import { bytesForm, type Form, type Use } from "../form.js";
import { type Dice, mutateBytes, mutateSealed } from "../mutate.js";

type Read = (bytes: Uint8Array) => Promise<Use>;

const small = { epochs: 1, units: 4, dropout: 0 } as const;

export async function classifierFile(): Promise<Uint8Array> {
  const texts = Array.from({ length: 24 }, (_, i) => `${["dull", "fine"][i % 2]} scene ${i % 3}`);
  const part = { texts, labels: Int32Array.from(texts, (_, i) => i % 2) };
  const data = { train: part, test: part, classNames: ["bad", "good"], source: "here", splitOff: 0 };
  const trained = await trainClassifier(data, { ...small, embedding: 4, cell: "simpleRNN", validation: 0.2 });
  return modelToBytes(trained.model, trained.metadata);
}

export async function taggerFile(): Promise<Uint8Array> {
  const { train, test } = grammarSentences({ count: 8, testCount: 2, seed: 2 });
  const sizes = { ...small, embedding: 4, characterEmbedding: 3, characterFilters: 4, characters: 6, minCount: 4 };
  const trained = await trainTagger({ train, test, source: "sentences", splitOff: false }, sizes);
  return modelToBytes(trained.model, trained.metadata);
}

export async function languageFile(): Promise<Uint8Array> {
  const data = { text: () => "the cat sat on the mat. ".repeat(30), source: "here" };
  const trained = await trainLanguageModel(data, { ...small, batchSize: 4, window: 8 });
  return modelToBytes(trained.model, trained.metadata);
}

const ids = { data: Int32Array.from([1, 2, 3, 4, 5, 0]), shape: [2, 3] };

/** A graph of two inputs, trained a little. */
async function graphFile(): Promise<Uint8Array> {
  const [source, target] = ["source", "target"].map((name) => input({ shape: [null], name })) as [never, never];
  const encoder = gru(3, { returnSequences: true, returnState: true });
  const [memory, state] = encoder.apply(embedding(8, 3, { maskZero: true }).apply(source));
  const decoder = gru(3, { returnSequences: true, returnState: true });
  const [steps] = decoder.apply([embedding(7, 3, { maskZero: true }).apply(target), state!]);
  const seen = attention().apply([steps!, memory!]);
  const answer = dense(5, { activation: "softmax", kernelRegularizer: l2({ l2: 0.01 }) });
  const whole = model(
    { inputs: [source, target], outputs: answer.apply(concatenate().apply([steps!, seen])) },
    { seed: 1 },
  );
  const learningRate = exponentialDecay({ initialLearningRate: 0.01, decaySteps: 10, decayRate: 0.9 });
  const optimizer = adam({ learningRate, clipnorm: 1 });
  whole.compile({ optimizer, loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  await whole.fit([ids, ids], { data: Int32Array.from([1, 2, 3, 4, 0, 1]), shape: [2, 3] }, { verbose: 0, seed: 1 });
  return modelToBytes(whole, { any: "thing" }, { optimizerState: true });
}

/** Stacks with the layers that name sizes without having weights of them. */
async function stackFiles(): Promise<Uint8Array[]> {
  const recurrent = sequential(
    [
      oneHot(6, { inputShape: [3] }),
      conv1D(3, 2, { padding: "same" }),
      layerNormalization(),
      bidirectional(lstm(2, { returnSequences: true, dropout: 0.1 })),
      timeDistributed(dense(3, { activation: "relu" })),
      globalMaxPooling1D(),
      dense(1, { activation: "sigmoid" }),
    ],
    { seed: 1 },
  );
  recurrent.compile({ loss: "binaryCrossentropy", optimizer: "sgd", metrics: [auc({ numThresholds: 10 })] });
  const plain = sequential(
    [
      reshape([3, 1], { inputShape: [3] }),
      simpleRNN(2, { initialState: "learned" }),
      repeatVector(3),
      globalMaxPooling1D(),
    ],
    { seed: 2 },
  );
  return [await modelToBytes(recurrent), await modelToBytes(plain)];
}

const asRecipe =
  <Made extends object>(
    as: (loaded: Awaited<ReturnType<typeof modelFromBytes>>, name: string) => Made,
    use: (made: Made) => unknown,
  ): Read =>
  async (bytes) => {
    const made = as(await modelFromBytes(bytes, "m.tavali"), "m.tavali");
    return () => use(made);
  };

const readPlain: Read = async (bytes) => {
  const loaded = await modelFromBytes(bytes, "m.tavali");
  return () => loaded.model.predict(loaded.model.inputNames.length > 1 ? [ids, ids] : ids);
};

const both = (file: Uint8Array, dice: Dice) => (dice.chance(0.1) ? mutateBytes(file, dice) : mutateSealed(file, dice));

const modelForm = (name: string, files: Form["files"], read: Read): Form => ({
  ...bytesForm(`model file: ${name}`, files, read, both),
  usedOneIn: 10,
});

export const modelForms: readonly Form[] = [
  modelForm(
    "classifier",
    async () => [await classifierFile()],
    asRecipe(asClassifier, (classifier) => predictTexts(classifier, ["not dull at all", "", "a fine, fine scene"])),
  ),
  modelForm(
    "tagger",
    async () => [await taggerFile()],
    asRecipe(asTagger, (tagger) => tagText(tagger, ["Barack Obama visited Tehran. Mr. Smith went home"])),
  ),
  modelForm(
    "language model",
    async () => [await languageFile()],
    asRecipe(asLanguageModel, async (language) => [
      await generateText(language, { prompt: "the ", length: 4, seed: 1 }),
      await scoreText(language, "the cat"),
    ]),
  ),
  modelForm("graph", async () => [await graphFile()], readPlain),
  modelForm("stack", stackFiles, readPlain),
];
