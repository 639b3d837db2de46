/** Model: compile, fit, evaluate and predict of every kind of model. A kind of model defines how its network is built from data. */
import type { Truncation } from "../equations/index.js";
import { StateError } from "../errors.js";
import type { CompiledModel } from "../execution/compiled-model.js";
import { Executor } from "../execution/executor.js";
import { type LossTrace, traceLoss } from "../execution/loss-trace.js";
import type { ModelState } from "../execution/model-state.js";
import type { Network } from "../execution/network.js";
import {
  type OptimizerState,
  readOptimizerState,
  removeBesideWeights,
  writeOptimizerState,
} from "../execution/optimizer-state.js";
import { type Prediction, predictBatches } from "../execution/predict-batches.js";
import { type RunResult, StateSession } from "../execution/state-session.js";
import { sizeOf } from "../tensor/shape.js";
import {
  arrayFeed,
  type Examples,
  exampleBatches,
  type Feeds,
  type History,
  type Logs,
  logsOfBatch,
  naturalOrder,
  progressCallback,
  type Turn,
  fit as train,
} from "../training/index.js";
import { type Batches, isBatches } from "./batches.js";
import { type CompileOptions, compileModel } from "./compile-model.js";
import type { DataLike } from "./data-by-port.js";
import { evaluateWithProgress } from "./evaluate-with-progress.js";
import { evaluationWindows } from "./fit-streams.js";
import type { BatchOptions, EvaluateOptions, FitOptions, ModelOptions, PredictOptions } from "./model-options.js";
import { type ModelStream, openStream, stepShape } from "./model-stream.js";
import { ModelTrainer, type TrainedParts } from "./model-trainer.js";
import { NetworkModel } from "./network-model.js";
import { checked, type NoOptions } from "./option-checks.js";
import { settled } from "./output-masks.js";
import { checkArrayOptions, checkPieceOptions, pieceArguments } from "./piece-options.js";
import { predictPieces } from "./predict-pieces.js";
import { prepareExamples, prepareInputs } from "./prepare-data.js";
import type { WeightOptions } from "./prepare-weights.js";
import { arrayFeeds, type ExampleSource, pieceFeed, pieceFeeds } from "./training-feeds.js";

/** A model over a network. `sequential` and `model` make one. */
export abstract class Model extends NetworkModel {
  readonly #threads: number | undefined;
  #lastExecutor: Executor | undefined;
  #compiled: CompiledModel | undefined;
  /** The model for training loops. @internal */
  readonly trainer = new ModelTrainer(this.#trainedParts());

  /** @internal */
  constructor(options: ModelOptions & { readonly name: string }) {
    super(options);
    this.#threads = options.threads;
  }

  /** The network for this data; built for it if need be. @param name of the data in messages @internal */
  protected abstract networkOf(what: string, x: DataLike, name?: string): Network;

  /** Names of the outputs that can have a loss. @internal */
  protected abstract get targetNames(): readonly string[];

  /** Undefined until the model is compiled. @internal */
  protected get compiled(): CompiledModel | undefined {
    return this.#compiled;
  }

  /** @internal */
  protected override setNetwork(network: Network): void {
    super.setNetwork(network);
    this.#lastExecutor = undefined;
  }

  /** Chooses optimizer, losses and metrics. Compiling again resets the optimizer. @throws StateError during fit or evaluate */
  compile(options: CompileOptions): this {
    checked.compile(options);
    this.use.checkFree(this.name);
    this.#compiled = compileModel(options, this.targetNames);
    this.#lastExecutor = undefined;
    this.freezing.fix(this.layers);
    removeBesideWeights(this.network, this.variables);
    return this;
  }

  #compiledFor(what: string): CompiledModel {
    if (!this.#compiled) throw new StateError(`${what}: call compile({ optimizer, loss, metrics }) first.`);
    return this.#compiled;
  }

  get #executor(): Executor {
    const { device } = this.variables;
    if (this.#lastExecutor?.device !== device) {
      this.#lastExecutor = new Executor(this.builtNetwork("fit"), this.variables, device, this.#threads);
    }
    return this.#lastExecutor;
  }

  #trainedParts(): TrainedParts {
    const model = this;
    return {
      get network() {
        return model.network;
      },
      get executor() {
        return model.#executor;
      },
      get compiled() {
        return model.#compiled;
      },
      get threads() {
        return model.#threads;
      },
      variables: model.variables,
      random: model.random,
      compiledFor: (what) => model.#compiledFor(what),
      inOrder: (work, turn) => model.calls.run(work, turn),
      inTurn: (work) => model.inTurn(work),
    };
  }

  readonly #exampleSource: ExampleSource = {
    isBuilt: () => this.network !== undefined,
    networkOf: (what, x, name) => this.networkOf(what, x, name),
    compiledFor: (what) => this.#compiledFor(what),
    prepare: (...given) => this.#prepare(...given),
  };

  #prepare(x: DataLike, y: DataLike, weights: WeightOptions, what: string, part = ""): Promise<Examples> {
    const compiled = this.#compiledFor(what);
    const network = this.networkOf(what, x, `${part}x`);
    return settled(network, this.variables.device, prepareExamples(network, compiled, x, y, weights, part, what));
  }

  /** Prepares examples and works on them, in the order of calls. */
  async #withExamples<Result>(
    what: string,
    [x, y, weights]: readonly [DataLike, DataLike, WeightOptions],
    work: (examples: Examples, turn: Turn) => Promise<Result>,
  ): Promise<Result> {
    // Built at once: the numbers may move to another device.
    this.#compiledFor(what);
    this.networkOf(what, x);
    return this.use.during(() => this.inTurn(async (turn) => work(await this.#prepare(x, y, weights, what), turn)));
  }

  /**
   * Trains.
   *
   * @param x batch-first inputs: [examples, time] ids, or [examples, time, features]; several as a list, or as a record by name
   * @param y targets, one row per example; those of several outputs as a list, or as a record by name
   * @throws ShapeError, DataError, ConfigError when data or options do not fit; TavaliError when the loss is lost to NaN; StateError
   *   before compile, and during another fit
   * @example const history = await model.fit(x, y, { batchSize: 128, epochs: 5, validationSplit: 0.2, seed: 1 });
   */
  async fit(x: DataLike, y: DataLike, options?: FitOptions): Promise<History>;
  /** Trains on data in pieces. @param batches [x, y] or [x, y, sampleWeight] each @example await model.fit(data.shuffle(1000).batch(32)); */
  async fit(batches: Batches, options?: FitOptions): Promise<History>;
  async fit(x: DataLike | Batches, y?: DataLike | FitOptions, options?: FitOptions): Promise<History> {
    const pieces = isBatches(x);
    const given = checked.fit(pieces ? pieceArguments("fit", x, [y, options]) : options);
    if (pieces) checkPieceOptions("fit", x, given);
    else checkArrayOptions("fit", given, given.validationData);
    const work = async (begin: () => void) => {
      const seed = () => given.seed ?? given.resume?.seed ?? this.random.bits();
      const feeds = pieces
        ? await pieceFeeds(this.#exampleSource, x, { ...given, seed: seed() })
        : await arrayFeeds(this.#exampleSource, x, y as DataLike, given);
      try {
        begin();
        return await this.#train({ ...given, seed: feeds.seed ?? seed(), ...feeds.options }, feeds);
      } finally {
        await feeds.close?.();
      }
    };
    return this.holding((begin) => this.use.during(() => work(begin)));
  }

  #train(options: FitOptions, feeds: Feeds): Promise<History> {
    this.freezing.warn("fit", this.network);
    const { verbose = "auto", progress, callbacks = [] } = options;
    const shown = verbose === 0 ? callbacks : [...callbacks, progressCallback(verbose === 2 ? 2 : 1, progress)];
    return this.use.train(this.name, () => train(this.trainer, feeds, { ...options, callbacks: shown }));
  }

  /**
   * Loss and metrics on data, in inference mode.
   *
   * @example const { loss, accuracy } = await model.evaluate(x, y);
   */
  async evaluate(x: DataLike, y: DataLike, options?: EvaluateOptions): Promise<Logs>;
  /** Loss and metrics on data in pieces. @param batches [x, y] or [x, y, sampleWeight] each */
  async evaluate(batches: Batches, options?: EvaluateOptions): Promise<Logs>;
  async evaluate(x: DataLike | Batches, y?: DataLike | EvaluateOptions, options?: EvaluateOptions): Promise<Logs> {
    if (isBatches(x)) {
      const given = checked.evaluate(pieceArguments("evaluate", x, [y, options]));
      checkPieceOptions("evaluate", x, given);
      this.#compiledFor("evaluate");
      const { steps, classWeight } = given;
      const feed = pieceFeed(this.#exampleSource, x, { what: "evaluate", steps, stepsOption: "steps", classWeight });
      const work = () => evaluateWithProgress(this.trainer, feed, given);
      return this.holding(() => this.use.during(work)).finally(() => feed.close());
    }
    const given = checked.evaluate(options);
    checkArrayOptions("evaluate", given);
    return this.#withExamples("evaluate", [x, y as DataLike, given], async (examples, turn) => {
      const { batchSize = 32, window } = given;
      const network = this.networkOf("evaluate", x);
      const batches =
        window === undefined
          ? exampleBatches(examples.count, batchSize, false)
          : evaluationWindows(network, this.#compiledFor("evaluate"), examples, batchSize, window);
      return evaluateWithProgress(this.trainer, arrayFeed(examples, batches), given, turn);
    });
  }

  /**
   * The model's output.
   *
   * @param x batch-first inputs, or batches of them
   * @returns batch-first: one row per example. A model with several outputs gives the first one; see `predictAll`
   */
  async predict(x: DataLike | Batches, options?: PredictOptions): Promise<Prediction> {
    return (await this.predictAll(x, options))[0]!;
  }

  /** Every output, in the order in which the model names them: of a last layer with `returnState`, the output and then each state. */
  async predictAll(x: DataLike | Batches, options: PredictOptions = {}): Promise<Prediction[]> {
    const { steps, ...others } = checked.predict(options);
    if (!isBatches(x)) {
      checkArrayOptions("predict", { steps });
      return this.predictInTurn(undefined, x, others);
    }
    checkPieceOptions("predict", x, others);
    return this.holding(() => predictPieces(x, steps, (batch) => this.predictInTurn(undefined, batch)));
  }

  /** Every output, as a part of a work that has a turn. @internal */
  async predictInTurn(turn: Turn | undefined, x: DataLike, options: BatchOptions = {}): Promise<Prediction[]> {
    const { count, data } = prepareInputs(this.networkOf("predict", x), x);
    const predict = (rows: Uint32Array) => this.#executor.predict(data, rows);
    return this.calls.run(() => predictBatches(count, options.batchSize ?? 32, predict), turn);
  }

  /**
   * Outputs, and the states of recurrent layers, from their initial states or from those of an earlier run: parts of a
   * sequence one after another have the results of the whole. Layers that are not recurrent read each part by itself.
   *
   * @param x batch-first inputs, any number of steps
   * @returns `output`, the first of `outputs`, and the `state` for the next run: plain data
   * @throws ConfigError where a layer reads from the end; StateError, ShapeError or DataError where the state does not fit
   * @example const { output, state } = await model.run(next, { state: before });
   */
  async run(x: DataLike, options: { readonly state?: ModelState | undefined } = {}): Promise<RunResult> {
    const { state } = checked.run(options);
    const { count, data } = prepareInputs(this.networkOf("run", x), x);
    const result = await this.calls.run(() => new StateSession(this.#executor, count, "run").run(data, state));
    return { output: result.outputs[0]!, ...result };
  }

  /**
   * The model one step at a time. States stay where they are computed; `state` of the stream reads or sets them.
   *
   * @param options number of sequences side by side; default 1
   * @throws ConfigError for a model with several inputs, or a layer that reads from the end; ShapeError where the model has a fixed length
   * @example const stream = await model.stream();  const probabilities = stream.step([id]);
   */
  async stream(options: { readonly batch?: number } = {}): Promise<ModelStream> {
    const { batch = 1 } = checked.stream(options);
    const { inputs } = this.builtNetwork("stream");
    const shape = stepShape(inputs, batch);
    const step = { data: new Int32Array(sizeOf(shape)), shape };
    prepareInputs(this.networkOf("stream", step), step);
    return this.calls.run(() => openStream(this.#executor, { shape, batch, idLimit: inputs[0]!.idLimit }));
  }

  /** Layers that are `stateful` start fresh at the next batch. */
  resetStates(): void {
    const reset = () => this.#executor.resetStates();
    // Waiting calls were made before and keep the states.
    if (this.calls.idle) reset();
    else this.calls.run(reset);
  }

  /** One step on one batch; the loss and metrics of this batch, before the update. */
  async trainOnBatch(
    x: DataLike,
    y: DataLike,
    options: WeightOptions & { readonly seed?: number } = {},
  ): Promise<Logs> {
    checked.trainOnBatch(options);
    return this.#withExamples("trainOnBatch", [x, y, options], async (examples, turn) => {
      this.freezing.warn("trainOnBatch", this.network);
      const batch = { rows: naturalOrder(examples.count), noise: options.seed ?? this.random.bits() };
      return logsOfBatch(this.trainer, await this.trainer.trainStep(examples, batch, turn));
    });
  }

  /** Loss and metrics of one batch. */
  async testOnBatch(x: DataLike, y: DataLike, options: WeightOptions = {}): Promise<Logs> {
    checked.weights("testOnBatch", options);
    return this.#withExamples("testOnBatch", [x, y, options], async (examples, turn) =>
      logsOfBatch(
        this.trainer,
        await this.trainer.testStep(examples, { rows: naturalOrder(examples.count), noise: 0 }, turn),
      ),
    );
  }

  /** The output of one batch. */
  async predictOnBatch(x: DataLike, options: NoOptions = {}): Promise<Prediction> {
    return this.predict(x, checked.predictOnBatch(options));
  }

  /** The loss of examples as equations, for tools that look into them, such as `inspect`. @param truncation see `fit` @internal */
  async traceLoss(x: DataLike, y: DataLike, options: WeightOptions = {}, truncation?: Truncation): Promise<LossTrace> {
    checked.weights("traceLoss", options);
    const examples = await this.#prepare(x, y, options, "inspect");
    return traceLoss(this.builtNetwork("inspect"), this.#compiledFor("inspect"), this.variables, examples, truncation);
  }

  /** The learning rate of the next step; may be changed between steps. @throws StateError where a schedule sets another */
  get learningRate(): number {
    return this.trainer.learningRate;
  }
  set learningRate(value: number) {
    this.trainer.learningRate = value;
  }

  /** The optimizer's state, in Keras's order; undefined before the first training step. */
  optimizerState(): OptimizerState | undefined {
    return this.#compiled && this.network && readOptimizerState(this.#compiled.optimizer, this.network, this.variables);
  }

  /** Continues from a result of `optimizerState`. @throws StateError while a call that was made before runs or waits */
  setOptimizerState(state: OptimizerState): void {
    writeOptimizerState(
      state,
      this.#compiledFor("setOptimizerState").optimizer,
      this.idleNetwork("setOptimizerState"),
      this.variables,
    );
  }
}
