/** The options of the tagger recipe. Each default carries its reason. */
import { choice, integer, number, type OptionSchema, type OptionValues } from "../option-schema.js";
import { spellingHelp, spellings } from "../spelling-option.js";

/** Options of {@link trainTagger}. The command line and forms are made from this list. */
export const taggerOptions = {
  // Tags depend on one another: I- continues what B- began. The CRF learns that, and decodes whole sentences.
  decoder: choice(
    "crf",
    ["crf", "softmax"],
    "what names the tags: a conditional random field, or each word for itself",
  ),
  // Gates carry a sentence's beginning to its end; simpleRNN is there to compare.
  cell: choice("lstm", ["simpleRNN", "gru", "lstm"], "kind of the recurrent layers"),
  // Value of Lample et al. 2016 and Ma & Hovy 2016; more does not help at these sizes of data.
  units: integer(100, [1, 4096], "numbers in the recurrent state, in each direction"),
  // The published taggers have one; a second one helps little and costs as much again.
  layers: integer(1, [1, 8], "bidirectional recurrent layers, one above the other"),
  // Enough for words seen a few dozen times.
  embedding: integer(100, [1, 4096], "numbers in the vector of each word"),
  // Small: there are about a hundred characters (Ma & Hovy 2016 use 30).
  characterEmbedding: integer(25, [1, 1024], "numbers in the vector of each character"),
  // Endings, capitals and shapes of unknown names are what characters tell; 0 shows how much that is.
  characterFilters: integer(50, [0, 4096], "features found in a word's characters; 0 to not look at them"),
  // 99 % of the words of news are shorter.
  characters: integer(16, [1, 200], "characters of a word that are read; of longer words the beginning and the end"),
  // Letters of Arabic keyboards and half-spaces would make several words of one; other scripts are left as they are.
  normalize: choice("auto", spellings, spellingHelp),
  vocabulary: integer(50_000, [2, 1_000_000], "how many of the most frequent words are kept"),
  // A word that occurs once says nothing by itself, and so the unknown word is learnt from all of them.
  minCount: integer(2, [1, 1000], "how often a word must occur in the training part to be known"),
  // Sentences are hardly ever longer; a file without sentence ends must not become one step of a million words.
  length: integer(120, [1, 10_000], "words that are read at a time; longer sentences are cut"),
  // For the built tags; IOBES knows ends, which helps a little where there is much data, and costs rare types.
  scheme: choice("IOB2", ["IOB2", "IOB1", "IOBES"], "how entities are written as tags within the model"),
  // An upper limit: training stops by itself when validation stops improving.
  epochs: integer(30, [1, 10_000], "passes over the training sentences at most"),
  // A few hundred words an update; larger batches are faster and need a larger learning rate.
  batchSize: integer(16, [1, 65_536], "sentences per update"),
  learningRate: number(2e-3, [1e-7, 10], "size of the updates"),
  decay: number(0.93, [0.01, 1], "factor on the learning rate after each epoch"),
  optimizer: choice("adam", ["adam", "sgd"], "rule of the updates"),
  // As published; with the sum over a sentence that a CRF minimises, single gradients can be large.
  clip: number(5, [0, 1e6], "limit on the norm of the whole gradient; 0 for none"),
  // Half, before and after the recurrent layers, as all published taggers have it: entities are few.
  dropout: number(0.5, [0, 0.95], "share of the numbers dropped before and after the recurrent layers while training"),
  // Now and then a word must be told by its characters and its neighbours, as unknown names must.
  wordDropout: number(0.1, [0, 0.95], "share of the word vectors that are left out while training"),
  // Entity F1 wobbles: a few hundred entities decide it.
  patience: integer(
    5,
    [0, 10_000],
    "epochs without a better validation F1 before training stops; 0 to never stop early",
  ),
  validation: number(0.1, [0.01, 0.9], "share of the training sentences set aside where there is no validation file"),
  seed: integer(1, [0, 4_294_967_295], "equal seeds give equal models, bit for bit"),
} as const satisfies OptionSchema;

/** Values of {@link taggerOptions}. */
export type TaggerOptions = OptionValues<typeof taggerOptions>;

/** Options that suit the built-in corpus better than the defaults: its sentences are regular, so that a small network learns them in a minute. */
export const taggerCorpusSettings: Partial<TaggerOptions> = {
  units: 32,
  embedding: 32,
  characterEmbedding: 12,
  characterFilters: 24,
  dropout: 0.2,
  wordDropout: 0.2,
  learningRate: 5e-3,
  epochs: 8,
};
