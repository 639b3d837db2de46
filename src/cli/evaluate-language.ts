/** `tavali evaluate MODEL --text FILE …` of a language model: loss and perplexity on a text. */
import { textChunks } from "../datasets/index.js";
import { thousands } from "../display/text-layout.js";
import { ConfigError } from "../errors.js";
import type { LoadedModel } from "../formats/index.js";
import { evaluateLanguageModel } from "../recipes/language/evaluate-language.js";
import { asLanguageModel } from "../recipes/language/language-metadata.js";
import { finiteResult } from "./finite-result.js";
import type { Terminal } from "./terminal.js";
import { fact, testResults } from "./training-view.js";

/** @throws ConfigError where no text is named */
export async function evaluateLanguage(
  terminal: Terminal,
  loaded: LoadedModel,
  file: string,
  paths: readonly string[] | undefined,
): Promise<void> {
  const lm = asLanguageModel(loaded, file);
  if (paths === undefined)
    throw new ConfigError(`${file}: this is a language model; name a text to judge it on: --text FILE.`);
  const source = paths.join(", ");
  const judged = await evaluateLanguageModel(lm, textChunks(paths), source);
  const { count, unknown, ...scores } = finiteResult(file, judged);
  const strangers = unknown === 0 ? "" : `, ${thousands(unknown)} of them unknown to the model`;
  fact(terminal, "text", `${source}: ${thousands(count)} ${lm.codec.kind}${strangers}`);
  fact(terminal, "result", testResults({ ...scores }));
  terminal.result({ ...scores, count, unknown, model: file });
}
