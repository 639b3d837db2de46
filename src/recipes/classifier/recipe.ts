/** Description of the text classifier: trainings, options, requests. */
import { defineRecipe } from "../recipe.js";
import { classifierTask, inspectFields, predictFields, testFields, trainingFields } from "./classifier-fields.js";
import { classifierOptions, corpusSettings } from "./classifier-options.js";

const layouts = "a TSV or CSV file, or a folder (aclImdb, or train and test tables)";

/** Text classification: which of some classes does a text belong to? */
export const classifierRecipe = /* @__PURE__ */ defineRecipe({
  ...classifierTask,
  page: "classify.md",
  options: classifierOptions,
  train: {
    classify: {
      description: "Learn to tell classes of texts apart, any number of them.",
      out: "classifier.tavali",
      data: {
        data: { kind: "file", needed: true, value: "path", help: `labelled texts: ${layouts}` },
        ...trainingFields,
      },
    },
    sentiment: {
      description: "Learn to tell negative from positive texts.",
      out: "sentiment.tavali",
      data: {
        data: { kind: "file", value: "path", help: `${layouts}; without it the built-in corpus` },
        ...trainingFields,
      },
      corpus: corpusSettings,
    },
  },
  evaluate: { on: "labelled texts", data: testFields },
  use: { predict: { description: "Classify texts with a trained model.", request: predictFields } },
  inspect: { request: inspectFields },
  training: () => import("./classifier-training.js"),
  answers: () => import("./classifier-answers.js"),
});
