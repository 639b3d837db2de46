/** `tavali/recipes`: one readable page per task, from options and data to a trained model and its results. */

export { type BagOfWords, type BagOfWordsOptions, trainBagOfWords } from "./bag-of-words.js";
export { type ClassifierResult, classifierMeasure, classifierSettings, trainClassifier } from "./classifier.js";
export {
  type ClassifierData,
  type ClassifierDataOptions,
  type ClassifierTestData,
  loadClassifierData,
  loadTestData,
} from "./classifier-data.js";
export { classifierLayers } from "./classifier-layers.js";
export {
  asClassifier,
  type Classifier,
  type ClassifierMetadata,
  type ClassifierScores,
  type TextReader,
} from "./classifier-metadata.js";
export { type ClassifierOptions, classifierOptions } from "./classifier-options.js";
export { type Completion, completeText } from "./complete-text.js";
export { type EntityScore, type EntityScores, scoreEntities } from "./entity-scores.js";
export { evaluateLanguageModel, type LanguageScores } from "./evaluate-language.js";
export { type GeneratedText, type GenerateOptions, generateText } from "./generate-text.js";
export { inspectLanguageModel, type LanguageInspection } from "./inspect-language.js";
export { inspectText, type TextInspection } from "./inspect-text.js";
export { type LanguageData, languageData } from "./language-data.js";
export { asLanguageModel, type LanguageMetadata, type LanguageModel } from "./language-metadata.js";
export { type LanguageResult, languageNetwork, trainLanguageModel } from "./language-model.js";
export { type LanguageOptions, languageOptions } from "./language-options.js";
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
export { evaluateTexts, predictTexts, type TextPrediction, type TextScores } from "./predict-texts.js";
export { evaluateTagger, type TaggerScores } from "./score-tagger.js";
export { type ScoredPart, scoreText, type TextScore } from "./score-text.js";
export { type TaggedSpan, type TaggedText, type TaggedToken, tagText } from "./tag-text.js";
export { type TaggerResult, taggerSettings, trainTagger } from "./tagger.js";
export type { TaggerCodec, TaggerVocabulary } from "./tagger-codec.js";
export { loadTaggerData, loadTaggerTest, type TaggerData, type TaggerFiles } from "./tagger-data.js";
export { asTagger, type Tagger, type TaggerMetadata, type TaggerResults } from "./tagger-metadata.js";
export { type TaggerOptions, taggerOptions } from "./tagger-options.js";
export type {
  BatchReport,
  EpochReport,
  Measure,
  TrainingHooks,
  TrainingOutcome,
  TrainingStart,
} from "./training-report.js";
export { type Reading, Vocabulary, type VocabularyData, type VocabularyLimits } from "./vocabulary.js";
