/** A small model of each recipe in a folder, and data like those it learnt from: for tests of what commands do with them. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { saveModel } from "tavali/formats";
import {
  languageData,
  loadClassifierData,
  loadTaggerData,
  trainClassifier,
  trainLanguageModel,
  trainTagger,
} from "tavali/recipes";

/** Options that make a training short, the same for every recipe. */
export const shortTraining = ["--units", "2", "--epochs", "1"];

/** Arguments that train each recipe on the data of {@link writeSmallData}. */
export const trainings = {
  classify: ["train", "classify", "--data", "texts.csv", "--embedding", "2", ...shortTraining],
  tag: ["train", "tag", "--data", "words.tsv", "--embedding", "2", "--character-filters", "2", ...shortTraining],
  lm: ["train", "lm", "--text", "verse.txt", "--batch-size", "2", "--window", "8", ...shortTraining],
} as const;

/** Writes `texts.csv` (classes 0, 1, 2), `words.tsv` and `verse.txt`. */
export function writeSmallData(folder: string): void {
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 3},${["poor", "plain", "great"][i % 3]} text ${i % 7}`);
  writeFileSync(path.join(folder, "texts.csv"), ["label,text", ...rows].join("\n"));
  const names = ["Anna", "Omid", "Tehran"];
  const sentences = Array.from(
    { length: 60 },
    (_, i) => `${names[i % 3]}\tB-${i % 3 < 2 ? "person" : "place"}\nis\tO\nhere\tO\n`,
  );
  writeFileSync(path.join(folder, "words.tsv"), sentences.join("\n"));
  writeFileSync(path.join(folder, "verse.txt"), "the cat sat on the mat, the dog ran to the fog.\n".repeat(20));
}

/** Trains and writes `classifier.tavali`, `tagger.tavali` and `lm.tavali` beside the data. */
export async function writeSmallModels(folder: string): Promise<void> {
  writeSmallData(folder);
  const at = (name: string) => path.join(folder, name);
  const short = { units: 2, epochs: 1 };
  const classifier = await trainClassifier(await loadClassifierData(at("texts.csv")), { ...short, embedding: 2 });
  await saveModel(classifier.model, at("classifier.tavali"), classifier.metadata);
  const sentences = await loadTaggerData({ data: at("words.tsv") }, 1);
  const tagger = await trainTagger(sentences, { ...short, embedding: 2, characterFilters: 2 });
  await saveModel(tagger.model, at("tagger.tavali"), tagger.metadata);
  const lm = await trainLanguageModel(languageData([at("verse.txt")]), { ...short, batchSize: 2, window: 8 });
  await saveModel(lm.model, at("lm.tavali"), lm.metadata);
}
