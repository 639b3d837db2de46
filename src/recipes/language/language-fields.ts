/** Fields of the language model: texts to learn from, and what can be asked. */
import type { FieldSchema } from "../fields.js";
import type { TaskFacts } from "../recipe.js";

/** Name and trainings of language models. */
export const languageTask = {
  task: "languageModel",
  name: "language model",
  trainings: ["lm"],
} as const satisfies TaskFacts;

/** Data of a training. */
export const trainingFields = {
  text: {
    kind: "files",
    help: "UTF-8 texts, plain or gzip, one after another; without them the built-in corpus",
  },
} as const satisfies FieldSchema;

/** Test data of a model. */
export const testFields = {
  text: { kind: "files", needed: true, help: "for a language model: texts to measure it on" },
} as const satisfies FieldSchema;

const most = 1_000_000;

/** Fields of text generation. */
export const generateFields = {
  prompt: { kind: "text", help: "what the text begins with; without it the beginning of a line", default: "" },
  length: {
    kind: "integer",
    minimum: 1,
    maximum: most,
    default: 200,
    help: "characters, words or pieces to say",
  },
  temperature: {
    kind: "number",
    minimum: 0,
    maximum: 100,
    help: "below 1 more of the likely, above 1 more of the unlikely, 0 always the likeliest (default: 1)",
  },
  topK: { kind: "integer", minimum: 1, maximum: most, help: "draw from this many likeliest only" },
  topP: {
    kind: "number",
    minimum: 1e-6,
    maximum: 1,
    help: "draw from the fewest likeliest that together have this probability",
  },
  beam: {
    kind: "integer",
    minimum: 1,
    maximum: 1024,
    help: "look for the most probable text by a beam search of this width, instead of drawing",
  },
  seed: {
    kind: "integer",
    minimum: 0,
    maximum: 4_294_967_295,
    default: 1,
    help: "equal seeds give equal texts",
  },
} as const satisfies FieldSchema;

/** A text whose next words are proposed. */
export const completeFields = {
  text: {
    kind: "text",
    needed: true,
    positional: true,
    help: "the text so far, in quotes; with a space at its end the next word is proposed",
  },
  count: { kind: "integer", minimum: 1, maximum: 1000, default: 5, help: "how many words" },
} as const satisfies FieldSchema;

/** Texts whose words are scored. */
export const scoreFields = {
  texts: { kind: "texts", needed: true, positional: true, help: "texts, each in quotes" },
} as const satisfies FieldSchema;
