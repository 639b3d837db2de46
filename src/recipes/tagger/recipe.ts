/** Description of the tagger: training, options, requests. */
import { defineRecipe } from "../recipe.js";
import { tagFields, taggerTask, testFields, trainingFields } from "./tagger-fields.js";
import { taggerCorpusSettings, taggerOptions } from "./tagger-options.js";

/** Tagging: which words of a sentence name a person, a place, …? */
export const taggerRecipe = /* @__PURE__ */ defineRecipe({
  ...taggerTask,
  page: "tagging.md",
  options: taggerOptions,
  train: {
    tag: {
      description: "Learn to find the entities of sentences: persons, places, …",
      out: "tagger.tavali",
      data: trainingFields,
      corpus: taggerCorpusSettings,
    },
  },
  evaluate: { on: "tagged sentences", data: testFields },
  use: { tag: { description: "Find the entities of texts with a trained tagger.", request: tagFields } },
  training: () => import("./tagger-training.js"),
  answers: () => import("./tagger-answers.js"),
});
