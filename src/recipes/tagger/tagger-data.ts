/** Sentences for the tagger recipe: the built-in corpus, or one's own. */
import {
  convertTags,
  detectScheme,
  grammarSentences,
  loadTaggedSentences,
  SentenceBuilder,
  sentenceCount,
  spansOf,
  splitSentences,
  type TaggedSentences,
  type TaggedTextOptions,
  type TagScheme,
  tagsOf,
  tagsOfSpans,
  wordsOf,
} from "../../datasets/index.js";
import { anything, checkOptions, either, integer, nameText, type OptionChecks } from "../../options/index.js";
import { type TaggerOptions, taggerCorpusSettings } from "./tagger-options.js";

/** Training and test data of {@link trainTagger}. */
export interface TaggerData {
  readonly train: TaggedSentences;
  /** Chooses the best epoch; without it a part of `train` does. */
  readonly validation?: TaggedSentences | undefined;
  readonly test: TaggedSentences;
  /** For people: where the sentences come from. */
  readonly source: string;
  /** Whether the test sentences were set aside at random, because none were given. */
  readonly splitOff: boolean;
  /** Options that suit these sentences better than the recipe's defaults. */
  readonly settings?: Partial<TaggerOptions>;
}

/** Files of tagged words; see `loadTaggedSentences` for their forms. */
export interface TaggerFiles extends TaggedTextOptions {
  readonly data: string;
  readonly validation?: string | undefined;
  readonly test?: string | undefined;
}

const place = either(integer, nameText);
const taggerFiles: OptionChecks<TaggerFiles> = {
  data: nameText,
  validation: nameText,
  test: nameText,
  wordColumn: place,
  tagColumn: place,
  encoding: anything,
};

const corpusName = "the built-in corpus";
const testFraction = 0.1;

/**
 * The sentences of files, or the built-in corpus. Without a test file, a tenth of the sentences is set aside at random.
 *
 * @throws FormatError naming the file and row that are malformed, ConfigError for a path without a file
 */
export async function loadTaggerData(files: TaggerFiles | undefined, seed: number): Promise<TaggerData> {
  if (files === undefined) {
    // One corpus for every seed: else a model could be tested on what another seed trained it on.
    const { train, test } = grammarSentences({ count: 3000, testCount: 500, seed: 1 });
    return { train, test, source: corpusName, splitOff: false, settings: taggerCorpusSettings };
  }
  const {
    data: _,
    validation: __,
    test: ___,
    ...columns
  } = checkOptions("loadTaggerData", files, taggerFiles, ["data"]);
  const read = (path: string) => loadTaggedSentences(path, columns);
  const whole = await read(files.data);
  const validation = files.validation === undefined ? undefined : await read(files.validation);
  if (files.test !== undefined) {
    return { train: whole, validation, test: await read(files.test), source: files.data, splitOff: false };
  }
  return { ...splitSentences(whole, testFraction, seed), validation, source: files.data, splitOff: true };
}

/** The sentences of a file, or the built-in corpus's test part, to measure a model on. */
export async function loadTaggerTest(
  path: string | undefined,
  options: TaggedTextOptions = {},
): Promise<{ sentences: TaggedSentences; source: string }> {
  const { wordColumn, tagColumn, encoding } = taggerFiles;
  checkOptions("loadTaggerTest", options, { wordColumn, tagColumn, encoding });
  if (path !== undefined) return { sentences: await loadTaggedSentences(path, options), source: path };
  return { sentences: (await loadTaggerData(undefined, 1)).test, source: `${corpusName}'s test part` };
}

/**
 * Sentences with their tags written in a scheme, whatever scheme they are in. Where they break the rules of all schemes, entities are read as
 * conlleval reads them.
 */
export function inScheme(sentences: TaggedSentences, scheme: TagScheme): TaggedSentences {
  const all = Array.from({ length: sentenceCount(sentences) }, (_, i) => i);
  const found = detectScheme(all.map((i) => tagsOf(sentences, i)));
  if (found === scheme) return sentences;
  const builder = new SentenceBuilder();
  for (const i of all) {
    const given = tagsOf(sentences, i);
    const tags = found ? convertTags(given, found, scheme) : tagsOfSpans(spansOf(given), given.length, scheme);
    wordsOf(sentences, i).forEach((word, k) => {
      builder.add(word, tags[k]!);
    });
    builder.endSentence();
  }
  return builder.finish();
}
