/** Fields of the text classifier: where labelled texts come from, and what can be asked about texts. */
import type { FieldSchema } from "../fields.js";
import type { TaskFacts } from "../recipe.js";

/** Name and trainings of text classifiers. */
export const classifierTask = {
  task: "classification",
  name: "text classifier",
  trainings: ["classify", "sentiment"],
} as const satisfies TaskFacts;

/** Fields for reading a table of labelled texts, the same for training and for measuring. */
export const tableFields = {
  textColumn: {
    kind: "column",
    value: "name",
    help: "the column of the texts: its header, or its position from 0",
  },
  labelColumn: {
    kind: "column",
    value: "name",
    help: "the column of the labels; two positions mean that there is no header",
  },
  classes: {
    kind: "groups",
    help: "classes and their labels, negative=-2,-1 positive=1,2; texts with other labels are left out",
  },
} as const satisfies FieldSchema;

/** Beside the texts themselves, what a training reads. */
export const trainingFields = {
  ...tableFields,
  test: {
    kind: "share",
    help: "texts to test on, in columns of the same names; or the share to set aside (default: 0.2)",
  },
  vectors: {
    kind: "file",
    help: "word vectors to begin with: GloVe, word2vec or fastText in text form, plain or gzip",
  },
  baseline: { kind: "switch", help: "also train a bag of words on the same texts, and say what it gets" },
} as const satisfies FieldSchema;

/** Test data of a classifier. */
export const testFields = {
  data: {
    kind: "file",
    value: "path",
    help: "as for train; its test part where it has one. Without it the built-in corpus's test part",
  },
  ...tableFields,
} as const satisfies FieldSchema;

/** Texts to classify. */
export const predictFields = {
  texts: { kind: "texts", needed: true, positional: true, help: "texts, each in quotes" },
} as const satisfies FieldSchema;

/** Fields of an inspection. */
export const inspectFields = {
  label: {
    kind: "text",
    value: "name",
    help: "the class the texts have; by default, for each, the most probable but one",
  },
} as const satisfies FieldSchema;
