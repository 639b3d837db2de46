/** A model as numbers: its network, once the shapes are known, its weights, and the table of both. */
import type { Engine } from "../engines/engine.js";
import { defaultEngine } from "../engines/index.js";
import { ConfigError, StateError } from "../errors.js";
import type { Layer } from "../layers/index.js";
import { Random } from "../tensor/random.js";
import { formatShape, type PartialShape, sameShape } from "../tensor/shape.js";
import type { Tensor, TensorLike } from "../tensor/tensor.js";
import type { ModelConfig } from "./config.js";
import type { ModelOptions } from "./model-options.js";
import { countWeights, type Network, trainedOf } from "./network.js";
import type { OptimizerState } from "./optimizer-state.js";
import { formatSummary, type SummaryOptions, type SummaryRow } from "./summary.js";
import { Variables } from "./variables.js";
import { readWeights, writeWeights } from "./weights.js";

/** A network and its weights. Every model is one. */
export abstract class NetworkModel {
  readonly name: string;
  protected readonly engine: Engine;
  protected readonly random: Random;
  protected readonly variables: Variables;
  #network: Network | undefined;

  /** @param variables weights that are there already, of another model */
  constructor({ name, seed, engine = defaultEngine }: ModelOptions & { readonly name: string }, variables?: Variables) {
    this.name = name;
    this.engine = engine;
    this.variables = variables ?? new Variables(engine);
    this.random = new Random(seed ?? Math.floor(Math.random() * 2 ** 32));
  }

  /** The layers, with their names. */
  abstract get layers(): readonly Layer[];

  /** Plain data from which `modelFromConfig` makes the model again, without its weights. */
  abstract toConfig(): ModelConfig;

  /** What the table shows. */
  protected abstract summaryRows(): readonly SummaryRow[];

  /** The optimizer's memory; undefined before the first training step. */
  abstract optimizerState(): OptimizerState | undefined;

  /** Undefined until the model is built. */
  protected get network(): Network | undefined {
    return this.#network;
  }

  /** The network. @throws StateError until the model is built */
  protected builtNetwork(what: string): Network {
    if (!this.#network) {
      throw new StateError(
        `${what}: the model does not know the shape of its input yet. Give the first layer an inputShape, call build([null, …]), or fit it.`,
      );
    }
    return this.#network;
  }

  /** Takes a network, and makes the weights that are not there yet. @throws StateError when weights would need another shape */
  protected setNetwork(network: Network): void {
    for (const { id, shape } of network.parameters) {
      if (!this.variables.has(id) || sameShape(this.variables.shape(id), shape)) continue;
      const shapes = network.inputs.map((input) => formatShape(input.shape)).join(", ");
      throw new StateError(
        `build: the weight ${id} is ${formatShape(this.variables.shape(id))} and would have to be ${formatShape(shape)} ` +
          `for inputs of ${shapes}. Make a new model, or build for ${formatShape(this.inputShape)}.`,
      );
    }
    for (const { id, shape, initializer } of network.parameters) {
      if (!this.variables.has(id)) this.variables.create(id, shape, initializer.values(shape, this.random));
    }
    this.#network = network;
  }

  /** Batch-first shape of the first input; null for an axis of any size. */
  get inputShape(): PartialShape {
    return this.builtNetwork("inputShape").inputs[0]!.shape;
  }

  /** Batch-first shape of the first output. */
  get outputShape(): PartialShape {
    return this.builtNetwork("outputShape").outputs[0]!.shape;
  }

  /** Names of the inputs, as data given by name calls them. */
  get inputNames(): readonly string[] {
    return this.builtNetwork("inputNames").inputs.map(({ name }) => name);
  }

  /** Names of the outputs, as targets given by name and logs call them. */
  get outputNames(): readonly string[] {
    return this.builtNetwork("outputNames").outputs.map(({ name }) => name);
  }

  /** The layer of a name. @throws ConfigError naming the layers there are */
  getLayer(name: string): Layer {
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

  /** Replaces every weight. @throws ShapeError naming the weight that does not fit */
  setWeights(weights: readonly TensorLike[]): void {
    writeWeights(this.builtNetwork("setWeights"), this.variables, weights);
  }

  /**
   * Prints and returns the table of layers, shapes and parameters, as Keras 3 draws it; after training it counts the optimizer's numbers.
   *
   * @throws ConfigError when the columns do not fit into `lineLength`
   * @example model.summary({ style: "keras2", print: (text) => output.append(text) });
   */
  summary(options: SummaryOptions = {}): string {
    const parameters = this.#network?.parameters ?? [];
    const trainable = countWeights(trainedOf({ parameters }));
    const optimizer = this.optimizerState()?.slots.reduce((count, { values }) => count + values.data.length, 2);
    const totals = { trainable, nonTrainable: countWeights(parameters) - trainable, optimizer };
    const text = formatSummary(this.name, this.summaryRows(), totals, options);
    const { print = (line: string) => (globalThis as { console?: { log(text: string): void } }).console?.log(line) } =
      options;
    if (print) print(text);
    return text;
  }
}
