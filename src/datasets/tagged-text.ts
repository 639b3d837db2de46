/**
 * Files of tagged words → sentences. Two forms: lines of columns, as CoNLL's (separated by spaces, or by tabs where there are any; a blank
 * line ends a sentence; lines that begin with -DOCSTART- are left out), and a CSV table with a header and a sentence column, as the
 * Groningen Meaning Bank's (a sentence's number on its first row, or on all of them). Words and tags go into compact tables as they are read.
 */
import Papa from "papaparse";
import { FormatError } from "../errors.js";
import { checkOptions, either, integer, nameText, type OptionChecks, oneOf } from "../options/index.js";
import { expectBytes } from "../tensor/expect-bytes.js";
import { expectText } from "../tensor/expect-text.js";
import { gunzip, isGzip } from "./gunzip.js";
import { MOST_TABLE_BYTES } from "./review-table.js";
import { isTag } from "./tag-schemes.js";
import { SentenceBuilder, sentenceCount, type TaggedSentences } from "./tagged-sentences.js";
import { decodeText, type TextEncoding, textEncodings } from "./text-encoding.js";
import { unzip } from "./unzip.js";

/** Options of reading files of tagged words. */
export interface TaggedTextOptions {
  /** Column of the words: a number from 0, from the end where negative, or a header's name in a table. Default: the first; in a table "word". */
  readonly wordColumn?: number | string | undefined;
  /** Column of the tags. Default: the last; in a table "tag". */
  readonly tagColumn?: number | string | undefined;
  /** Default "utf-8". */
  readonly encoding?: TextEncoding | undefined;
}

/** Checks of `TaggedTextOptions`. */
export const taggedTextOptions: OptionChecks<TaggedTextOptions> = {
  wordColumn: either(integer, nameText),
  tagColumn: either(integer, nameText),
  encoding: oneOf(...textEncodings),
};

const WORD_NAMES = ["word", "token", "text"];
const TAG_NAMES = ["tag", "ner_tag", "label", "entity"];
const SENTENCE_NAMES = ["sentence #", "sentence", "sentence_id", "sentence id"];
// No word is as long: a file of one line is not a list of words.
const LONGEST_LINE = 100_000;

/**
 * The sentences of a file in memory.
 *
 * @param bytes the whole file, plain, gzip, or a ZIP archive of one file
 * @param name its name; ".csv" (also in an archive) makes it a table
 * @throws FormatError naming the file and the row that are malformed
 */
export function parseTaggedSentences(
  bytes: Uint8Array,
  name: string,
  options: TaggedTextOptions = {},
): TaggedSentences {
  checkOptions("parseTaggedSentences", options, taggedTextOptions);
  expectText("parseTaggedSentences: name", name);
  expectBytes("parseTaggedSentences: bytes", bytes);
  const file = unpacked(bytes, name);
  const text = decodeText(file.bytes, name, options.encoding, "tagged words");
  const builder = new SentenceBuilder();
  const add = (word: string, tag: string, row: number) => {
    if (word === "") throw new FormatError(`${name}, row ${row}: the word is empty; give every tag a word.`);
    if (!isTag(tag)) {
      throw new FormatError(
        `${name}, row ${row}: ${shown(tag)} is not a tag. Expected O, or B-, I-, E- or S- and a type, such as B-person; is the tag column the right one?`,
      );
    }
    builder.add(word, tag);
  };
  if (/\.csv(\.gz)?$/i.test(file.name)) readTable(text, name, options, builder, add);
  else readLines(text, name, options, builder, add);
  const sentences = builder.finish();
  if (sentenceCount(sentences) === 0) throw new FormatError(`${name}: holds no tagged words; expected sentences.`);
  return sentences;
}

type AddWord = (word: string, tag: string, row: number) => void;

function unpacked(bytes: Uint8Array, name: string): { bytes: Uint8Array; name: string } {
  if (isGzip(bytes)) return { bytes: gunzip(bytes, name, MOST_TABLE_BYTES), name };
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
  if (!isZip) return { bytes, name };
  const files = [...unzip(bytes, name, MOST_TABLE_BYTES)].filter(([, content]) => content.length > 0);
  if (files.length === 1) return { bytes: files[0]![1], name: files[0]![0] };
  throw new FormatError(`${name}: the archive holds ${files.length} files; expected one, with tagged words.`);
}

function readLines(
  text: string,
  name: string,
  { wordColumn = 0, tagColumn = -1 }: TaggedTextOptions,
  builder: SentenceBuilder,
  add: AddWord,
): void {
  let width = 0;
  let row = 0;
  for (const line of linesOf(text, name)) {
    row++;
    if (line.trim() === "") {
      builder.endSentence();
      continue;
    }
    const cells = line.includes("\t") ? line.split("\t") : line.trim().split(/ +/);
    if (cells[0]!.startsWith("-DOCSTART-")) continue;
    width ||= cells.length;
    if (cells.length !== width || width === 1) {
      const expected = width === 1 ? "at least two are needed, a word and its tag" : `the rows before it have ${width}`;
      throw new FormatError(`${name}, row ${row}: has ${columns(cells.length)}, but ${expected}.`);
    }
    const at = (column: number | string, role: string) =>
      cells[positionOf(column, [], width, `${name}, row ${row}`, role)]!.trim();
    add(at(wordColumn, "word"), at(tagColumn, "tag"), row);
  }
}

function* linesOf(text: string, name: string): Generator<string, void> {
  let row = 1;
  for (let start = 0; start < text.length; row++) {
    const end = text.indexOf("\n", start);
    const stop = end < 0 ? text.length : end;
    if (stop - start > LONGEST_LINE) {
      throw new FormatError(
        `${name}, row ${row}: is ${stop - start} characters long; expected one word and its tag on each line.`,
      );
    }
    yield text.slice(start, text[stop - 1] === "\r" ? stop - 1 : stop);
    start = stop + 1;
  }
}

function readTable(
  text: string,
  name: string,
  options: TaggedTextOptions,
  builder: SentenceBuilder,
  add: AddWord,
): void {
  let columnsOf: { word: number; tag: number; sentence: number; width: number } | undefined;
  let row = 0;
  let sentence = "";
  const read = (cells: string[]) => {
    row++;
    if (columnsOf === undefined) {
      columnsOf = tableColumns(cells, name, options);
      return;
    }
    if (cells.length === 1 && cells[0] === "") return builder.endSentence();
    if (cells.length !== columnsOf.width) {
      throw new FormatError(
        `${name}, row ${row}: has ${columns(cells.length)}, but the header has ${columnsOf.width}. Quote a word that holds a comma.`,
      );
    }
    const marked = columnsOf.sentence < 0 ? "" : cells[columnsOf.sentence]!.trim();
    if (marked !== "" && marked !== sentence) builder.endSentence();
    if (marked !== "") sentence = marked;
    add(cells[columnsOf.word]!.trim(), cells[columnsOf.tag]!.trim(), row);
  };
  Papa.parse<string[]>(text.includes("\r") ? text.replace(/\r\n/g, "\n") : text, {
    delimiter: ",",
    newline: "\n",
    step({ data, errors: [error] }) {
      if (error === undefined) return read(data);
      throw new FormatError(`${name}, row ${row + 1}: the quoting is broken (${error.message}).`);
    },
  });
}

function tableColumns(header: readonly string[], name: string, { wordColumn, tagColumn }: TaggedTextOptions) {
  const names = header.map((cell) => cell.trim().toLowerCase());
  const find = (given: number | string | undefined, usual: readonly string[], role: string) => {
    const named = given ?? usual.find((candidate) => names.includes(candidate)) ?? usual[0]!;
    return positionOf(named, names, header.length, `${name}, row 1`, role);
  };
  return {
    word: find(wordColumn, WORD_NAMES, "word"),
    tag: find(tagColumn, TAG_NAMES, "tag"),
    sentence: names.findIndex((cell) => SENTENCE_NAMES.includes(cell)),
    width: header.length,
  };
}

/** Position of a column, from 0. */
function positionOf(
  column: number | string,
  names: readonly string[],
  width: number,
  place: string,
  role: string,
): number {
  const isNumber = typeof column === "number" || /^-?\d+$/.test(column);
  const number = Number(column);
  const at = isNumber ? (number < 0 ? width + number : number) : names.indexOf(String(column).trim().toLowerCase());
  if (Number.isInteger(at) && at >= 0 && at < width) return at;
  const among = names.length > 0 ? `the columns are ${names.slice(0, 12).map(shown).join(", ")}` : columns(width);
  throw new FormatError(
    `${place}: has no ${role} column ${isNumber ? column : shown(String(column))} (${among}). Name it: ${role}Column, or --${role}-column.`,
  );
}

function columns(count: number): string {
  return count === 1 ? "1 column" : `${count} columns`;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 30 ? `${text.slice(0, 30)}…` : text);
}
