/** Continuation of a sequence of tokens: by sampling, by the most probable token each time, or by beam search. */

import { ConfigError } from "../errors.js";
import type { Model } from "../models/index.js";
import { expectModel } from "../models/index.js";
import {
  abortSignal,
  aFunction,
  anObject,
  beamWidth,
  checkOptions,
  count,
  flag,
  listOf,
  type OptionChecks,
  orNull,
  wholeNumber,
} from "../options/index.js";
import { expectIds } from "../tensor/expect-text.js";
import { Random } from "../tensor/random.js";
import { eventLoopYielder } from "../training/index.js";
import { advanceBeam, beginning, tokensOf } from "./beam.js";
import { checkSampleOptions, drawToken, mostProbableToken, type SampleOptions } from "./choose-token.js";
import { type NextTokens, TokenStream } from "./token-stream.js";

/** Options of `continueTokens`. */
export interface ContinueOptions extends NextTokens {
  /** Number of tokens to generate. */
  readonly length: number;
  /** Draws tokens at random; without it the most probable token is taken each time. */
  readonly sample?: SampleOptions;
  /** Width of the beam; default 1. */
  readonly beams?: number;
  /** Called with every token when it is chosen; with several beams, at the end. */
  readonly onToken?: (token: number) => void | Promise<void>;
  /** Ends after the current token. */
  readonly signal?: { readonly aborted: boolean };
}

const continueOptions: OptionChecks<ContinueOptions> = {
  length: count,
  sample: orNull(anObject),
  beams: beamWidth,
  onToken: aFunction,
  signal: orNull(abortSignal),
  fromLogits: flag,
  exclude: listOf("tokens", wholeNumber(0), 0),
};

/** The result of `continueTokens`. */
export interface Continuation {
  readonly tokens: readonly number[];
  /** Σ log p of the tokens, each given those before it; at temperature 1 and among all tokens, for any sampling options. */
  readonly logProbability: number;
}

/**
 * Continues a prompt with a language model. Each token costs one step of the model: its states are carried.
 *
 * @param model maps ids [batch, time] to a number for every token at every step
 * @param prompt ids, at least one
 * @throws ConfigError for options that are not valid, and models that are not language models
 * @example
 * const { tokens } = await continueTokens(model, codec.encode("To be"), { length: 200, fromLogits: true, sample: { temperature: 0.8 } });
 */
export async function continueTokens(
  model: Model,
  prompt: ArrayLike<number>,
  options: ContinueOptions,
): Promise<Continuation> {
  const { sample, beams = 1 } = checkOptions("continueTokens", options, continueOptions, ["length"]);
  if (sample && beams > 1) {
    throw new ConfigError("continueTokens: sample and beams cannot be combined; leave one out.");
  }
  expectModel("continueTokens", model);
  expectIds("continueTokens: prompt", prompt);
  if (prompt.length === 0) throw new ConfigError("continueTokens: the prompt has no tokens; give at least one.");
  checkSampleOptions(sample ?? undefined);
  const stream = await TokenStream.open(model, 1, options);
  let next: Float64Array;
  const yieldToEventLoop = eventLoopYielder();
  for (let i = 0; i < prompt.length; i++) {
    [next] = stream.say([prompt[i]!]) as [Float64Array];
    await yieldToEventLoop();
    if (options.signal?.aborted) return { tokens: [], logProbability: 0 };
  }
  return beams > 1 ? search(model, stream, next!, options) : draw(stream, next!, options);
}

async function draw(stream: TokenStream, first: Float64Array, options: ContinueOptions): Promise<Continuation> {
  const { length, sample, onToken, signal } = options;
  const random = new Random(sample?.seed ?? 0);
  const yieldToEventLoop = eventLoopYielder();
  const tokens: number[] = [];
  let logProbability = 0;
  let next = first;
  while (tokens.length < length && !signal?.aborted) {
    const token = sample ? drawToken(next, sample, random) : mostProbableToken(next);
    tokens.push(token);
    logProbability += next[token]!;
    await onToken?.(token);
    await yieldToEventLoop();
    if (tokens.length < length) [next] = stream.say([token]) as [Float64Array];
  }
  return { tokens, logProbability };
}

/** Beams of one length, so that log p compares them as it is. */
async function search(
  model: Model,
  prompt: TokenStream,
  first: Float64Array,
  options: ContinueOptions,
): Promise<Continuation> {
  const { length, beams: width = 1, onToken, signal } = options;
  const rule = { width, end: -1, lengthPenalty: 0 };
  const stream = await TokenStream.open(model, width, options);
  stream.goOnFrom(prompt, new Array<number>(width).fill(0));
  const yieldToEventLoop = eventLoopYielder();
  let beam = advanceBeam(beginning, [first], rule);
  for (let step = 1; step < length && !signal?.aborted; step++) {
    // At first there may be fewer hypotheses than rows; the best one fills the rest.
    const held = Array.from({ length: width }, (_, k) => beam[k] ?? beam[0]!);
    if (step > 1) stream.follow(held.map(({ parent }) => parent));
    beam = advanceBeam(beam, stream.say(held.map(({ chain }) => chain!.token)), rule);
    await yieldToEventLoop();
  }
  const { logProbability } = beam[0]!;
  const tokens = tokensOf(beam[0]!);
  for (const token of tokens) await onToken?.(token);
  return { tokens, logProbability };
}
