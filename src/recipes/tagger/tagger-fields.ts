/** Fields of the tagger: how files of tagged words are read, and what can be asked about texts. */
import type { FieldSchema } from "../fields.js";
import type { TaskFacts } from "../recipe.js";

/** Name and trainings of taggers. */
export const taggerTask = { task: "tagging", name: "tagger", trainings: ["tag"] } as const satisfies TaskFacts;

/** Fields for reading a file of tagged words, the same for training and for measuring. */
export const taggedFileFields = {
  wordColumn: {
    kind: "column",
    help: 'where the words are: a position from 0, or a name in the header (default: the first; "word")',
  },
  tagColumn: {
    kind: "column",
    help: 'where the tags are, as --word-column; -1 is the last (default: the last; "tag")',
  },
  encoding: { kind: "choice", choices: ["utf-8", "latin1"], help: "of the files (default: utf-8)" },
} as const satisfies FieldSchema;

/** Data of a training. */
export const trainingFields = {
  data: {
    kind: "file",
    help: "words and their tags: CoNLL columns, TSV or CSV; without it the built-in corpus",
  },
  validationFile: {
    kind: "file",
    help: "chooses the best epoch; without it a share of the training sentences does",
  },
  test: { kind: "file", help: "is measured on; without it a tenth of the sentences, set aside at random" },
  ...taggedFileFields,
} as const satisfies FieldSchema;

/** Test data of a tagger. */
export const testFields = {
  data: {
    kind: "file",
    value: "path",
    help: "as for train; its test part where it has one. Without it the built-in corpus's test part",
  },
  ...taggedFileFields,
} as const satisfies FieldSchema;

/** Texts to find entities in. */
export const tagFields = {
  texts: {
    kind: "texts",
    positional: true,
    help: "texts, each in quotes",
    lines: "tag the lines of a text file, too",
  },
} as const satisfies FieldSchema;
