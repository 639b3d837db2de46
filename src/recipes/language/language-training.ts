/** Training side of the language model, as the contract of recipes has it: text, training, measuring. */
import { textChunks } from "../../datasets/index.js";
import { factLines, testResults } from "../../display/lines.js";
import { thousands } from "../../display/text-layout.js";
import type { FieldValues } from "../fields.js";
import type { Answer, LoadedData } from "../recipe.js";
import { evaluateLanguageModel } from "./evaluate-language.js";
import { type LanguageData, languageData } from "./language-data.js";
import type { testFields, trainingFields } from "./language-fields.js";
import type { LanguageModel } from "./language-metadata.js";
import { languageMeasure, languageSettings, trainLanguageModel } from "./language-model.js";

export { languageSettings as settings, trainLanguageModel as train };

/** Number that chooses the best epoch. */
export const measure = () => languageMeasure;

/** Texts in files, or the built-in corpus. */
export async function load({ text }: FieldValues<typeof trainingFields>): Promise<LoadedData<LanguageData>> {
  const data = languageData(text);
  return { data, facts: { text: data.source }, lines: (view) => factLines(view, "text", data.source) };
}

/** Loss and perplexity on texts. */
export async function evaluate(lm: LanguageModel, { text: paths }: FieldValues<typeof testFields>): Promise<Answer> {
  const source = paths.join(", ");
  const { count, unknown, ...scores } = await evaluateLanguageModel(lm, textChunks(paths), source);
  const strangers = unknown === 0 ? "" : `, ${thousands(unknown)} of them unknown to the model`;
  return {
    facts: { ...scores, count, unknown },
    lines: (view) => [
      ...factLines(view, "text", `${source}: ${thousands(count)} ${lm.codec.kind}${strangers}`),
      ...factLines(view, "result", testResults({ ...scores })),
    ],
  };
}
