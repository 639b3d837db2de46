/** The sequential model: a stack of layers. */
import { ConfigError, StateError } from "../errors.js";
import { type Layer, layerFromConfig } from "../layers/index.js";
import type { PartialShape } from "../tensor/shape.js";
import { type CompileConfig, compileConfig, type SequentialConfig } from "./config.js";
import { nameLayer } from "./layer-names.js";
import { Model } from "./model.js";
import type { ModelOptions } from "./model-options.js";
import { buildNetwork, countWeights, type Network } from "./network.js";
import { formatSummary, type SummaryOptions } from "./summary.js";

/** A stack of layers. Made by `sequential`. */
export class Sequential extends Model {
  readonly #layers: Layer[] = [];
  /** The layers as they were given, before they had a name. */
  readonly #given = new Set<Layer>();

  constructor(layers: readonly Layer[] = [], options: ModelOptions = {}) {
    super({ ...options, name: options.name ?? "sequential" });
    for (const layer of layers) this.#append(layer);
    this.#buildFromFirst();
  }

  /** Appends a layer. @throws StateError once the model is compiled; ConfigError for a name or a layer that the model has already */
  add(layer: Layer): this {
    if (this.compiled) throw new StateError("add: the model is compiled already; add layers before compile.");
    this.#append(layer);
    this.#buildFromFirst();
    return this;
  }

  #append(layer: Layer): void {
    const named = nameLayer(layer, this.#layers);
    if (this.#given.has(layer)) {
      throw new ConfigError(
        `sequential: one and the same ${layer.type} layer is given twice, and a model does not share weights between places. ` +
          "Make two layers.",
      );
    }
    this.#given.add(layer);
    this.#layers.push(named);
  }

  /** The layers, with their names. */
  get layers(): readonly Layer[] {
    return this.#layers;
  }

  /** The layer of a name. @throws ConfigError naming the layers there are */
  getLayer(name: string): Layer {
    const layer = this.#layers.find((candidate) => candidate.name === name);
    if (!layer)
      throw new ConfigError(
        `getLayer: there is no "${name}"; the layers are ${this.#layers.map((l) => l.name).join(", ")}.`,
      );
    return layer;
  }

  protected override networkFor(inputShape: PartialShape): Network {
    return buildNetwork(this.#layers, inputShape);
  }

  #buildFromFirst(): void {
    const shape = this.network?.inputShape ?? (this.#layers[0]?.inputShape && [null, ...this.#layers[0].inputShape]);
    if (shape) this.build(shape);
  }

  /**
   * Prints and returns the table of layers, shapes and parameters, as Keras 3 draws it; after training it counts the optimizer's numbers.
   *
   * @throws ConfigError when the columns do not fit into `lineLength`
   * @example model.summary({ style: "keras2", print: (text) => output.append(text) });
   */
  summary(options: SummaryOptions = {}): string {
    const network = this.network;
    const rows = this.#layers.map((layer, i) => ({
      name: layer.name!,
      type: layer.type,
      shapes: network?.layers[i]?.outputShapes,
      parameters: countWeights(network?.layers[i]?.parameters ?? []),
      trainable: layer.trainable,
      waits: !["Masking", "Dropout", "Activation"].includes(layer.type),
    }));
    const trainable = countWeights(network?.parameters.filter((parameter) => parameter.trainable) ?? []);
    const slots = this.optimizerState()?.slots.reduce((count, { values }) => count + values.data.length, 2);
    const totals = { trainable, nonTrainable: countWeights(network?.parameters ?? []) - trainable, optimizer: slots };
    const text = formatSummary(this.name, rows, totals, options);
    const { print = (line: string) => (globalThis as { console?: { log(text: string): void } }).console?.log(line) } =
      options;
    if (print) print(text);
    return text;
  }

  /** Plain data from which `sequentialFromConfig` makes the model again, without its weights. */
  toConfig(): SequentialConfig {
    return {
      type: "Sequential",
      name: this.name,
      ...(this.network ? { inputShape: [...this.network.inputShape] } : {}),
      layers: this.#layers.map(({ config }) => config),
      ...(this.compiled ? { compile: compileConfig(this.compiled) } : {}),
    };
  }
}

/**
 * A model that is a stack of layers.
 *
 * @example
 * const model = sequential([embedding(10_000, 32, { maskZero: true }), simpleRNN(32), dense(1, { activation: "sigmoid" })]);
 */
export function sequential(layers: readonly Layer[] = [], options: ModelOptions = {}): Sequential {
  return new Sequential(layers, options);
}

/** The model that a config describes, built and compiled if the config says so; its weights are new. */
export function sequentialFromConfig(config: SequentialConfig, options: ModelOptions = {}): Sequential {
  if (config.type !== "Sequential")
    throw new ConfigError(`sequentialFromConfig: expected type "Sequential", received "${config.type}".`);
  const model = new Sequential(config.layers.map(layerFromConfig), { name: config.name, ...options });
  if (config.inputShape) model.build(config.inputShape);
  if (config.compile) model.compile(config.compile as CompileConfig);
  return model;
}
