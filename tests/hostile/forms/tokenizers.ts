/** tokenizer.json of several kinds, Keras's Tokenizer, and our codecs. */
import {
  bytePairCodec,
  openTextCodec,
  Tokenizer,
  type TokenizerJSON,
  textCodecFromJSON,
} from "../../../src/text/index.js";
import type { Form } from "../form.js";
import { mutateBytes, mutateJson } from "../mutate.js";

const utf8 = new TextEncoder();
const shared = { version: "1.0", truncation: null, padding: null, post_processor: null };

const wordPiece = {
  ...shared,
  added_tokens: [
    { id: 0, content: "[UNK]", single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
  ],
  normalizer: {
    type: "BertNormalizer",
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: "BertPreTokenizer" },
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: { "[UNK]": 0, the: 1, cat: 2, "##s": 3, a: 4, b: 5, ".": 6 },
  },
};
const unigram = {
  ...shared,
  added_tokens: [],
  normalizer: {
    type: "Sequence",
    normalizers: [{ type: "NFKC" }, { type: "Replace", pattern: { Regex: " {2,}" }, content: " " }],
  },
  pre_tokenizer: { type: "Split", pattern: { Regex: "\\s+|\\w+" }, behavior: "Isolated", invert: false },
  decoder: { type: "Metaspace", replacement: "▁", add_prefix_space: true },
  model: {
    type: "Unigram",
    unk_id: 0,
    vocab: [
      ["<unk>", 0],
      ["the", -1],
      ["cat", -2],
      ["s", -3],
      [" ", -3],
      ["a", -3],
      ["t", -4],
    ],
  },
};
const bytePairs = {
  ...shared,
  added_tokens: [
    { id: 6, content: "<s>", single_word: false, lstrip: true, rstrip: false, normalized: false, special: true },
  ],
  normalizer: { type: "Prepend", prepend: "_" },
  pre_tokenizer: {
    type: "Sequence",
    pretokenizers: [
      { type: "Split", pattern: { Regex: "\\p{N}{1,3}| ?\\p{L}+" }, behavior: "Isolated", invert: false },
      { type: "Digits", individual_digits: true },
      { type: "Whitespace" },
    ],
  },
  decoder: {
    type: "Sequence",
    decoders: [{ type: "ByteFallback" }, { type: "Fuse" }, { type: "Strip", content: " ", start: 1, stop: 0 }],
  },
  model: {
    type: "BPE",
    dropout: null,
    unk_token: "u",
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: true,
    byte_fallback: true,
    vocab: { u: 0, c: 1, a: 2, t: 3, ca: 4, cat: 5 },
    merges: ["c a", "ca t"],
  },
};

const tokenizer: Form<string> = {
  name: "tokenizer.json",
  usedOneIn: 2,
  async files() {
    const learnt = await bytePairCodec("the cat sat on the mat the cat ".repeat(9), { size: 262 });
    const own = learnt.toJSON() as { tokenizer: object };
    return [own.tokenizer, wordPiece, unigram, bytePairs].map((json) => JSON.stringify(json));
  },
  mutate: (file, dice) => mutateJson(JSON.parse(file), dice),
  async read(file) {
    const codec = await openTextCodec(JSON.parse(file), "tokenizer.json");
    return () => {
      const ids = codec.encode("the cats sat on 1,234 mats. ünï  ");
      return [codec.decode(ids), codec.token(1), codec.toJSON()];
    };
  },
};

const codec: Form<string> = {
  name: "text codec",
  usedOneIn: 2,
  files: () =>
    [
      { kind: "characters", characters: " abcehostt".replace("tt", "t"), lower: true },
      { kind: "words", words: ["the", "cat", ",", "sat"], persian: true },
    ].map((json) => JSON.stringify(json)),
  mutate: (file, dice) => mutateJson(JSON.parse(file), dice),
  read(file) {
    const read = textCodecFromJSON(JSON.parse(file), "codec.json");
    return () => read.decode(read.encode("the cats, sat"));
  },
};

const keras: Form<string> = {
  name: "Keras tokenizer",
  usedOneIn: 2,
  files() {
    const fitted = new Tokenizer({ numWords: 10, oovToken: "<oov>" });
    fitted.fitOnTexts(["the cat sat on the mat", "the dog"]);
    return [JSON.stringify(fitted)];
  },
  mutate(file, dice) {
    if (dice.chance(0.3)) return new TextDecoder().decode(mutateBytes(utf8.encode(file), dice));
    const json = JSON.parse(file) as TokenizerJSON;
    if (dice.chance(0.5)) return mutateJson(json, dice);
    const key = dice.pick(["word_counts", "word_docs", "word_index", "index_docs", "index_word"] as const);
    json.config[key] = mutateJson(JSON.parse(json.config[key]), dice);
    return JSON.stringify(json);
  },
  read(file) {
    const read = Tokenizer.fromJSON(file);
    return () => [
      read.textsToSequences(["the cat sat", "zzz the"]),
      read.sequencesToTexts([[1, 2, 3]]),
      read.textsToMatrix(["the cat"], "tfidf"),
    ];
  },
};

export const tokenizerForms = [tokenizer, codec, keras];
