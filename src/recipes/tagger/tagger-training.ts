/** Training side of the tagger, as the contract of recipes has it: data, training, report, measuring. */

import { sentenceCount, type TaggedTextOptions } from "../../datasets/index.js";
import { factLines, sectionLines, type TextView, testResults } from "../../display/lines.js";
import { thousands } from "../../display/text-layout.js";
import { UsageError } from "../../errors.js";
import type { FieldValues } from "../fields.js";
import type { Answer, Asking, LoadedData } from "../recipe.js";
import { entityLines } from "./entity-view.js";
import { evaluateTagger } from "./score-tagger.js";
import { type TaggerResult, taggerMeasure, taggerSettings, trainTagger } from "./tagger.js";
import { loadTaggerData, loadTaggerTest, type TaggerData } from "./tagger-data.js";
import type { taggedFileFields, testFields, trainingFields } from "./tagger-fields.js";
import type { Tagger } from "./tagger-metadata.js";
import { type TaggerOptions, taggerOptions } from "./tagger-options.js";
import { unknownTagsNote } from "./unknown-tags.js";

export { taggerSettings as settings, trainTagger as train };

/** Number that chooses the best epoch. */
export const measure = () => taggerMeasure;

/** Sentences of files, or the built-in corpus. */
export async function load(
  source: FieldValues<typeof trainingFields>,
  given: Partial<TaggerOptions>,
  { nameOf }: Asking,
): Promise<LoadedData<TaggerData>> {
  const { data: path, validationFile: validation, test } = source;
  if (path === undefined) refuseWithoutData({ validationFile: validation, test, ...source }, nameOf);
  if (validation !== undefined && given.validation !== undefined) {
    throw new UsageError(
      `${nameOf("validation")} is the share of the sentences that a ${nameOf("validationFile")} takes the place of; leave out one of them.`,
    );
  }
  const files = path === undefined ? undefined : { data: path, validation, test, ...taggedTextOptions(source) };
  const data = await loadTaggerData(files, given.seed ?? taggerOptions.seed.default);
  return { data, facts: { data: data.source }, lines: (view) => dataLines(data, view) };
}

/**
 * Refuses values that say how a file is read where there is none: the built-in corpus has a form of its own.
 *
 * @throws UsageError naming the first of them
 */
function refuseWithoutData(source: Readonly<Record<string, unknown>>, nameOf: Asking["nameOf"]): void {
  const alone = Object.entries(source).find(([name, value]) => name !== "data" && value !== undefined)?.[0];
  if (alone === undefined) return;
  throw new UsageError(
    `${nameOf(alone)} needs ${nameOf("data")}, the file of tagged words; the built-in corpus has its own parts.`,
  );
}

function taggedTextOptions(source: FieldValues<typeof taggedFileFields>): TaggedTextOptions {
  const { wordColumn, tagColumn, encoding } = source;
  return { wordColumn, tagColumn, encoding };
}

function dataLines({ source, train, validation, test, splitOff }: TaggerData, view: TextView): string[] {
  const count = (sentences: TaggerData["train"]) => thousands(sentenceCount(sentences));
  const chosen = validation ? `, ${count(validation)} to choose the best epoch` : "";
  const aside = splitOff ? " (a tenth, set aside at random)" : "";
  const parts = `${count(train)} sentences to learn from${chosen}, ${count(test)} to test on${aside}`;
  return factLines(view, "data", `${source}: ${parts}`);
}

/** The entities found in the test part, by type. */
export function report({ entities }: TaggerResult): Answer {
  return {
    facts: { entities },
    lines: () => [...sectionLines("Entities of the test part", entityLines(entities)), ""],
  };
}

/** Loss, tags and entities on sentences whose tags are known. */
export async function evaluate(
  tagger: Tagger,
  source: FieldValues<typeof testFields>,
  { nameOf }: Asking,
): Promise<Answer> {
  if (source.data === undefined) refuseWithoutData(source, nameOf);
  const test = await loadTaggerTest(source.data, taggedTextOptions(source));
  const { loss, entities, unknownTags } = await evaluateTagger(tagger, test.sentences, test.source);
  const count = sentenceCount(test.sentences);
  const { accuracy, f1: entityF1 } = entities;
  const scores = { ...(loss !== undefined && { loss }), accuracy, entityF1 };
  const note = unknownTagsNote(test.source, unknownTags);
  const without = source.data === undefined ? `, as ${nameOf("data")} was not given` : "";
  return {
    facts: { accuracy, entityF1, loss, entities, unknownTags, count },
    lines: (view) => [
      ...factLines(view, "data", `${test.source}: ${thousands(count)} sentences${without}`),
      ...(note === undefined ? [] : factLines(view, "note", note)),
      ...factLines(view, "result", testResults(scores)),
      ...sectionLines("Entities", entityLines(entities)),
    ],
  };
}
