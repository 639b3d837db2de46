/** `tavali/recipes`: one readable page per task, from options and data to a trained model and its results. */
export { type BagOfWords, type BagOfWordsOptions, trainBagOfWords } from "./bag-of-words.js";
export { inspectSentiment, type SentimentInspection } from "./inspect-sentiment.js";
export {
  type ChoiceOption,
  type NumberOption,
  type OptionSchema,
  type OptionSpec,
  type OptionValues,
  optionProblem,
  resolveOptions,
  type SwitchOption,
} from "./option-schema.js";
export { evaluateSentiment, predictSentiment, type SentimentPrediction } from "./predict-sentiment.js";
export { type SentimentResult, sentimentLayers, trainSentiment } from "./sentiment.js";
export {
  loadSentimentData,
  loadTestData,
  type SentimentData,
  type SentimentTestData,
} from "./sentiment-data.js";
export { asSentiment, type Sentiment, type SentimentMetadata, type SentimentScores } from "./sentiment-metadata.js";
export { type SentimentOptions, sentimentOptions } from "./sentiment-options.js";
export type {
  BatchReport,
  EpochReport,
  Measure,
  TrainingHooks,
  TrainingOutcome,
  TrainingStart,
} from "./training-report.js";
export { Vocabulary } from "./vocabulary.js";
