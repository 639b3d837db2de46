/** The options of the sentiment recipe. Each default carries its reason. */
import { choice, integer, number, type OptionSchema, type OptionValues } from "./option-schema.js";

/** What can be chosen about {@link trainSentiment}. The command line and forms are made from this list. */
export const sentimentOptions = {
  // The lecture's model: one vector, the state after the last word, has to hold the whole review.
  encoder: choice(
    "last",
    ["last", "mean", "max"],
    "what the classifier sees: the last state, or the mean or maximum of all states",
  ),
  // Enough for the few things a review's verdict depends on; more overfits before it helps.
  units: integer(32, [1, 4096], "numbers in the recurrent state"),
  // As many as the state: the input product is then as large as the recurrent one.
  embedding: integer(32, [1, 4096], "numbers in the vector of each word"),
  // Covers 95 % of the words of film reviews; the rest occur too rarely to learn from.
  vocabulary: integer(
    10_000,
    [3, 1_000_000],
    "how many of the most frequent words are kept; all others are one unknown word",
  ),
  // Four out of five reviews fit in 300 words; the verdict stands at the end, so the end is what is kept.
  length: integer(200, [1, 10_000], "words of a text that are read; of longer texts the last ones"),
  // An upper limit: training stops by itself when validation stops improving.
  epochs: integer(15, [1, 10_000], "passes over the training texts at most"),
  // Small enough for many updates an epoch, large enough for fast products.
  batchSize: integer(64, [1, 65_536], "texts per update"),
  // RMSprop's own default.
  learningRate: number(1e-3, [1e-7, 10], "size of the updates"),
  // Late, small updates keep a recurrent net where it is good; 1 would leave the rate as it is.
  decay: number(0.9, [0.01, 1], "factor on the learning rate after each epoch"),
  // What the lecture uses; over hundreds of words it is steadier than Adam.
  optimizer: choice("rmsprop", ["rmsprop", "adam"], "rule of the updates"),
  // Through hundreds of steps gradients sometimes explode; one such update would undo an epoch.
  clip: number(1, [0, 1e6], "limit on the norm of the whole gradient; 0 for none"),
  // Reviews are few compared with the embedding's parameters.
  dropout: number(0.2, [0, 0.95], "share of the word vectors' numbers that is dropped while training"),
  // Off for the short texts of the built-in corpus, where every word counts; 0.3 or more where texts are long.
  wordDropout: number(0, [0, 0.95], "share of the words that are left out while training, others at every update"),
  // Off: noise at every step makes it harder still to carry something over hundreds of words.
  recurrentDropout: number(0, [0, 0.95], "share of the state that is dropped at every step while training"),
  // Whole texts: the verdict may depend on the first word.
  window: integer(0, [0, 10_000], "steps through which gradients flow back (truncated BPTT); 0 for all"),
  // Validation accuracy wobbles by a point between epochs; three in a row are no accident.
  patience: integer(
    3,
    [0, 10_000],
    "epochs without a better validation accuracy before training stops; 0 to never stop early",
  ),
  // As in the lecture; with few texts, less would make the best epoch a matter of luck.
  validation: number(0.2, [0.01, 0.9], "share of the training texts set aside to choose the best epoch"),
  seed: integer(1, [0, 4_294_967_295], "equal seeds give equal models, bit for bit"),
} as const satisfies OptionSchema;

/** Values of {@link sentimentOptions}. */
export type SentimentOptions = OptionValues<typeof sentimentOptions>;

/**
 * What suits the built-in corpus better than the defaults: its sentences are short, so that Adam's larger steps are safe, every word
 * counts, and many passes cost little.
 */
export const corpusSettings: Partial<SentimentOptions> = {
  optimizer: "adam",
  learningRate: 2e-3,
  decay: 0.92,
  batchSize: 32,
  dropout: 0.1,
  epochs: 25,
};
