/** The options of the text classifier. Each default carries its reason. */
import { choice, integer, number, type OptionSchema, type OptionValues, toggle } from "../option-schema.js";
import { spellingHelp, spellings } from "../spelling-option.js";

/** Options of {@link trainClassifier}. The command line and forms are made from this list. */
export const classifierOptions = {
  // Words carry what a text says; characters are for names and other single words.
  pieces: choice("words", ["words", "characters"], "what is read one after another"),
  // Keyboards and old encodings write one Persian word in many ways; other languages are left as they are.
  normalize: choice("auto", spellings, spellingHelp),
  // Remembers as far as an LSTM with a quarter fewer weights.
  cell: choice("gru", ["simpleRNN", "gru", "lstm"], "the recurrent cell"),
  // A second layer costs as much again, and rarely pays off below a million texts.
  layers: integer(1, [1, 16], "recurrent layers, each reading the states of the one below"),
  // Off: it doubles the time. Worth it where accuracy matters more.
  bidirectional: toggle(false, "read every text from both ends, and put the two states side by side"),
  // Any word anywhere may decide; pooling hands the gradient to each step directly.
  encoder: choice(
    "max",
    ["last", "mean", "max", "attention"],
    "what the classifier sees: the last state, the mean or maximum of all states, or their mean weighted by a learned score",
  ),
  // Enough for the few things a text's class depends on; more overfits before it helps.
  units: integer(64, [1, 4096], "numbers in each recurrent state"),
  // As many as the state: the input product is then as large as the recurrent one.
  embedding: integer(
    64,
    [1, 4096],
    "numbers in the vector of each word or character; with pretrained vectors, their size",
  ),
  // Covers 95 % of the words of film reviews; the rest occur too rarely to learn from.
  vocabulary: integer(
    10_000,
    [3, 1_000_000],
    "how many of the most frequent words are kept; all others are one unknown word",
  ),
  // A word seen once teaches little, and what is left out teaches what an unknown word is.
  minCount: integer(2, [1, 1_000_000], "words seen less often in the training texts are unknown too"),
  // Four out of five reviews fit in 300 words; the verdict stands at the end, so the end is what is kept.
  length: integer(200, [1, 10_000], "words of a text that are read; of longer texts the last ones"),
  // An upper limit: training stops by itself when validation stops improving.
  epochs: integer(15, [1, 10_000], "passes over the training texts at most"),
  // Small enough for many updates an epoch, large enough for fast products.
  batchSize: integer(64, [1, 65_536], "texts per update"),
  // Adam's own default.
  learningRate: number(1e-3, [1e-7, 10], "size of the updates"),
  // Late, small updates keep a recurrent net where it is good; 1 would leave the rate as it is.
  decay: number(0.9, [0.01, 1], "factor on the learning rate after each epoch"),
  // Rare words get updates of the same size as frequent ones.
  optimizer: choice("adam", ["rmsprop", "adam", "adamw"], "rule of the updates; adamw also lets weights decay"),
  // Through hundreds of steps gradients sometimes explode; one such update would undo an epoch.
  clip: number(1, [0, 1e6], "limit on the norm of the whole gradient; 0 for none"),
  // Texts are few compared with the embedding's parameters.
  dropout: number(0.2, [0, 0.95], "share of the numbers that every layer reads which is dropped while training"),
  // A class should not hang on one word alone; off where texts are so short that every word counts.
  wordDropout: number(0.1, [0, 0.95], "share of the words that are left out while training, others at every update"),
  // Off: noise at every step makes it harder still to carry something over hundreds of words.
  recurrentDropout: number(0, [0, 0.95], "share of the state that is dropped at every step while training"),
  // Whole texts: the class may depend on the first word.
  window: integer(0, [0, 10_000], "steps through which gradients flow back (truncated BPTT); 0 for all"),
  // Off: probabilities then mean what they say. On where rare classes count as much as frequent ones.
  balanced: toggle(false, "weigh texts so that every class has the same say, however few texts it has"),
  // The usual measure; macroF1 suits data with rare classes.
  measure: choice("accuracy", ["accuracy", "macroF1", "loss"], "what chooses the best epoch on the validation texts"),
  // The validation measure wobbles by a point between epochs; three in a row are no accident.
  patience: integer(
    3,
    [0, 10_000],
    "epochs without a better validation measure before training stops; 0 to never stop early",
  ),
  // With few texts, less would make the best epoch a matter of luck.
  validation: number(0.1, [0.01, 0.9], "share of the training texts set aside to choose the best epoch"),
  seed: integer(1, [0, 4_294_967_295], "equal seeds give equal models, bit for bit"),
} as const satisfies OptionSchema;

/** Values of {@link classifierOptions}. */
export type ClassifierOptions = OptionValues<typeof classifierOptions>;

/**
 * Options that suit the built-in corpus better than the defaults: it shows the lecture's model, one vector, the state after the last
 * word, that has to hold the whole review. Its sentences are short, so that every word counts and many passes cost little.
 */
export const corpusSettings: Partial<ClassifierOptions> = {
  cell: "simpleRNN",
  encoder: "last",
  units: 32,
  embedding: 32,
  learningRate: 2e-3,
  decay: 0.92,
  batchSize: 32,
  dropout: 0.1,
  wordDropout: 0,
  validation: 0.2,
  epochs: 25,
};
