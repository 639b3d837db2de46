/** `tavali evaluate` for a tagger: loss, tags and entities on sentences whose tags are known. */
import { sentenceCount } from "../datasets/index.js";
import { evaluateTagger } from "../recipes/tagger/score-tagger.js";
import { loadTaggerTest } from "../recipes/tagger/tagger-data.js";
import { asTagger } from "../recipes/tagger/tagger-metadata.js";
import { entityLines } from "./entity-view.js";
import { type TaggedFileFlags, taggedTextOptions } from "./tagged-file-flags.js";
import type { Terminal } from "./terminal.js";
import { thousands } from "./text-layout.js";
import { fact, section, testResults } from "./training-view.js";

/** Shows how well the tagger of a file does. @param loaded what `loadModel` returned */
export async function evaluateTaggerOn(
  terminal: Terminal,
  loaded: Parameters<typeof asTagger>[0],
  file: string,
  flags: TaggedFileFlags & { readonly data?: string },
): Promise<void> {
  const tagger = asTagger(loaded, file);
  const { sentences, source } = await loadTaggerTest(flags.data, taggedTextOptions(flags));
  const { loss, entities } = await evaluateTagger(tagger, sentences, source);
  const count = sentenceCount(sentences);
  const { accuracy, f1: entityF1 } = entities;
  fact(terminal, "data", `${source}: ${thousands(count)} sentences`);
  fact(terminal, "result", testResults({ loss, accuracy, entityF1 }));
  section(terminal, "Entities", entityLines(entities));
  terminal.result({ accuracy, entityF1, loss, entities, count, model: file });
}
