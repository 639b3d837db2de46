/** Answers of the text classifier, as the contract of recipes has it: predictions and inspections. */
import { sectionLines, type TextView } from "../../display/lines.js";
import { wrap } from "../../display/text-layout.js";
import { marked } from "../../display/text-styles.js";
import type { FieldValues } from "../fields.js";
import { plainInspection } from "../inspection-json.js";
import { inspectionView } from "../inspection-view.js";
import type { Answer, InspectionAnswer } from "../recipe.js";
import type { inspectFields, predictFields } from "./classifier-fields.js";
import { asClassifier, type Classifier } from "./classifier-metadata.js";
import { inspectText, type TextInspection } from "./inspect-text.js";
import { predictTexts } from "./predict-texts.js";
import { predictionLines } from "./prediction-view.js";
import { responsiveLines, verdictLines } from "./verdict-view.js";

export { asClassifier as open };

/** Requests that models answer. */
export const use = {
  predict: {
    async answer(classifier: Classifier, { texts }: FieldValues<typeof predictFields>) {
      const predictions = await predictTexts(classifier, texts);
      const lines = ({ width }: TextView) => predictionLines(classifier.labels, predictions, width);
      return { facts: { predictions }, lines } satisfies Answer;
    },
  },
};

/** The verdict after every word, the units that move most, states and gradients. */
export async function inspect(
  classifier: Classifier,
  text: string,
  { label }: FieldValues<typeof inspectFields>,
): Promise<InspectionAnswer> {
  const found = await inspectText(classifier, text, label);
  const { inspection, ...rest } = found;
  const { verdicts, words } = rest;
  return {
    facts: { ...rest, ...plainInspection(inspection) },
    lines: (view) => inspectionLines(found, view),
    numbers: { verdicts, loss: inspection.loss },
    inspection,
    part: { title: `${text} (as ${found.label})`, labels: words, verdicts, notes: responsiveLines(found) },
  };
}

function inspectionLines(found: TextInspection, { width }: TextView): string[] {
  const { text, words, label, probability, inspection } = found;
  return [
    "",
    ...wrap(text, width - 2).map((line) => `  ${marked("bold", line)}`),
    `  as ${label}: probability ${probability.toFixed(3)}, loss ${inspection.loss.toFixed(3)}`,
    ...sectionLines("What it says after each word", verdictLines(found)),
    ...sectionLines("The units that move most", responsiveLines(found)),
    ...inspectionView(inspection, words, { width, style: marked }),
  ];
}
