/** Sequential models: a stack of layers. */
import { ConfigError, ShapeError, StateError } from "../errors.js";
import type { Network } from "../execution/network.js";
import type { Prediction } from "../execution/predict-batches.js";
import { type Layer, type LayerLike, layerOf, originalOf, warn } from "../layers/index.js";
import { anObject, checkOption, checkOptions, expecting } from "../options/index.js";
import { shapeOfFirst } from "../tensor/read-nested.js";
import { type PartialShape, sameShape } from "../tensor/shape.js";
import type { Batches } from "./batches.js";
import { buildNetwork, countWeights, fitsInput } from "./build-network.js";
import { chainOf } from "./chain.js";
import { compileConfig, type SequentialConfig } from "./config.js";
import { type CustomObjects, compileOptions } from "./custom-objects.js";
import { type DataLike, tensorsByName } from "./data-by-port.js";
import { layerConfigs, layersFromConfigs } from "./layer-configs.js";
import { nameLayer } from "./layer-names.js";
import { Model } from "./model.js";
import { sequentialLayer } from "./model-layer.js";
import type { ModelOptions, PredictOptions } from "./model-options.js";
import { checkCustomObjects, modelOptions } from "./option-checks.js";
import { noExamples } from "./prepare-data.js";
import { rowsInside } from "./rows-inside.js";
import type { SummaryRow } from "./summary.js";

const aList = expecting("a list of layers: sequential([dense(2), …])", Array.isArray);
const wholeShape = expecting(
  "a list of sizes, the batch's first, null for an axis of any size: [null, 500]",
  (shape) =>
    Array.isArray(shape) &&
    shape.length > 0 &&
    shape.every((size) => size === null || (Number.isSafeInteger(size) && (size as number) >= 0)),
);

/** Methods that read only one output of the model. */
const singleOutputMethods: ReadonlySet<string> = new Set(["fit", "evaluate", "trainOnBatch", "testOnBatch"]);

/** A stack of layers. Made by `sequential`. */
export class Sequential extends Model {
  readonly #layers: Layer[] = [];
  #warned = false;
  /** Shape of the input of the model as a layer. */
  #shapeInside: PartialShape | undefined;

  constructor(layers: readonly LayerLike[] = [], options: ModelOptions = {}) {
    checkOption("sequential", "layers", layers, aList);
    super({ ...checkOptions("sequential", options, modelOptions), name: options.name ?? "sequential" });
    for (const layer of layers) this.#append(layer);
    this.#buildFromFirst();
  }

  /** Appends a layer or a model. @throws StateError once the model is compiled; ConfigError for a name that another layer of the model has */
  add(layer: LayerLike): this {
    if (this.compiled) throw new StateError("add: the model is compiled already; add layers before compile.");
    this.#append(layer);
    this.#buildFromFirst();
    return this;
  }

  #append(given: LayerLike): void {
    const layer = layerOf("sequential", given);
    this.forgetLayer();
    const before = this.#layers.find((other) => originalOf(other) === originalOf(layer));
    this.#layers.push(before ?? nameLayer(layer, this.#layers));
  }

  override get layers(): readonly Layer[] {
    return this.#layers;
  }

  /**
   * Fixes the shape of the input, and makes the weights.
   *
   * @param inputShape with the batch axis: [null, 500]
   * @throws ShapeError when a layer does not fit; StateError when existing weights would need another shape
   */
  build(inputShape: PartialShape): this {
    checkOption("build", "inputShape", inputShape, wholeShape);
    this.setNetwork(this.#networkFor(inputShape));
    return this;
  }

  #networkFor(inputShape: PartialShape): Network {
    return buildNetwork(chainOf(this.#layers, inputShape), undefined, this.freezing);
  }

  #buildFromFirst(): void {
    const shape =
      this.network?.inputs[0]?.shape ?? (this.#layers[0]?.inputShape && [null, ...this.#layers[0].inputShape]);
    if (shape) this.build(shape);
  }

  /**
   * Unless the first layer was given its input's shape, sequences of any length pass through weights that do not depend on the length.
   *
   * @internal
   */
  protected override networkOf(what: string, x: DataLike, name = "x"): Network {
    const shape = this.#batchShapeOf(x, name);
    if (!this.network) this.build(shape);
    const network = this.builtNetwork(what);
    if (singleOutputMethods.has(what)) this.#warnOfOutputs(what);
    const expected = network.inputs[0]!.shape;
    if (this.#layers[0]!.inputShape || fitsInput(expected, shape as number[]) || expected.length !== shape.length)
      return network;
    try {
      const other = this.#networkFor(shape);
      const same = other.parameters.every((parameter, i) => sameShape(parameter.shape, network.parameters[i]!.shape));
      return same ? other : network;
    } catch (error) {
      if (error instanceof ShapeError) return network;
      throw error;
    }
  }

  /** See `Model.predict`. */
  override async predict(x: DataLike | Batches, options?: PredictOptions): Promise<Prediction> {
    const result = await super.predict(x, options);
    this.#warnOfOutputs("predict");
    return result;
  }

  /** Warns once that the first of a last layer's several outputs is used. */
  #warnOfOutputs(what: string): void {
    const [last, count] = [this.#layers.at(-1), this.network?.outputs.length ?? 1];
    if (this.#warned || !last || count === 1) return;
    this.#warned = true;
    warn(
      `${what}: the last layer, ${last.type} "${last.name}", gives ${count} outputs. Losses, metrics and predict use the first; predictAll and ` +
        "run give all. Make the layer without returnState where the others are not wanted.",
    );
  }

  /** The shape of data that has not been checked yet, for any number of examples. */
  #batchShapeOf(x: DataLike, name: string): PartialShape {
    const [given] = tensorsByName(x, [this.network?.inputs[0]?.name ?? "input_layer"], name);
    const shape = shapeOfFirst(given, name);
    if (shape[0] === 0) throw noExamples(name);
    return [null, ...shape.slice(1)];
  }

  /** @internal */
  protected override get targetNames(): readonly string[] {
    return [this.#layers.at(-1)?.name ?? "output"];
  }

  /** @internal */
  protected override summaryRows(): SummaryRow[] {
    return this.#layers.map((layer) => {
      const built = this.network?.layers.find((candidate) => candidate.layer === layer);
      return {
        name: layer.name!,
        type: layer.type,
        shapes: built?.outputShapes,
        parameters: countWeights(built?.parameters ?? []),
        trainable: layer.trainable,
        waits: !layer.ready,
        ...rowsInside(layer, this.network),
      };
    });
  }

  /** @internal */
  protected override makeLayer(): Layer {
    const name = this.name === "sequential" ? undefined : this.name;
    return sequentialLayer(name, [...this.#layers], this.network?.inputs[0]?.shape, (shape) => {
      this.#shapeInside = shape;
    });
  }

  /** A model that was built inside another only is built by itself, too, when it is first asked. @internal */
  protected override builtNetwork(what: string): Network {
    if (!this.network && this.#shapeInside) this.build(this.#shapeInside);
    return super.builtNetwork(what);
  }

  /** Plain data from which `sequentialFromConfig` makes the model again, without its weights. */
  override toConfig(): SequentialConfig {
    return {
      type: "Sequential",
      name: this.name,
      ...(this.network ? { inputShape: [...this.inputShape] } : {}),
      ...(this.trainable ? {} : { trainable: false }),
      layers: layerConfigs(this.#layers),
      ...(this.compiled ? { compile: compileConfig(this.compiled, 1) } : {}),
    };
  }
}

/**
 * A model that is a stack of layers.
 *
 * @example
 * const model = sequential([embedding(10_000, 32, { maskZero: true }), simpleRNN(32), dense(1, { activation: "sigmoid" })]);
 */
export function sequential(layers: readonly LayerLike[] = [], options: ModelOptions = {}): Sequential {
  return new Sequential(layers, options);
}

/**
 * The model that a config describes, built and compiled if the config says so; its weights are new.
 *
 * @param custom your cells, layers, losses and metrics that the config names
 */
export function sequentialFromConfig(
  config: SequentialConfig,
  options: ModelOptions = {},
  custom: CustomObjects = {},
): Sequential {
  checkOptions("sequentialFromConfig", options, modelOptions);
  checkCustomObjects("sequentialFromConfig", custom);
  checkOption("sequentialFromConfig", "config", config, anObject);
  if (config.type !== "Sequential")
    throw new ConfigError(`sequentialFromConfig: expected type "Sequential", received "${config.type}".`);
  const model = new Sequential(layersFromConfigs(config.layers, custom), { name: config.name, ...options });
  if (config.trainable === false) model.trainable = false;
  if (config.inputShape) model.build(config.inputShape);
  if (config.compile) model.compile(compileOptions(config.compile, custom));
  return model;
}
