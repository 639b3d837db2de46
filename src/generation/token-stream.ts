/** Token stream: a language model runs on several sequences in parallel, token by token, and gives the probabilities of the next ones. */
import { ConfigError, DataError } from "../errors.js";
import type { Model, ModelStream } from "../models/index.js";
import { takeRows } from "./rows.js";

/** Meaning of a model's outputs. */
export interface NextTokens {
  /** Whether its output is logits, before a softmax. Default false. */
  readonly fromLogits?: boolean;
  /** Tokens that are never generated; their probability goes to the others. */
  readonly exclude?: readonly number[];
}

export class TokenStream {
  readonly #stream: ModelStream;
  readonly #rows: number;
  readonly #options: NextTokens;

  private constructor(stream: ModelStream, rows: number, options: NextTokens) {
    this.#stream = stream;
    this.#rows = rows;
    this.#options = options;
  }

  /**
   * Empty sequences.
   *
   * @param model maps ids [batch, time] to a number for every token at every step
   * @throws ConfigError for a model that does not read ids one by one, or has no number for each token
   */
  static async open(model: Model, rows: number, options: NextTokens = {}): Promise<TokenStream> {
    if (model.inputShape.length !== 2 || model.outputShape.length !== 3) {
      throw new ConfigError(
        `generation: a language model reads ids [batch, time] and gives [batch, time, tokens]; "${model.name}" reads [${model.inputShape.join(", ")}] ` +
          `and gives [${model.outputShape.join(", ")}].`,
      );
    }
    return new TokenStream(await model.stream({ batch: rows }), rows, options);
  }

  /**
   * Adds the next token to every sequence.
   *
   * @param tokens one for each sequence
   * @returns log p of every token that may follow, for each sequence
   */
  say(tokens: readonly number[]): Float64Array[] {
    const values = this.#stream.step(tokens);
    const classes = values.length / this.#rows;
    return Array.from({ length: this.#rows }, (_, row) =>
      logProbabilities(values.subarray(row * classes, (row + 1) * classes), this.#options),
    );
  }

  /** Replaces the sequences. @param parents index of the sequence that each continues */
  follow(parents: readonly number[]): void {
    this.#become(this.#stream, parents);
  }

  /** Continues sequences of another stream of the same model. @param parents index of the other's sequence that each continues */
  goOnFrom(other: TokenStream, parents: readonly number[]): void {
    this.#become(other.#stream, parents);
  }

  #become(source: ModelStream, parents: readonly number[]): void {
    const { state } = source;
    this.#stream.state =
      state &&
      Object.fromEntries(
        Object.entries(state).map(([name, { data, shape }]) => {
          const { data: taken, shape: size } = takeRows({ data: Float64Array.from(data), shape }, parents);
          return [name, { data: Array.from(taken), shape: size }];
        }),
      );
  }
}

/** The error for a model whose output is not a number. */
export function noAnswer(value: number): DataError {
  return new DataError(
    `generation: the model's probability of the next token is ${value}, not a number. Its weights are too large to compute with; train it again ` +
      "with a smaller learning rate, or go back to an earlier checkpoint.",
  );
}

function logProbabilities(
  values: Float32Array | Float64Array,
  { fromLogits = false, exclude = [] }: NextTokens,
): Float64Array {
  const logs = Float64Array.from(values, (value) => (fromLogits ? value : Math.log(Math.max(value, 1e-30))));
  for (const token of exclude) logs[token] = Number.NEGATIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const value of logs) greatest = Math.max(greatest, value);
  let sum = 0;
  for (const value of logs) sum += Math.exp(value - greatest);
  const logSum = greatest + Math.log(sum);
  if (!Number.isFinite(logSum)) throw noAnswer(logSum);
  for (let i = 0; i < logs.length; i++) logs[i]! -= logSum;
  return logs;
}
