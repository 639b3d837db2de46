/**
 * What every kind of model does once it knows its layers' shapes: compile, fit, evaluate, predict, weights in and out. A kind of model says
 * how its network comes from the shape of the input.
 */
import type { Engine } from "../engines/engine.js";
import { defaultEngine } from "../engines/index.js";
import { StateError } from "../errors.js";
import { Random } from "../tensor/random.js";
import { formatShape, type PartialShape, sameShape } from "../tensor/shape.js";
import type { Tensor, TensorLike } from "../tensor/tensor.js";
import {
  type Batch,
  breather,
  checkCount,
  type Examples,
  evaluate,
  type Fingerprint,
  type History,
  type Logs,
  naturalOrder,
  progressCallback,
  progressLine,
  RunningLogs,
  type Snapshot,
  type StepTotals,
  type Trainable,
  fit as train,
} from "../training/index.js";
import { type CompileOptions, compileModel } from "./compile-model.js";
import { describeModel } from "./describe-model.js";
import type { BatchOptions, EvaluateOptions, FitOptions, ModelOptions } from "./model-options.js";
import { adaptNetwork, countWeights, type Network } from "./network.js";
import { type OptimizerState, readOptimizerState, writeOptimizerState } from "./optimizer-state.js";
import { dataShape, prepareExamples, prepareInputs, splitExamples, type WeightOptions } from "./prepare-data.js";
import { type Compiled, iterationName } from "./step-equations.js";
import { Stepper } from "./stepper.js";
import { Variables } from "./variables.js";
import { readWeights, writeWeights } from "./weights.js";

/** A model over a network. `sequential` makes one. */
export abstract class Model implements Trainable {
  readonly name: string;
  readonly #engine: Engine;
  readonly #threads: number | undefined;
  readonly #random: Random;
  readonly #variables: Variables;
  #training = false;
  #network: Network | undefined;
  #stepper: Stepper | undefined;
  #compiled: Compiled | undefined;

  constructor({ name, seed, engine = defaultEngine, threads }: ModelOptions & { readonly name: string }) {
    this.name = name;
    this.#engine = engine;
    this.#threads = threads;
    this.#variables = new Variables(engine);
    this.#random = new Random(seed ?? Math.floor(Math.random() * 2 ** 32));
  }

  /** The network for inputs of a batch-first shape. */
  protected abstract networkFor(inputShape: PartialShape): Network;

  /** Undefined until the model is built. */
  protected get network(): Network | undefined {
    return this.#network;
  }

  /** Undefined until the model is compiled. */
  protected get compiled(): Compiled | undefined {
    return this.#compiled;
  }

  /** Batch-first; null for an axis of any size. */
  get inputShape(): PartialShape {
    return this.#built("inputShape").inputShape;
  }

  /** Batch-first shape of the first output. */
  get outputShape(): PartialShape {
    return this.#built("outputShape").outputShapes[0]!;
  }

  /**
   * Fixes the shape of the input, and makes the weights.
   *
   * @param inputShape with the batch axis: [null, 500]
   * @throws ShapeError when a layer does not fit; StateError when weights that are there already would need another shape
   */
  build(inputShape: PartialShape): this {
    const network = this.networkFor(inputShape);
    for (const { id, shape } of network.parameters) {
      if (!this.#variables.has(id) || sameShape(this.#variables.shape(id), shape)) continue;
      throw new StateError(
        `build: the weight ${id} is ${formatShape(this.#variables.shape(id))} and would have to be ${formatShape(shape)} ` +
          `for inputs of ${formatShape(inputShape)}. Make a new model, or build for ${formatShape(this.inputShape)}.`,
      );
    }
    for (const { id, shape, initializer } of network.parameters) {
      if (!this.#variables.has(id)) this.#variables.create(id, shape, initializer.values(shape, this.#random));
    }
    this.#network = network;
    this.#stepper = undefined;
    return this;
  }

  #built(what: string): Network {
    if (!this.#network) {
      throw new StateError(
        `${what}: the model does not know the shape of its input yet. Give the first layer an inputShape, call build([null, …]), or fit it.`,
      );
    }
    return this.#network;
  }

  /** Chooses optimizer, loss and metrics. Compiling again starts the optimizer anew. */
  compile(options: CompileOptions): this {
    this.#compiled = compileModel(options);
    this.#stepper = undefined;
    this.#forgetOptimizer();
    return this;
  }

  #forgetOptimizer(): void {
    const own = new Set(this.#network?.parameters.map(({ id }) => id));
    const { optimizer } = this.#compiled!;
    for (const name of this.#variables.names()) {
      if (own.has(name)) continue;
      const slot = optimizer.slots.find((candidate) => name.endsWith(`/${candidate.name}`));
      this.#variables.write(name, new Float64Array(this.#variables.read(name).length).fill(slot?.initial ?? 0));
    }
  }

  #compiledFor(what: string): Compiled {
    if (!this.#compiled) throw new StateError(`${what}: call compile({ optimizer, loss, metrics }) first.`);
    return this.#compiled;
  }

  /** Builds for the data at hand if need be. */
  #ready(x: { readonly shape: readonly number[] } | undefined): Stepper {
    if (!this.#network && x) this.build([null, ...x.shape.slice(1)]);
    this.#stepper ??= new Stepper(this.#built("fit"), this.#variables, this.#engine, this.#threads);
    return this.#stepper;
  }

  #prepare(x: TensorLike, y: TensorLike, weights: WeightOptions, what: string, part = ""): Examples {
    const { loss } = this.#compiledFor(what);
    return prepareExamples(this.#networkOf(what, x), loss, x, y, weights, part);
  }

  /** The network as these inputs see it; built for them if need be. */
  #networkOf(what: string, x: TensorLike): Network {
    const shape = dataShape(x);
    if (!this.#network) this.#ready({ shape });
    return adaptNetwork(this.#built(what), shape, (other) => this.networkFor(other));
  }

  /**
   * Trains.
   *
   * @param x batch-first inputs: [examples, time] ids, or [examples, time, features]
   * @param y targets, one row per example
   * @throws ShapeError, DataError, ConfigError when data or options do not fit; TavaliError when the loss is lost to NaN; StateError
   *   before compile, and while another fit is going on
   * @example const history = await model.fit(x, y, { batchSize: 128, epochs: 5, validationSplit: 0.2, seed: 1 });
   */
  async fit(x: TensorLike, y: TensorLike, options: FitOptions = {}): Promise<History> {
    const all = this.#prepare(x, y, options, "fit");
    const [xVal, yVal, sampleWeight] = options.validationData ?? [];
    const given = xVal !== undefined && yVal !== undefined;
    const [examples, held] = given ? [all, undefined] : splitExamples(all, options.validationSplit);
    const validation = given ? this.#prepare(xVal, yVal, { sampleWeight }, "fit", "validationData ") : held;
    const { verbose = "auto", progress, callbacks = [], resume } = options;
    const seed = options.seed ?? resume?.seed ?? this.#random.bits();
    const shown = verbose === 0 ? callbacks : [...callbacks, progressCallback(verbose === 2 ? 2 : 1, progress)];
    if (this.#training) {
      throw new StateError(
        `fit: "${this.name}" is being trained already; await the other fit, or end it by its signal.`,
      );
    }
    this.#training = true;
    try {
      return await train(this, examples, validation, { ...options, seed, callbacks: shown });
    } finally {
      this.#training = false;
    }
  }

  /**
   * Loss and metrics on data, in inference mode.
   *
   * @example const { loss, accuracy } = await model.evaluate(x, y);
   */
  async evaluate(x: TensorLike, y: TensorLike, options: EvaluateOptions = {}): Promise<Logs> {
    const { batchSize = 32, verbose = 0, progress } = options;
    const examples = this.#prepare(x, y, options, "evaluate");
    if (verbose === 0) return evaluate(this, examples, batchSize);
    const line = progressLine(verbose === 2 ? 2 : 1, progress);
    line.begin(Math.ceil(examples.count / batchSize));
    const logs = await evaluate(this, examples, batchSize, { onBatch: (done, so) => line.step(done, so) });
    line.end(logs);
    return logs;
  }

  /**
   * The model's output for inputs.
   *
   * @param x batch-first inputs
   * @returns batch-first: one row per example; where the last layer also returns its state, see `predictAll`
   */
  async predict(x: TensorLike, options: BatchOptions = {}): Promise<Tensor<Float32Array | Float64Array>> {
    return (await this.predictAll(x, options))[0]!;
  }

  /** Every output: with `returnState: true` on the last layer, the output and then each state. */
  async predictAll(
    x: TensorLike,
    { batchSize = 32 }: BatchOptions = {},
  ): Promise<Tensor<Float32Array | Float64Array>[]> {
    checkCount("predict", "batchSize", batchSize);
    const inputs = prepareInputs(this.#networkOf("predict", x), x);
    const stepper = this.#ready(inputs);
    const count = inputs.shape[0]!;
    const whole: Tensor<Float32Array | Float64Array>[] = [];
    const breathe = breather();
    for (let first = 0; first < count; first += batchSize) {
      const rows = Uint32Array.from({ length: Math.min(batchSize, count - first) }, (_, i) => first + i);
      const outputs = await stepper.predict(inputs, rows);
      outputs.forEach(({ data, shape }, i) => {
        whole[i] ??= {
          data: new (data.constructor as Float32ArrayConstructor)((data.length / rows.length) * count),
          shape: [count, ...shape.slice(1)],
        };
        whole[i].data.set(data, (data.length / rows.length) * first);
      });
      await breathe();
    }
    return whole;
  }

  /** One step on one batch; the loss and metrics of this batch, before the update. */
  async trainOnBatch(
    x: TensorLike,
    y: TensorLike,
    options: WeightOptions & { readonly seed?: number } = {},
  ): Promise<Logs> {
    const examples = this.#prepare(x, y, options, "trainOnBatch");
    const batch = { rows: naturalOrder(examples.count), noise: options.seed ?? this.#random.bits() };
    return logsOf(await this.trainStep(examples, batch));
  }

  /** Loss and metrics of one batch. */
  async testOnBatch(x: TensorLike, y: TensorLike, options: WeightOptions = {}): Promise<Logs> {
    const examples = this.#prepare(x, y, options, "testOnBatch");
    return logsOf(await this.testStep(examples, naturalOrder(examples.count)));
  }

  /** The output of one batch. */
  async predictOnBatch(x: TensorLike): Promise<Tensor<Float32Array | Float64Array>> {
    return this.predict(x, { batchSize: Number.MAX_SAFE_INTEGER });
  }

  /** Takes a step on a batch of prepared examples; for training loops. */
  trainStep(examples: Examples, { rows, noise }: Batch): Promise<StepTotals> {
    return this.#ready(undefined).train(this.#compiledFor("fit"), examples, rows, noise);
  }

  /** Judges rows of prepared examples; for training loops. */
  testStep(examples: Examples, rows: Uint32Array): Promise<StepTotals> {
    return this.#ready(undefined).test(this.#compiledFor("evaluate"), examples, rows);
  }

  /** The optimizer's learning rate; may be changed between steps. */
  get learningRate(): number {
    return this.#compiledFor("learningRate").optimizer.learningRate;
  }
  set learningRate(value: number) {
    this.#compiledFor("learningRate").optimizer.learningRate = value;
  }

  /** The state of the source of first weights and default seeds; assigning it goes on from there. */
  get randomState(): readonly number[] {
    return this.#random.state;
  }
  set randomState(state: readonly number[]) {
    this.#random.state = state;
  }

  /** What decides the bits of a training step, in words. */
  async describe(): Promise<Fingerprint> {
    const threads = this.#threads ?? (await this.#variables.device.threads());
    return describeModel(this.#built("fit"), this.#compiledFor("fit"), this.#engine, threads);
  }

  /** A copy of all weights and of the optimizer's memory. */
  async snapshot(): Promise<Snapshot> {
    const variables = this.#variables;
    return new Map(
      variables.names().map((name) => [name, { data: variables.read(name), shape: variables.shape(name) }]),
    );
  }

  /** Goes back to a snapshot. Memory the optimizer has made since starts anew. */
  async restore(snapshot: Snapshot): Promise<void> {
    for (const [name, { data, shape }] of snapshot) {
      if (this.#variables.has(name)) this.#variables.write(name, data);
      else this.#variables.create(name, shape, data);
    }
    if (this.#compiled && !snapshot.has(iterationName(this.#compiled.optimizer))) this.#forgetOptimizer();
  }

  /** Number of weights. */
  countParams(): number {
    return countWeights(this.#built("countParams").parameters);
  }

  /** A copy of every weight, layer by layer, in Keras's order. */
  getWeights(): Tensor[] {
    return readWeights(this.#built("getWeights"), this.#variables);
  }

  /** Replaces every weight. @throws ShapeError naming the weight that does not fit */
  setWeights(weights: readonly TensorLike[]): void {
    writeWeights(this.#built("setWeights"), this.#variables, weights);
  }

  /** The optimizer's memory, in the order Keras keeps it; undefined before the first training step. */
  optimizerState(): OptimizerState | undefined {
    return (
      this.#compiled && this.#network && readOptimizerState(this.#compiled.optimizer, this.#network, this.#variables)
    );
  }

  /** Goes on from a state that `optimizerState` gave. */
  setOptimizerState(state: OptimizerState): void {
    writeOptimizerState(
      state,
      this.#compiledFor("setOptimizerState").optimizer,
      this.#built("setOptimizerState"),
      this.#variables,
    );
  }
}

function logsOf(totals: StepTotals): Logs {
  const one = new RunningLogs();
  one.add(totals);
  return one.logs();
}
