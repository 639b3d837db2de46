/** `tavali/recipes`: the list of recipes, and for each task what goes from options and data to a trained model and its answers. */

export type { Line, TextView } from "../display/lines.js";
export { checkFields } from "./check-fields.js";
export { type BagOfWords, type BagOfWordsOptions, trainBagOfWords } from "./classifier/bag-of-words.js";
export {
  type ClassifierResult,
  classifierMeasure,
  classifierSettings,
  trainClassifier,
} from "./classifier/classifier.js";
export {
  type ClassifierData,
  type ClassifierDataOptions,
  type ClassifierTestData,
  loadClassifierData,
  loadTestData,
} from "./classifier/classifier-data.js";
export { classifierLayers } from "./classifier/classifier-layers.js";
export {
  asClassifier,
  type Classifier,
  type ClassifierMetadata,
  type ClassifierScores,
  type TextReader,
} from "./classifier/classifier-metadata.js";
export { type ClassifierOptions, classifierOptions } from "./classifier/classifier-options.js";
export { inspectText, type TextInspection } from "./classifier/inspect-text.js";
export { evaluateTexts, predictTexts, type TextPrediction, type TextScores } from "./classifier/predict-texts.js";
export { type Reading, Vocabulary, type VocabularyData, type VocabularyLimits } from "./classifier/vocabulary.js";
export type {
  Field,
  FieldFacts,
  FieldKinds,
  FieldSchema,
  FieldValue,
  FieldValues,
  NeededFields,
  PlainField,
} from "./fields.js";
export { type Completion, completeText } from "./language/complete-text.js";
export { evaluateLanguageModel, type LanguageScores } from "./language/evaluate-language.js";
export { type GeneratedText, type GenerateOptions, generateText } from "./language/generate-text.js";
export { inspectLanguageModel, type LanguageInspection } from "./language/inspect-language.js";
export { type LanguageData, languageData } from "./language/language-data.js";
export { asLanguageModel, type LanguageMetadata, type LanguageModel } from "./language/language-metadata.js";
export { type LanguageResult, languageNetwork, trainLanguageModel } from "./language/language-model.js";
export { type LanguageOptions, languageOptions } from "./language/language-options.js";
export { type ScoredPart, scoreText, type TextScore } from "./language/score-text.js";
export { recipeOf, recipes } from "./list.js";
export {
  type ChoiceOption,
  type LooseOption,
  type NumberOption,
  type OptionSchema,
  type OptionSpec,
  type OptionValues,
  optionProblem,
  type SwitchOption,
} from "./option-schema.js";
export {
  type Answer,
  type AnswerCode,
  type Asking,
  defineRecipe,
  type InspectionAnswer,
  type LoadedData,
  type LoadedTask,
  type Recipe,
  type ReportContext,
  type RequestForm,
  type TaskFacts,
  type TrainedTask,
  type TrainingCode,
  type TrainingForm,
} from "./recipe.js";
export { resolveOptions } from "./resolve-options.js";
export { type EntityScore, type EntityScores, scoreEntities } from "./tagger/entity-scores.js";
export { evaluateTagger, type TaggerScores } from "./tagger/score-tagger.js";
export { type TaggedSpan, type TaggedText, type TaggedToken, tagText } from "./tagger/tag-text.js";
export { type TaggerResult, taggerSettings, trainTagger } from "./tagger/tagger.js";
export type { EncodedWords, TaggerCodec, TaggerInputs, TaggerVocabulary } from "./tagger/tagger-codec.js";
export { loadTaggerData, loadTaggerTest, type TaggerData, type TaggerFiles } from "./tagger/tagger-data.js";
export { asTagger, type Tagger, type TaggerMetadata, type TaggerResults } from "./tagger/tagger-metadata.js";
export { type TaggerOptions, taggerOptions } from "./tagger/tagger-options.js";
export type { UnknownTags } from "./tagger/unknown-tags.js";
export type {
  BatchReport,
  EpochReport,
  Measure,
  TrainingHooks,
  TrainingOutcome,
  TrainingStart,
} from "./training-report.js";
