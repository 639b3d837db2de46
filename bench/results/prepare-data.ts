/**
 * Plain files for the results on real data: `npx tsx bench/results/prepare-data.ts DATA OUT`. DATA holds the published files as
 * docs/results.md names them; OUT receives tables and texts that `tavali train` reads as they are. What is decided here is decided once for
 * Tavali and whoever is measured beside it: which names are held out, which reviews count as negative, which sentences are tests.
 */
import fs from "node:fs";
import path from "node:path";
import { unzipSync } from "fflate";
import Papa from "papaparse";

type Row = readonly string[];
type Prepare = (read: (name: string) => Uint8Array, write: (name: string, text: string) => void) => void;

/** Every tenth of a fixed shuffle is a test. */
const testShare = 10;

const preparations: Record<string, Prepare> = {
  /** Lines were broken within words, so they are joined without a space. */
  obama(read, write) {
    write("obama.txt", utf8(read("obama/speeches.txt")).replace(/\r?\n/g, ""));
  },

  /** One table of names and languages; a tenth of each language is held out. */
  names(read, write) {
    const files = Object.entries(unzipSync(read("names/names.zip"))).filter(([name]) => name.endsWith(".txt"));
    const rows = files.flatMap(([name, bytes]) => {
      const language = path.basename(name, ".txt");
      const names = utf8(bytes)
        .split(/\r?\n/)
        .map((line) => line.trim());
      return shuffled(names.filter((line) => line !== "")).map((line): Row => [line, language]);
    });
    const counts = new Map<string, number>();
    const isTest = rows.map(([, language]) => {
      const count = counts.get(language!) ?? 0;
      counts.set(language!, count + 1);
      return count % testShare === 0;
    });
    write(
      "names-train.csv",
      table(
        ["name", "language"],
        rows.filter((_, i) => !isTest[i]),
      ),
    );
    write(
      "names-test.csv",
      table(
        ["name", "language"],
        rows.filter((_, i) => isTest[i]),
      ),
    );
  },

  /** Level A of OLID: whether a tweet offends. The labels of the test tweets are in a file of their own. */
  offensive(read, write) {
    const columns = (name: string) => parse(utf8(read(name)), "\t", "");
    const [, ...train] = columns("offensive/olid-training-v1.0.tsv");
    const labels = new Map(parse(utf8(read("offensive/labels-levela.csv")), ",").map(([id, label]) => [id, label!]));
    const [, ...test] = columns("offensive/testset-levela.tsv");
    write(
      "offensive-train.csv",
      table(
        ["text", "label"],
        train.map(([, text, label]) => [text!, label!]),
      ),
    );
    write(
      "offensive-test.csv",
      table(
        ["text", "label"],
        test.map(([id, text]) => [text!, labels.get(id!)!]),
      ),
    );
  },

  /** DeepSentiPers with two classes: −2 and −1 are negative, 1 and 2 positive; neutral sentences are left out. */
  persian(read, write) {
    const polar = (name: string) =>
      parse(utf8(read(name)), ",")
        .filter(([, label]) => Number(label) !== 0)
        .map(([text, label]): Row => [text!, Number(label) < 0 ? "negative" : "positive"]);
    write("persian-train.csv", table(["text", "label"], polar("persian/original.csv")));
    write("persian-test.csv", table(["text", "label"], polar("persian/test.csv")));
  },

  /** The Groningen extract as two columns in UTF-8, a random tenth of its sentences as tests. */
  gmb(read, write) {
    const [bytes] = Object.values(unzipSync(read("ner/gmb.csv.zip")));
    const [, ...rows] = parse(new TextDecoder("latin1").decode(bytes), ",");
    const sentences: string[][] = [];
    for (const [start, word, , tag] of rows) {
      if (start !== "") sentences.push([]);
      sentences.at(-1)!.push(`${word}\t${tag}`);
    }
    const order = shuffled(sentences);
    const part = (tests: boolean) => order.filter((_, i) => (i % testShare === 0) === tests);
    const text = (some: string[][]) => some.map((lines) => `${lines.join("\n")}\n`).join("\n");
    write("gmb-train.tsv", text(part(false)));
    write("gmb-test.tsv", text(part(true)));
  },
};

function utf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

function parse(text: string, delimiter: string, quoteChar = '"'): string[][] {
  const unified = text.replace(/\r\n/g, "\n").trimEnd();
  return Papa.parse<string[]>(unified, { delimiter, quoteChar, newline: "\n" }).data;
}

function table(header: Row, rows: readonly Row[]): string {
  return `${Papa.unparse([header, ...rows] as string[][], { newline: "\n" })}\n`;
}

/** The same order on every machine (Fisher–Yates with the generator mulberry32). */
function shuffled<Item>(items: readonly Item[]): Item[] {
  const order = [...items];
  let state = 1;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

const [data, out] = process.argv.slice(2);
if (data === undefined || out === undefined) {
  console.error("Usage: npx tsx bench/results/prepare-data.ts DATA OUT");
  process.exit(2);
}
fs.mkdirSync(out, { recursive: true });
for (const [name, prepare] of Object.entries(preparations)) {
  prepare(
    (file) => new Uint8Array(fs.readFileSync(path.join(data, file))),
    (file, text) => {
      fs.writeFileSync(path.join(out, file), text);
      console.log(`${name}: ${path.join(out, file)}, ${text.length.toLocaleString("en")} characters`);
    },
  );
}
