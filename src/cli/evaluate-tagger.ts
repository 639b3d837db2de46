/** `tavali evaluate` for a tagger: loss, tags and entities on sentences whose tags are known. */
import { sentenceCount } from "../datasets/index.js";
import { thousands } from "../display/text-layout.js";
import { entityLines } from "../recipes/tagger/entity-view.js";
import { evaluateTagger } from "../recipes/tagger/score-tagger.js";
import { loadTaggerTest } from "../recipes/tagger/tagger-data.js";
import { asTagger } from "../recipes/tagger/tagger-metadata.js";
import { unknownTagsNote } from "../recipes/tagger/unknown-tags.js";
import { finiteResult } from "./finite-result.js";
import { refuseWithoutData, type TaggedFileFlags, taggedTextOptions } from "./tagged-file-flags.js";
import type { Terminal } from "./terminal.js";
import { fact, section, testResults } from "./training-view.js";

/** Shows how well the tagger of a file does. @param loaded what `loadModel` returned */
export async function evaluateTaggerOn(
  terminal: Terminal,
  loaded: Parameters<typeof asTagger>[0],
  file: string,
  flags: TaggedFileFlags & { readonly data?: string },
): Promise<void> {
  const tagger = asTagger(loaded, file);
  if (flags.data === undefined) refuseWithoutData(flags);
  const { sentences, source } = await loadTaggerTest(flags.data, taggedTextOptions(flags));
  const { loss, entities, unknownTags } = await evaluateTagger(tagger, sentences, source);
  const count = sentenceCount(sentences);
  const { accuracy, f1: entityF1 } = entities;
  const scores = finiteResult(file, { ...(loss !== undefined && { loss }), accuracy, entityF1 });
  fact(terminal, "data", `${source}: ${thousands(count)} sentences`);
  const note = unknownTagsNote(source, unknownTags);
  if (note !== undefined) fact(terminal, "note", note);
  fact(terminal, "result", testResults(scores));
  section(terminal, "Entities", entityLines(entities));
  terminal.result({ accuracy, entityF1, loss, entities, unknownTags, count, model: file });
}
