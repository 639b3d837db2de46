/**
 * The text of a language model as the ids that it learnt from, for whoever is measured beside it:
 * `npx tsx bench/results/encode-text.ts MODEL OUT FILE…`. OUT.ids holds whole numbers of 32 bits, the parts one after another; OUT.json the
 * lengths of the parts, the number of different ids, and the options.
 */
import fs from "node:fs";
import { loadModel } from "../../src/formats/index.js";
import { asLanguageModel, languageData } from "../../src/recipes/index.js";
import { encodeText } from "../../src/recipes/language/language-data.js";

const [file, out, ...texts] = process.argv.slice(2);
if (file === undefined || out === undefined || texts.length === 0) {
  console.error("Usage: npx tsx bench/results/encode-text.ts MODEL OUT FILE…");
  process.exit(2);
}
const { metadata } = asLanguageModel(await loadModel(file), file);
const { codec, train, validation, test } = await encodeText(languageData(texts), metadata.options);
const parts = [train, validation, test];
fs.writeFileSync(
  `${out}.ids`,
  Buffer.concat(parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength))),
);
const lengths = parts.map(({ length }) => length);
fs.writeFileSync(`${out}.json`, JSON.stringify({ lengths, size: codec.size, options: metadata.options }));
console.log(`${lengths.join(" + ")} ${codec.kind}, ${codec.size} different`);
