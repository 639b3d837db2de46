/** Texts that a vocabulary cannot tell apart, though they differ and have different labels: by marks, numbers of spaces, capitals. */
import type { LabelledTexts } from "../../datasets/index.js";
import type { Vocabulary } from "./vocabulary.js";

/** Share of the texts above which a note is worth a line. */
const notable = 0.05;

/** A note for people, or none where few texts are concerned. */
export function equalTextsNote(vocabulary: Vocabulary, { texts, labels }: LabelledTexts): string[] {
  const { pieces } = vocabulary.data;
  const seen = new Map<string, { readonly text: string; readonly label: number; count: number; mixed: boolean }>();
  for (const [i, text] of texts.entries()) {
    const key = vocabulary.cut(text).join("\n");
    const label = labels[i]!;
    const one = seen.get(key);
    if (one === undefined) seen.set(key, { text, label, count: 1, mixed: false });
    else {
      one.count++;
      // Equal texts with two labels are no matter of how texts are cut.
      one.mixed ||= one.label !== label && one.text !== text;
    }
  }
  let concerned = 0;
  for (const { count, mixed } of seen.values()) if (mixed) concerned += count;
  if (concerned < texts.length * notable) return [];
  const advice = pieces === "words" ? "; with characters as pieces the model would see marks such as ! too" : "";
  return [`${concerned} of ${texts.length} texts have the same ${pieces} as one with another label${advice}`];
}
