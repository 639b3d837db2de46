/** Text that a language model says by itself. */

import { ConfigError } from "../../errors.js";
import { continueTokens } from "../../generation/index.js";
import {
  abortSignal,
  aFunction,
  anything,
  beamWidth,
  checkOptions,
  count,
  integer,
  type OptionChecks,
  orNull,
  text,
} from "../../options/index.js";
import { expectOpened } from "../check-answers.js";
import { beginningOf, type LanguageModel } from "./language-metadata.js";

/** Options of text generation. */
export interface GenerateOptions {
  /** Beginning of the text; default: the beginning of a line. */
  readonly prompt?: string;
  /** Tokens to say; default 200. */
  readonly length?: number;
  /** Below 1 likely tokens become likelier, above 1 less likely; 0 always takes the likeliest. Default 1. */
  readonly temperature?: number;
  /** Draws from this many likeliest tokens only. */
  readonly topK?: number;
  /** Draws from the fewest likeliest tokens that together have this probability. */
  readonly topP?: number;
  /** Width of a beam search for the most probable text, instead of drawing. */
  readonly beam?: number;
  /** Seeds the draws; default 1. */
  readonly seed?: number;
  /** Hears of the text as it grows: with a beam, when all is found. */
  readonly onText?: (part: string) => void | Promise<void>;
  /** Ends after the token under way. */
  readonly signal?: { readonly aborted: boolean };
}

const generateOptions: OptionChecks<GenerateOptions> = {
  prompt: text,
  length: count,
  temperature: anything,
  topK: count,
  topP: anything,
  beam: beamWidth,
  seed: integer,
  onText: aFunction,
  signal: orNull(abortSignal),
};

/** Result of text generation. */
export interface GeneratedText {
  readonly prompt: string;
  /** Generated text, without the prompt. */
  readonly text: string;
  /** Number of tokens of it. */
  readonly count: number;
  /** Σ log p of the tokens, in nats. */
  readonly logProbability: number;
  /** Tokens of the prompt that the model does not know, as it read them. */
  readonly unknown: number;
}

/**
 * Goes on with a text. Tokens that stand for unknown ones are never said.
 *
 * @throws ConfigError for options that are not valid or cannot be combined
 * @example
 * const { text } = await generateText(lm, { prompt: "ROMEO:", length: 300, temperature: 0.8, onText: (part) => process.stdout.write(part) });
 */
export async function generateText(lm: LanguageModel, options: GenerateOptions = {}): Promise<GeneratedText> {
  checkOptions("generateText", options, generateOptions);
  expectOpened("generateText: lm", "asLanguageModel", lm, ["model", "codec"]);
  const { prompt = "", length = 200, beam = 1, onText, signal } = options;
  const { model, codec } = lm;
  const given = codec.encode(prompt);
  const read = given.length > 0 ? given : beginningOf(lm);
  if (read.length === 0) {
    throw new ConfigError("generateText: the model knows no line break to begin after; give a prompt.");
  }
  const sample = sampleOf(options);
  const stream = codec.decodeStream();
  for (const id of given) stream.add(id);
  let text = "";
  const show = async (part: string) => {
    text += part;
    if (part !== "") await onText?.(part);
  };
  const { tokens, logProbability } = await continueTokens(model, read, {
    length,
    fromLogits: true,
    ...(codec.unknown === undefined ? {} : { exclude: [codec.unknown] }),
    ...(sample && { sample }),
    beams: beam,
    ...(signal && { signal }),
    onToken: (token) => show(stream.add(token)),
  });
  await show(stream.end());
  const unknown = given.reduce((sum, id) => sum + (id === codec.unknown ? 1 : 0), 0);
  return { prompt, text, count: tokens.length, logProbability, unknown };
}

function sampleOf({ temperature, topK, topP, beam = 1, seed = 1 }: GenerateOptions) {
  if (beam > 1) {
    if (temperature !== undefined || topK !== undefined || topP !== undefined) {
      throw new ConfigError(
        "generateText: a beam looks for the most probable text and draws nothing; leave out temperature, topK and topP, or the beam.",
      );
    }
    return undefined;
  }
  if (temperature === 0) return undefined;
  return {
    temperature: temperature ?? 1,
    ...(topK !== undefined && { topK }),
    ...(topP !== undefined && { topP }),
    seed,
  };
}
