/** Training side of the text classifier, as the contract of recipes has it: data, training, report, measuring. */
import { factLines, sectionLines, type TextView, testResults } from "../../display/lines.js";
import { thousands } from "../../display/text-layout.js";
import type { FieldValues } from "../fields.js";
import type { Answer, Asking, LoadedData, ReportContext } from "../recipe.js";
import { type ClassifierResult, classifierMeasure, classifierSettings, trainClassifier } from "./classifier.js";
import {
  type ClassifierData,
  type ClassifierDataOptions,
  loadClassifierData,
  loadTestData,
} from "./classifier-data.js";
import type { tableFields, testFields, trainingFields } from "./classifier-fields.js";
import type { Classifier } from "./classifier-metadata.js";
import { type ClassifierOptions, classifierOptions } from "./classifier-options.js";
import { evaluateTexts } from "./predict-texts.js";
import { reportFacts, reportTable } from "./report-view.js";
import { textBaseline } from "./text-baseline.js";

export { classifierMeasure as measure, classifierSettings as settings, textBaseline, trainClassifier as train };

type Source = FieldValues<typeof trainingFields> & { readonly data?: string | undefined };

/** Labelled texts at a path, or the built-in corpus. */
export async function load(source: Source, given: Partial<ClassifierOptions>): Promise<LoadedData<ClassifierData>> {
  const { data: path, test, vectors } = source;
  const seed = given.seed ?? classifierOptions.seed.default;
  const data = await loadClassifierData(path, { ...tableOptions(source), test, vectors, seed });
  return { data, facts: { data: data.source }, lines: (view) => dataLines(data, view) };
}

function tableOptions({ textColumn, labelColumn, classes }: FieldValues<typeof tableFields>): ClassifierDataOptions {
  const named = textColumn !== undefined || labelColumn !== undefined;
  return { ...(named && { columns: { text: textColumn, label: labelColumn } }), ...(classes && { classes }) };
}

/** Source and number of the texts. */
function dataLines(
  { source, train, test, classNames, splitOff, leftOut = 0 }: ClassifierData,
  view: TextView,
): string[] {
  const parts = `${thousands(train.texts.length)} texts to learn from, ${thousands(test.texts.length)} to test on`;
  const aside = splitOff > 0 ? ` (${Number((splitOff * 100).toFixed(1))} % of each class, set aside at random)` : "";
  const shown = classNames.slice(0, 20).join(", ");
  const skipped = `${thousands(leftOut)} texts whose labels belong to no class`;
  return [
    ...factLines(view, "data", `${source}: ${parts}${aside}`),
    ...factLines(view, "classes", `${classNames.length}: ${shown}${classNames.length > 20 ? ", …" : ""}`),
    ...(leftOut > 0 ? factLines(view, "skipped", skipped) : []),
  ];
}

/** The table of classes and, where it was asked for, what a bag of words gets. */
export function report(
  { scores, vocabulary }: ClassifierResult,
  { data, source, progress }: ReportContext<ClassifierData>,
): Answer {
  const table = (view: TextView) => sectionLines("", reportTable(scores, view.width));
  if (source.baseline !== true) return { facts: reportFacts(scores), lines: table };
  progress("counting words for the baseline…");
  const baseline = textBaseline(data, vocabulary);
  const text = `a bag of words: ${testResults({ ...baseline })}`;
  return {
    facts: { ...reportFacts(scores), baseline },
    lines: (view) => [...table(view), ...factLines(view, "beside", text)],
  };
}

/** Loss, accuracy, and the table of classes on labelled texts. */
export async function evaluate(
  classifier: Classifier,
  source: FieldValues<typeof testFields>,
  { nameOf }: Asking,
): Promise<Answer> {
  const data = await loadTestData(source.data, { ...tableOptions(source), classNames: classifier.labels });
  const { loss, accuracy, macroF1, ...more } = await evaluateTexts(classifier, data);
  const count = data.texts.length;
  const without = source.data === undefined ? `, as ${nameOf("data")} was not given` : "";
  return {
    facts: { accuracy, macroF1, loss, ...reportFacts(more), count },
    lines: (view) => [
      ...factLines(view, "data", `${data.source}: ${thousands(count)} texts${without}`),
      ...factLines(view, "result", testResults({ loss, accuracy, macroF1 })),
      ...sectionLines("", reportTable(more, view.width)),
    ],
  };
}
