/** Tables of texts, and sentences whose words are tagged. */
import { gzipSync, zipSync } from "fflate";
import { parseReviews } from "../../../src/datasets/reviews.js";
import { parseTaggedSentences } from "../../../src/datasets/tagged-text.js";
import { bytesForm, type Form } from "../form.js";

const utf8 = (text: string) => new TextEncoder().encode(text);
const rows = Array.from({ length: 12 }, (_, i) => i);

const csv = utf8(
  `id,text,label\n${rows.map((i) => `${i},"so ""good"" ${i}, really<br />\nfilm №${i} 😀",${i % 2 ? "positive" : "negative"}`).join("\n")}\n`,
);
const tsv = utf8(`label\ttext\n${rows.map((i) => `${i % 3}\tthe text ${i} é`).join("\n")}\n`);
const columns = utf8(
  rows.map((i) => `Barack NNP B-PER\nObama NNP I-PER\nsaw VBD O\nTown${i} NNP B-LOC\n. . O\n`).join("\n"),
);
const table = utf8(
  `Sentence #,Word,POS,Tag\n${rows.map((i) => `Sentence: ${i},Obama,NNP,B-per\n,"saw, ""x""",VBD,O\n,Tehran,NNP,B-geo`).join("\n")}\n`,
);

const reviews = (name: string, files: readonly Uint8Array[], form: string): Form =>
  bytesForm(
    form,
    () => files,
    (bytes) => void parseReviews({ train: { name, bytes } }),
  );
const sentences = (name: string, files: readonly Uint8Array[], form: string): Form =>
  bytesForm(
    form,
    () => files,
    (bytes) => void parseTaggedSentences(bytes, name),
  );

export const tableForms: readonly Form[] = [
  reviews("a.csv", [csv], "CSV"),
  reviews("a.tsv", [tsv, gzipSync(tsv)], "TSV"),
  sentences("a.conll", [columns, zipSync({ "a.conll": columns })], "CoNLL"),
  sentences("a.csv", [table, gzipSync(table)], "CSV of tagged words"),
];
