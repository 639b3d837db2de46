/**
 * Autoregressive decoding: an encoder–decoder that was trained on whole target sequences generates new ones, one token after another. The
 * encoder runs once; each step feeds the token chosen before, and the states of the step before.
 */

import { ConfigError } from "../errors.js";
import { type DataLike, Functional, type Model, type Prediction, tensorsByName } from "../models/index.js";
import {
  anObject,
  beamWidth,
  checkOptions,
  count,
  finite,
  flag,
  formatValue,
  nameText,
  type OptionChecks,
  orNull,
  wholeNumber,
} from "../options/index.js";
import { largest } from "../tensor/extremes.js";
import { Random } from "../tensor/random.js";
import { type Tensor, toTensor } from "../tensor/tensor.js";
import type { Turn } from "../training/index.js";
import { advanceBeam, beginning, extend, type Hypothesis, tokensOf } from "./beam.js";
import { checkSampleOptions, drawToken, type SampleOptions } from "./choose-token.js";
import { takeRows } from "./rows.js";
import { type StepGraph, stepGraph } from "./step-graph.js";
import { noAnswer } from "./token-stream.js";

/** The part of a model that is the decoder. */
export interface DecoderOptions {
  /** Name of the input that takes the target's tokens, shifted by one step. */
  readonly target: string;
  /** Name of the output that gives the probabilities of the next token; default: the first output. */
  readonly output?: string;
  /** Whether that output is logits, before a softmax. Default false. */
  readonly fromLogits?: boolean;
}

/** Options of decoding: the most probable token each time, unless `sample` or `beams` is given. */
export interface DecodeOptions {
  /** The token before the first one. */
  readonly start: number;
  /** The token that ends a sequence; it is not part of the result. */
  readonly end: number;
  /** The greatest length of a sequence. */
  readonly maxLength: number;
  /** Draws tokens at random. */
  readonly sample?: SampleOptions;
  /** Width of the beam; default 1. */
  readonly beams?: number;
  /** Beams are compared by log p / length^lengthPenalty; default 1. */
  readonly lengthPenalty?: number;
  /** Examples per batch; default 64. It does not change the result. */
  readonly batchSize?: number;
}

const decoderOptions: OptionChecks<DecoderOptions> = { target: nameText, output: nameText, fromLogits: flag };
const decodeOptions: OptionChecks<DecodeOptions> = {
  start: wholeNumber(0),
  end: wholeNumber(0),
  maxLength: count,
  sample: orNull(anObject),
  beams: beamWidth,
  lengthPenalty: finite,
  batchSize: count,
};
const requiredToDecode = ["start", "end", "maxLength"] as const;

/** The decoded sequence of one example. */
export interface Decoded {
  readonly tokens: readonly number[];
  /** Σ log p of its tokens, the end included. */
  readonly logProbability: number;
  /** False where maxLength ended the sequence. */
  readonly ended: boolean;
  /** All beams, the best first; this is the first of them. */
  readonly beams: readonly Omit<Decoded, "beams">[];
}

/** The encoder's outputs, a row per example. */
interface Encoded {
  readonly states: readonly Prediction[];
  readonly memory: readonly Prediction[];
}

/** Decodes with the current weights of a model. Made by `decoder`. */
export class Decoder {
  readonly #model: Functional;
  readonly #options: DecoderOptions;
  readonly #sources: readonly string[];
  readonly #graph: StepGraph;
  readonly #encoder: Functional;
  readonly #step: Functional;
  /** [1] or, one-hot, [1, tokens]. */
  readonly #tokenShape: readonly number[];
  #checked = false;

  constructor(model: Functional, options: DecoderOptions) {
    checkOptions("decoder", options, decoderOptions, ["target"]);
    const indexIn = (what: string, names: readonly string[], name: string) => {
      const index = names.indexOf(name);
      if (index !== -1) return index;
      throw new ConfigError(`decoder: the model has no ${what} "${name}"; it has ${names.join(", ")}.`);
    };
    const target = model.inputs[indexIn("input", model.inputNames, options.target)]!;
    const output =
      model.outputs[options.output === undefined ? 0 : indexIn("output", model.outputNames, options.output)]!;
    this.#model = model;
    this.#options = options;
    this.#graph = stepGraph(target, output);
    this.#sources = model.inputNames.filter((name) => name !== options.target);
    const sources = model.inputs.filter((tensor) => tensor !== target);
    this.#encoder = model.part({ inputs: sources, outputs: this.#graph.encoded, name: "encoder" });
    this.#step = model.part({ inputs: this.#graph.inputs, outputs: this.#graph.outputs, name: "decoder_step" });
    this.#tokenShape = this.#graph.inputs[0]!.shape.slice(1) as number[];
  }

  /**
   * Decodes a sequence for each source.
   *
   * @param source data for the model's other inputs: one tensor, or several as a list or by name
   * @throws ConfigError for options that are not valid, and when single steps have other results than the model has for whole sequences
   * @example const [{ tokens }] = await decoder(translator, { target: "target" }).decode(source, { start: 1, end: 2, maxLength: 20 });
   */
  async decode(source: DataLike, options: DecodeOptions): Promise<Decoded[]> {
    const { batchSize = 64, beams = 1, sample } = checkOptions("decode", options, decodeOptions, requiredToDecode);
    if (sample && beams > 1) throw new ConfigError("decode: sample and beams cannot be combined; leave one out.");
    checkSampleOptions(sample ?? undefined);
    const sources = tensorsByName(source, this.#sources, "source").map((given) => toTensor(given, "source"));
    // One turn: the weights are the same from the first token to the last.
    return this.#model.inTurn(async (turn) => {
      await this.#check(turn, sources, options);
      const encoded = await this.#encode(turn, sources);
      const count = sources[0]!.shape[0]!;
      const results: Decoded[] = [];
      for (let first = 0; first < count; first += batchSize) {
        const rows = Array.from({ length: Math.min(batchSize, count - first) }, (_, i) => first + i);
        results.push(...(await this.#decodeRows(turn, encoded, rows, options)));
      }
      return results;
    });
  }

  async #encode(turn: Turn, sources: readonly Tensor[]): Promise<Encoded> {
    const all = await this.#encoder.predictInTurn(turn, byName(this.#sources, sources));
    return { states: all.slice(0, this.#graph.stateCount), memory: all.slice(this.#graph.stateCount) };
  }

  async #decodeRows(
    turn: Turn,
    encoded: Encoded,
    examples: readonly number[],
    options: DecodeOptions,
  ): Promise<Decoded[]> {
    const { start, end, maxLength, sample, beams: width = 1, lengthPenalty = 1 } = options;
    const places = examples.flatMap((row) => new Array<number>(width).fill(row));
    const memory = encoded.memory.map((values) => takeRows(values, places));
    let states = encoded.states.map((values) => takeRows(values, places));
    let tokens = places.map(() => start);
    let beams = examples.map(() => beginning);
    const streams = examples.map((row) => new Random((sample?.seed ?? 0) + row));
    for (let step = 0; step < maxLength && beams.some((beam) => beam.some(({ ended }) => !ended)); step++) {
      const { logProbabilities, after } = await this.#advance(turn, tokens, { states, memory });
      beams = beams.map((beam, example) => {
        const next = beam.map((_, k) => logProbabilities[example * width + k]!);
        if (!sample) return advanceBeam(beam, next, { width, end, lengthPenalty });
        const [only] = beam as [Hypothesis];
        if (only.ended) return [{ ...only, parent: 0 }];
        const token = drawToken(next[0]!, sample, streams[example]!);
        return [extend(only, token, { logProbability: next[0]![token]!, end, parent: 0 })];
      });
      // A beam may have fewer hypotheses than rows; the first one fills the rest.
      const held = beams.flatMap((beam) => Array.from({ length: width }, (_, k) => beam[k] ?? beam[0]!));
      const parents = held.map(({ parent }, place) => Math.floor(place / width) * width + parent);
      states = after.map((values) => takeRows(values, parents));
      tokens = held.map(({ ended, chain }) => (ended ? end : chain!.token));
    }
    return beams.map((beam) => {
      const all = beam.map((hypothesis) => {
        const { logProbability, ended } = hypothesis;
        return { tokens: tokensOf(hypothesis), logProbability, ended };
      });
      return { ...all[0]!, beams: all };
    });
  }

  /** Runs one step for every row. */
  async #advance(turn: Turn, tokens: readonly number[], { states, memory }: Encoded) {
    const inputs = [this.#tokens(tokens, this.#tokenShape), ...states, ...memory];
    const [output, ...after] = await this.#step.predictInTurn(turn, inputs, { batchSize: tokens.length });
    return { logProbabilities: this.#logProbabilities(output!), after };
  }

  /** Tokens as the model's input: ids, or one-hot. @param shape of one example: [time] or [time, tokens] */
  #tokens(tokens: readonly number[], shape: readonly number[]): Tensor {
    const [time, classes] = shape as [number, number | undefined];
    const rows = tokens.length / time;
    if (classes === undefined) return { data: Int32Array.from(tokens), shape: [rows, time] };
    const data = new Float32Array(tokens.length * classes);
    tokens.forEach((token, i) => {
      data[i * classes + token] = 1;
    });
    return { data, shape: [rows, time, classes] };
  }

  /** log p of every token, for each row and step of the output in turn. */
  #logProbabilities({ data, shape }: Prediction): Float64Array[] {
    const classes = shape.at(-1)!;
    return Array.from({ length: data.length / classes }, (_, row) => {
      const values = Float64Array.from(data.subarray(row * classes, (row + 1) * classes));
      const wrong = values.findIndex(Number.isNaN);
      if (wrong >= 0) throw noAnswer(values[wrong]!);
      if (!this.#options.fromLogits) return values.map((value) => Math.log(Math.max(value, 1e-30)));
      const greatest = largest(values);
      const logSum = greatest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - greatest), 0));
      return values.map((value) => value - logSum);
    });
  }

  /** Compares single steps with the model's outputs for a whole sequence, for the first source and arbitrary tokens. */
  async #check(turn: Turn, sources: readonly Tensor[], { start, end }: DecodeOptions): Promise<void> {
    if (this.#checked) return;
    const first = sources.map((tensor) => takeRows(tensor as Prediction, [0]));
    const time = this.#model.inputs[this.#model.inputNames.indexOf(this.#options.target)]!.shape[1] ?? 3;
    const tokens = Array.from({ length: time }, (_, i) => (i % 2 === 0 ? start : end));
    const target = this.#tokens(tokens, [time, ...this.#tokenShape.slice(1)]);
    const outputs = await this.#model.predictInTurn(turn, {
      ...byName(this.#sources, first),
      [this.#options.target]: target,
    });
    const output = this.#options.output === undefined ? 0 : this.#model.outputNames.indexOf(this.#options.output);
    const whole = this.#logProbabilities(outputs[output]!);
    let encoded = await this.#encode(turn, first);
    for (const [i, token] of tokens.entries()) {
      const { logProbabilities, after } = await this.#advance(turn, [token], encoded);
      const apart = logProbabilities[0]!.findIndex(
        (value, j) => Math.abs(Math.exp(value) - Math.exp(whole[i]![j]!)) > 1e-3,
      );
      if (apart !== -1) {
        throw new ConfigError(
          `decoder: step ${i} alone gives token ${apart} another probability than the whole sequence does. A layer between the target's tokens and the ` +
            "output reads other steps: remove layers that pool, flatten or read both ways.",
        );
      }
      encoded = { ...encoded, states: after };
    }
    this.#checked = true;
  }
}

/**
 * The decoder in a model that maps sources and the target's tokens to the next tokens, for decoding without a target. Its steps are built
 * from the model's layers and share their weights.
 *
 * @param model functional; it may come from a file
 * @throws ConfigError when the model is not functional, a recurrent layer over the target does not take and return its states, or the model lacks the names
 * @example const speak = decoder(translator, { target: "target" });
 */
export function decoder(model: Model, options: DecoderOptions): Decoder {
  if (model instanceof Functional) return new Decoder(model, options);
  throw new ConfigError(
    `decoder: expected a functional model, with an input for the target besides the source, received ${formatValue(model)}. Make it with ` +
      "functional({ inputs: [source, target], outputs }).",
  );
}

function byName(names: readonly string[], tensors: readonly Tensor[]): Record<string, Tensor> {
  return Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
}
