/** Network and weights of a model, once the shapes are known, and their table. */

import type { Engine } from "../engines/engine.js";
import { ConfigError, StateError } from "../errors.js";
import type { CallQueue } from "../execution/call-queue.js";
import { workOf } from "../execution/device-work.js";
import type { Network, NetworkInput } from "../execution/network.js";
import type { OptimizerState } from "../execution/optimizer-state.js";
import { Variables } from "../execution/variables.js";
import type { AppliedTensor, Layer, SymbolicTensor } from "../layers/index.js";
import { checkOption, checkOptions, flag } from "../options/index.js";
import { expectText } from "../tensor/expect-text.js";
import { Random } from "../tensor/random.js";
import type { PartialShape } from "../tensor/shape.js";
import type { Tensor, TensorLike } from "../tensor/tensor.js";
import type { Turn } from "../training/index.js";
import { countWeights, trainableNowOf } from "./build-network.js";
import { CompiledUse } from "./compiled-use.js";
import type { ModelConfig } from "./config.js";
import { Freezing } from "./freezing.js";
import { takeWeights } from "./layer-weights.js";
import type { ModelOptions } from "./model-options.js";
import { formatSummary, type SummaryOptions, type SummaryRow, summaryOptions } from "./summary.js";
import { readWeights, writeWeights } from "./weights.js";

/** A network and its weights. Every model is one. */
export abstract class NetworkModel {
  readonly name: string;
  /** @internal */
  protected readonly random: Random;
  /** @internal */
  protected readonly variables: Variables;
  /** @internal */
  protected readonly use = new CompiledUse();
  /** @internal */
  protected readonly freezing = new Freezing();
  #network: Network | undefined;
  #layer: Layer | undefined;

  /** @internal */
  constructor({ name, seed, engine }: ModelOptions & { readonly name: string }) {
    this.name = name;
    this.variables = new Variables(engine);
    this.random = new Random(seed ?? Math.floor(Math.random() * 2 ** 32));
  }

  /** The layers, with their names. */
  abstract get layers(): readonly Layer[];

  /** Plain data from which `modelFromConfig` makes the model again, without its weights. */
  abstract toConfig(): ModelConfig;

  /** The model as a new layer. @internal */
  protected abstract makeLayer(): Layer;

  /** Rows of the summary. @internal */
  protected abstract summaryRows(): readonly SummaryRow[];

  /** The optimizer's state; undefined before the first training step. */
  abstract optimizerState(): OptimizerState | undefined;

  /**
   * The model as a layer, with the same weights: always the same layer, so that a model that is used at several places has one set of
   * weights. `sequential`, `timeDistributed` and `apply` make it by themselves.
   */
  asLayer(): Layer {
    if (!this.#layer) {
      this.#layer = this.makeLayer();
      // Set where it is false only: setting it would change the layers inside.
      if (!this.trainable) this.#layer.trainable = false;
    }
    return this.#layer;
  }

  /** Forgets the layer, when the model has other layers. @internal */
  protected forgetLayer(): void {
    this.#layer = undefined;
  }

  /**
   * The model's output for symbolic inputs, as a layer inside another model. Training either changes the weights of both.
   *
   * @param inputs one tensor, or a list for a model with several inputs
   * @throws ShapeError when an input does not fit
   * @example const distance = subtract().apply([encoder.apply(first), encoder.apply(second)]);
   */
  apply(inputs: SymbolicTensor | readonly SymbolicTensor[]): AppliedTensor {
    return this.asLayer().apply(inputs);
  }

  /** Undefined until the model is built. @internal */
  protected get network(): Network | undefined {
    return this.#network;
  }

  /** The network. @throws StateError until the model is built @internal */
  protected builtNetwork(what: string): Network {
    if (!this.#network) {
      throw new StateError(
        `${what}: the model does not know the shape of its input yet. Give the first layer an inputShape, call build([null, …]), or fit it.`,
      );
    }
    return this.#network;
  }

  /**
   * Takes a network and its layers' weights, and makes missing ones.
   *
   * @throws ShapeError when weights would need another shape, StateError when they are another engine's
   *
   * @internal
   */
  protected setNetwork(network: Network): void {
    takeWeights(network, this.variables, this.random);
    this.#network = network;
  }

  /** The engine that computes. */
  protected get engine(): Engine {
    return this.variables.engine;
  }

  /** True if training changes any weight. Setting it sets it for every layer, from the next `compile` on. */
  get trainable(): boolean {
    return this.freezing.whole;
  }
  set trainable(value: boolean) {
    this.freezing.whole = checkOption(this.name, "trainable", value, flag);
    for (const layer of this.#layer ? [...this.layers, this.#layer] : this.layers) layer.trainable = value;
  }

  /** Every input: its name, its batch-first shape, and the number of ids if it takes ids. */
  get inputPorts(): readonly NetworkInput[] {
    return this.builtNetwork("inputPorts").inputs;
  }

  /** The state of the random source of first weights and default seeds; assigning it continues from there. */
  get randomState(): readonly number[] {
    return this.random.state;
  }
  set randomState(state: readonly number[]) {
    this.random.state = state;
  }

  /**
   * Does work of several calls without others between them: calls of a model, and of others with the same weights, wait for one another. For tools
   * such as `decoder`.
   *
   * @param work may wait only for calls to which it gives its turn; waiting for another call never ends
   * @internal
   */
  inTurn<Result>(work: (turn: Turn) => Promise<Result>): Promise<Result> {
    const { calls } = this;
    return calls.run(() => work(calls));
  }

  /** The queue of calls of all models on this device. @internal */
  protected get calls(): CallQueue {
    return workOf(this.variables.store.device).calls;
  }

  /**
   * Does the work of a call that is not in the queue from its beginning, since its data come first: nobody may set the numbers until it
   * ends, or calls `release`.
   *
   * @internal
   */
  protected async holding<Result>(work: (release: () => void) => Promise<Result>): Promise<Result> {
    let held = true;
    this.variables.store.hold(1);
    const release = () => {
      if (held) this.variables.store.hold(-1);
      held = false;
    };
    try {
      return await work(release);
    } finally {
      release();
    }
  }

  /** The network, to change its numbers at once. @throws StateError while a call that was made before runs or waits @internal */
  protected idleNetwork(what: string): Network {
    if (!this.variables.store.isInUse) return this.builtNetwork(what);
    throw new StateError(
      `${what}: a call of "${this.name}", or of a model that shares its weights, has not ended; await it before ${what}.`,
    );
  }

  /** Batch-first shape of the first input; null for an axis of any size. */
  get inputShape(): PartialShape {
    return this.builtNetwork("inputShape").inputs[0]!.shape;
  }

  /** Batch-first shape of the first output. */
  get outputShape(): PartialShape {
    return this.builtNetwork("outputShape").outputs[0]!.shape;
  }

  /** Names of the inputs, for data by name. */
  get inputNames(): readonly string[] {
    return this.builtNetwork("inputNames").inputs.map(({ name }) => name);
  }

  /** Names of the outputs, for targets by name and in logs. */
  get outputNames(): readonly string[] {
    return this.builtNetwork("outputNames").outputs.map(({ name }) => name);
  }

  /** The layer of a name. @throws ConfigError with the names of all layers */
  getLayer(name: string): Layer {
    expectText("getLayer: name", name);
    const layer = this.layers.find((candidate) => candidate.name === name);
    if (layer) return layer;
    throw new ConfigError(
      `getLayer: there is no "${name}"; the layers are ${this.layers.map((other) => other.name).join(", ")}.`,
    );
  }

  /** Number of weights. */
  countParams(): number {
    return countWeights(this.builtNetwork("countParams").parameters);
  }

  /** "simple_rnn/kernel", … in the order of `getWeights`. */
  get weightNames(): readonly string[] {
    return this.builtNetwork("weightNames").parameters.map(({ id }) => id);
  }

  /** A copy of every weight, layer by layer, in Keras's order. */
  getWeights(): Tensor[] {
    return readWeights(this.builtNetwork("getWeights"), this.variables);
  }

  /** Replaces every weight. @throws ShapeError naming the weight that does not fit; StateError while a call that was made before runs or waits */
  setWeights(weights: readonly TensorLike[]): void {
    writeWeights(this.idleNetwork("setWeights"), this.variables, weights);
  }

  /**
   * Prints and returns the table of layers, shapes and parameters, as Keras 3 draws it; after training with the number of the optimizer's values.
   *
   * @throws ConfigError when the columns do not fit into `lineLength`
   * @example model.summary({ style: "keras2", print: (text) => output.append(text) });
   */
  summary(options: SummaryOptions = {}): string {
    checkOptions("summary", options, summaryOptions);
    const parameters = this.#network?.parameters ?? [];
    const trainable = countWeights(trainableNowOf({ parameters }));
    const optimizer = this.optimizerState()?.slots.reduce((count, { values }) => count + values.data.length, 2);
    const totals = { trainable, nonTrainable: countWeights(parameters) - trainable, optimizer };
    const text = formatSummary(this.name, this.summaryRows(), totals, options);
    const { print = (line: string) => (globalThis as { console?: { log(text: string): void } }).console?.log(line) } =
      options;
    if (print) print(text);
    return text;
  }
}
