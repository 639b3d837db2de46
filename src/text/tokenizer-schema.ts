/**
 * Schema of tokenizer.json: files are checked before Hugging Face's library reads them, because the library trusts them. Ids far beyond the
 * number of tokens would make tables of that length, a step of length 0 would never end, and a pattern may run without end.
 */
import { FormatError } from "../errors.js";
import { flag, wholeNumber } from "../options/index.js";
import {
  checkDepth,
  checkSchema,
  either,
  fields,
  is,
  isRecord,
  list,
  nullable,
  number,
  optional,
  record,
  type Schema,
  text,
} from "../schema/index.js";
import { safePattern } from "./safe-pattern.js";

/** Ids lie below this: no vocabulary is so large. */
const mostIds = 2 ** 22;
/** Ids there may be beyond four times the number of tokens, for files that leave room. */
const spareIds = 65_536;
/** By how much replacements may lengthen a text. */
const mostGrowth = 1000;

const id = is(wholeNumber(0, mostIds - 1));
const word = text({ most: 1000 });
const switches = nullable(is(flag));

const pattern = either(
  "an object with a text as Regex or String",
  fields({ Regex: text({ least: 1 }) }),
  fields({ String: text({ least: 1, most: 1000 }) }),
);

/** The options of normalizers, pre-tokenizers and decoders that the library does not check, by name. */
const options: Readonly<Record<string, Schema>> = {
  type: text({ most: 100 }),
  pattern: optional(pattern),
  behavior: nullable(word),
  invert: switches,
  length: optional(is(wholeNumber(1, 65_536))),
  start: optional(is(wholeNumber(0, 1000))),
  stop: optional(is(wholeNumber(0, 1000))),
  ...Object.fromEntries(
    ["content", "prepend", "prefix", "suffix", "replacement", "str_rep", "prepend_scheme", "pad_token"].map((name) => [
      name,
      nullable(word),
    ]),
  ),
  word_delimiter_token: nullable(word),
  ...Object.fromEntries(
    ["lowercase", "clean_text", "strip_accents", "strip_left", "strip_right", "individual_digits", "cleanup"].map(
      (name) => [name, switches],
    ),
  ),
};

/** A component, or a sequence of them. */
const component: Schema = (value) => componentFields(value);
const several = optional(list(component, { most: 64 }));
const componentFields = fields({ ...options, normalizers: several, pretokenizers: several, decoders: several });

const addedToken = fields({
  id,
  content: word,
  single_word: switches,
  lstrip: switches,
  rstrip: switches,
  normalized: switches,
  special: switches,
});

const pair = either("two texts, or one with a space", list(text(), { least: 2, most: 2 }), text());
const scored: Schema = (value) =>
  list(() => undefined, { least: 2, most: 2 })(value) ??
  list(text({ least: 0 }))([(value as unknown[])[0]]) ??
  list(number(-Number.MAX_VALUE, Number.MAX_VALUE))([(value as unknown[])[1]]);

const shared = {
  type: nullable(text({ most: 100 })),
  unk_token: nullable(word),
  continuing_subword_prefix: nullable(word),
  continuing_subword_suffix: nullable(word),
  end_of_word_suffix: nullable(word),
  fuse_unk: switches,
  byte_fallback: switches,
  ignore_merges: switches,
  max_input_chars_per_word: nullable(is(wholeNumber(1, 256))),
};
const model = either(
  "a model with a vocabulary",
  fields({ ...shared, vocab: record(id, { most: mostIds }), merges: optional(list(pair, { most: mostIds })) }),
  fields({ ...shared, vocab: list(scored, { least: 1, most: mostIds }), unk_id: nullable(id) }),
);

const tokenizer = fields({
  model,
  added_tokens: nullable(list(addedToken, { most: spareIds })),
  normalizer: nullable(component),
  pre_tokenizer: nullable(component),
  decoder: nullable(component),
});

const advice = "Save the tokenizer again.";

/**
 * A tokenizer.json that the library can be given: checked, with patterns that always end, and without
 * special tokens around texts, which codecs do not add.
 *
 * @throws FormatError with the file and the path of the wrong field
 */
export function checkedTokenizer(json: object, name: string): object {
  checkDepth(json, { name, what: "the tokenizer", advice });
  checkSchema(json, tokenizer, { name, what: "tokenizer", advice });
  const { model: checked, added_tokens, normalizer, pre_tokenizer, decoder } = json as Tokenizer;
  checkIds(checked, added_tokens ?? [], name);
  checkGrowth([normalizer, pre_tokenizer], name);
  checkGrowth([decoder], name);
  return {
    ...json,
    added_tokens: added_tokens ?? [],
    normalizer: withSafePatterns(normalizer ?? null, name),
    pre_tokenizer: withSafePatterns(pre_tokenizer ?? null, name),
    decoder: withSafePatterns(decoder ?? null, name),
    post_processor: null,
  };
}

interface Tokenizer {
  readonly model: {
    readonly type?: string | null;
    readonly vocab: Readonly<Record<string, number>> | readonly unknown[];
    readonly unk_token?: string | null;
    readonly unk_id?: number | null;
  };
  readonly added_tokens?: readonly { readonly id: number; readonly content: string }[] | null;
  readonly normalizer?: unknown;
  readonly pre_tokenizer?: unknown;
  readonly decoder?: unknown;
}

function checkIds(
  { type, vocab, unk_token, unk_id }: Tokenizer["model"],
  added: { id: number; content: string }[] | readonly { readonly id: number; readonly content: string }[],
  name: string,
): void {
  const ids = Array.isArray(vocab) ? [vocab.length - 1] : Object.values(vocab as Record<string, number>);
  const entries = (Array.isArray(vocab) ? vocab.length : ids.length) + added.length;
  let largest = -1;
  for (const each of ids) largest = Math.max(largest, each);
  for (const each of added) largest = Math.max(largest, each.id);
  if (largest >= 4 * entries + spareIds) {
    throw new FormatError(
      `${name}: has the id ${largest}, but only ${entries} tokens; ids count up from 0 without large gaps. ${advice}`,
    );
  }
  const words = Array.isArray(vocab) ? undefined : vocab;
  const knows = (token: string) =>
    words === undefined || Object.hasOwn(words, token) || added.some(({ content }) => content === token);
  if (typeof unk_token === "string" && !knows(unk_token)) {
    throw new FormatError(
      `${name}: its unknown token ${JSON.stringify(unk_token)} is not in the vocabulary. ${advice}`,
    );
  }
  if (type === "WordPiece" && typeof unk_token !== "string") {
    throw new FormatError(`${name}: a WordPiece model needs an unknown token (unk_token). ${advice}`);
  }
  if (words === undefined && typeof unk_id === "number" && unk_id >= (vocab as readonly unknown[]).length) {
    throw new FormatError(
      `${name}: unk_id is ${unk_id}, but there are ${(vocab as readonly unknown[]).length} tokens. ${advice}`,
    );
  }
}

/** Every object in a component, itself included. */
function* objectsIn(value: unknown): Generator<Readonly<Record<string, unknown>>, void> {
  if (isRecord(value)) yield value;
  if (typeof value === "object" && value !== null) for (const each of Object.values(value)) yield* objectsIn(each);
}

/** Replacements one after another multiply the length of a text. */
function checkGrowth(components: readonly unknown[], name: string): void {
  let growth = 1;
  for (const part of components) {
    for (const { type, content } of objectsIn(part)) {
      if (type === "Replace" && typeof content === "string") growth *= Math.max(1, content.length);
    }
  }
  if (growth <= mostGrowth) return;
  throw new FormatError(
    `${name}: its replacements make a text up to ${growth} times as long; ${mostGrowth} is the most. ${advice}`,
  );
}

function withSafePatterns(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((each) => withSafePatterns(each, name));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      key === "Regex" && typeof each === "string" ? safePattern(each, name) : withSafePatterns(each, name),
    ]),
  );
}
