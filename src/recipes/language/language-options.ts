/** The options of the language-model recipe. Each default carries its reason. */
import { choice, integer, number, type OptionSchema, type OptionValues, toggle } from "../option-schema.js";
import { spellingHelp, spellings } from "../spelling-option.js";

/** Options of {@link trainLanguageModel}. The command line and forms are made from this list. */
export const languageOptions = {
  // Needs no vocabulary and knows no unknown word; a megabyte of text is enough for it.
  level: choice(
    "characters",
    ["characters", "words", "pieces"],
    "what the text is cut into: pieces are parts of words",
  ),
  // Covers 95 % of the words of ordinary texts, and all characters of any.
  vocabulary: integer(
    10_000,
    [2, 1_000_000],
    "how many of the most frequent characters or words are kept, all others are one unknown; number of pieces",
  ),
  lower: toggle(false, "make capital letters small"),
  // None is for texts that must come back letter by letter.
  normalize: choice("auto", spellings, spellingHelp),
  // Its memory reaches farther than the others'.
  cell: choice("lstm", ["simpleRNN", "gru", "lstm"], "the recurrent cell"),
  // Size that a megabyte of text can train without overfitting.
  units: integer(256, [1, 8192], "numbers in the state of each layer"),
  // A second layer costs twice the time, and helps where there is more text.
  layers: integer(1, [1, 8], "recurrent layers, one over the other"),
  // One-hot characters are how such models are taught; words need vectors.
  embedding: integer(0, [0, 8192], "numbers in the vector of each token; 0: characters one-hot, else as many as units"),
  tied: toggle(false, "use the matrix of the vectors for the output, too: half the parameters of a large vocabulary"),
  // Zaremba et al. 2014: on what goes up from layer to layer, never on what continues in time.
  dropout: number(0.2, [0, 0.95], "share of the numbers between layers that is dropped while training"),
  // Wide enough for fast products, few enough that each is long.
  batchSize: integer(32, [1, 4096], "parts of the text that are read side by side"),
  // A sentence or two. The state continues from window to window, so the memory may reach farther.
  window: integer(64, [1, 10_000], "steps of each update, through which gradients flow back (truncated BPTT)"),
  // An upper limit: training stops by itself when validation stops improving.
  epochs: integer(20, [1, 10_000], "passes over the text at most"),
  // Windows are many and alike, so that larger steps than Adam's own 0.001 are safe.
  learningRate: number(2e-3, [1e-7, 100], "size of the updates"),
  // Late, small updates are worth a tenth of a bit; 1 would leave the rate as it is.
  decay: number(0.9, [0.01, 1], "factor on the learning rate after each epoch"),
  optimizer: choice("adam", ["adam", "rmsprop", "sgd"], "rule of the updates"),
  // Through many steps gradients sometimes explode; one such update would undo an epoch.
  clip: number(1, [0, 1e6], "limit on the norm of the whole gradient; 0 for none"),
  patience: integer(
    3,
    [0, 10_000],
    "epochs without a better validation loss before training stops; 0 to never stop early",
  ),
  validation: number(0.05, [0.001, 0.5], "share of the text, before the test, that chooses the best epoch"),
  test: number(0.1, [0.001, 0.5], "share of the text, at its end, that the result is measured on"),
  seed: integer(1, [0, 4_294_967_295], "equal seeds give equal models, bit for bit"),
} as const satisfies OptionSchema;

/** Values of {@link languageOptions}. */
export type LanguageOptions = OptionValues<typeof languageOptions>;

/** Options that suit the built-in corpus better than the defaults: small sentences that a small model learns within seconds. */
export const languageCorpusSettings: Partial<LanguageOptions> = { units: 96, epochs: 3 };
