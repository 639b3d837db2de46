/** Description of the language model: training, options, requests. */
import { defineRecipe } from "../recipe.js";
import {
  completeFields,
  generateFields,
  languageTask,
  scoreFields,
  testFields,
  trainingFields,
} from "./language-fields.js";
import { languageCorpusSettings, languageOptions } from "./language-options.js";

/** Language modelling: what comes next in a text? */
export const languageRecipe = /* @__PURE__ */ defineRecipe({
  ...languageTask,
  page: "language-model.md",
  options: languageOptions,
  train: {
    lm: {
      description: "Learn to say what comes next in a text: characters, words or pieces of words.",
      out: "lm.tavali",
      data: trainingFields,
      corpus: languageCorpusSettings,
    },
  },
  evaluate: { on: "any text", data: testFields },
  use: {
    generate: {
      description: "Let a language model say how a text goes on.",
      request: generateFields,
      streams: "show the text as it is said",
    },
    complete: {
      description: "Propose the next words of a text, or the rest of the word under way, as a keyboard does.",
      request: completeFields,
    },
    score: {
      description: "Show how probable each word of a text is to a language model, given those before it.",
      request: scoreFields,
    },
  },
  inspect: { request: {} },
  training: () => import("./language-training.js"),
  answers: () => import("./language-answers.js"),
});
