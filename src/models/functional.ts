/** Functional models: any graph of layers, with several inputs and outputs and shared layers. */
import { ConfigError } from "../errors.js";
import type { Network } from "../execution/network.js";
import { type Layer, type LayerCall, originalOf, type SymbolicTensor } from "../layers/index.js";
import { anObject, checkOption, checkOptions, expecting, nameText, type OptionChecks } from "../options/index.js";
import { buildNetwork, countWeights } from "./build-network.js";
import type { FunctionalConfig } from "./config.js";
import { type CustomObjects, compileOptions } from "./custom-objects.js";
import { functionalConfig } from "./functional-config.js";
import { graphOf, type ModelGraph, type SymbolicTensors } from "./graph.js";
import { graphFromConfig } from "./layer-configs.js";
import { Model } from "./model.js";
import { functionalLayer } from "./model-layer.js";
import type { ModelOptions } from "./model-options.js";
import { checkCustomObjects, modelOptions } from "./option-checks.js";
import { rowsInside } from "./rows-inside.js";
import type { SummaryRow } from "./summary.js";

/** Inputs and outputs of a model. */
export interface ModelEndpoints {
  /** Results of `input`: one, a list, or a record by name. */
  readonly inputs: SymbolicTensors;
  /** Results of layers' `apply`: one, a list, or a record by name. */
  readonly outputs: SymbolicTensors;
  /** Default "functional". */
  readonly name?: string;
}

const modelEndpoints: OptionChecks<ModelEndpoints> = {
  inputs: expecting("the result of input(…), a list or a record of them", (value) => anObject(value) === undefined),
  outputs: expecting("the output of a layer, a list or a record of them", (value) => anObject(value) === undefined),
  name: nameText,
};

/** A graph of layers. Made by `model`. */
export class Functional extends Model {
  readonly #graph: ModelGraph;

  /** @internal */
  constructor(graph: ModelGraph, options: ModelOptions) {
    super({ ...checkOptions("functional", options, modelOptions), name: options.name ?? "functional" });
    this.#graph = graph;
    this.setNetwork(buildNetwork(graph, undefined, this.freezing));
  }

  override get layers(): readonly Layer[] {
    return this.builtNetwork("layers").layers.map(({ layer }) => layer);
  }

  /** The symbolic inputs, in order. */
  get inputs(): readonly SymbolicTensor[] {
    return this.#graph.inputs.map(({ tensor }) => tensor);
  }

  /** The symbolic outputs, in order. */
  get outputs(): readonly SymbolicTensor[] {
    return this.#graph.outputs.map(({ tensor }) => tensor);
  }

  /** @internal */
  protected override networkOf(what: string): Network {
    return this.builtNetwork(what);
  }

  /** @internal */
  protected override get targetNames(): readonly string[] {
    return this.outputNames;
  }

  /**
   * A model between other tensors of the same graph, over the same weights, so training either changes both. An encoder and one
   * step of a decoder come from the definition that is trained. Inputs may be values inside the graph, which is then cut there.
   *
   * @throws ConfigError when an output depends on a tensor that is not among the inputs, or on a layer that this model does not have
   * @example const encoder = whole.part({ inputs: source, outputs: [memory, h, c] });
   */
  part(endpoints: ModelEndpoints): Functional {
    checkOptions("part", endpoints, modelEndpoints, ["inputs", "outputs"]);
    const graph = graphOf(endpoints, this.#graph.names);
    const options = { name: endpoints.name ?? `${this.name}_part`, engine: this.engine };
    return new Functional(graph, options);
  }

  /** @internal */
  protected override summaryRows(): SummaryRow[] {
    const { layers } = this.builtNetwork("summary");
    const connections = connectionsOf(this.#graph);
    return this.#graph.parts.map((part) => {
      const built = layers.find(({ layer }) => layer === this.#graph.names.get(part as Layer));
      const row = { waits: false, connections: connections?.(part) };
      if (built) {
        const { name, type, trainable } = built.layer;
        const parameters = countWeights(built.parameters);
        return {
          ...row,
          name: name!,
          type,
          shapes: built.outputShapes,
          parameters,
          trainable,
          ...rowsInside(built.layer, this.network),
        };
      }
      const { name, tensor } = this.#graph.inputs.find(({ tensor }) => tensor === part)!;
      return { ...row, name, type: "InputLayer", shapes: [tensor.shape], parameters: 0, trainable: false };
    });
  }

  /** @internal */
  protected override makeLayer(): Layer {
    return functionalLayer(this.name === "functional" ? undefined : this.name, this.#graph);
  }

  /** Plain data from which `functionalFromConfig` makes the model again, without its weights. */
  override toConfig(): FunctionalConfig {
    return {
      ...functionalConfig(this.name, this.#graph, this.compiled),
      ...(this.trainable ? {} : { trainable: false }),
    };
  }
}

/** Inputs of each layer, "lstm[0][1], lstm[0][2]": layer, index of its use, index of its output. Undefined for a chain. */
function connectionsOf({
  inputs,
  calls,
  parts,
  names,
}: ModelGraph): ((part: SymbolicTensor | Layer) => string) | undefined {
  const chain = calls.every(
    (call, i) => call.inputs.length === 1 && (i === 0 || call.inputs[0]!.call === calls[i - 1]),
  );
  if (chain && inputs.length === 1 && parts.length === calls.length + 1) return undefined;
  const text = (tensor: SymbolicTensor) => {
    const given = inputs.find((input) => input.tensor === tensor);
    if (given) return `${given.name}[0][0]`;
    const { layer } = tensor.call!;
    return `${names.get(originalOf(layer))!.name}[${usesOf(layer, calls).indexOf(tensor.call!)}][${tensor.index}]`;
  };
  return (part) => {
    const read = usesOf(part as Layer, calls).flatMap((call) => call.inputs.map(text));
    return read.length === 0 ? "-" : read.join(", ");
  };
}

/** Every use of a layer, in the order in which it was applied. */
export function usesOf(layer: Layer, calls: readonly LayerCall[]): LayerCall[] {
  return calls
    .filter((call) => originalOf(call.layer) === originalOf(layer))
    .sort((a, b) => a.outputs[0]!.id - b.outputs[0]!.id);
}

/**
 * A model over any graph of layers: several inputs and outputs, layers that are applied more than once, states that go from an encoder to a
 * decoder.
 *
 * @throws ConfigError when an output depends on an input that is not given, or a given input is not used
 * @example
 * const words = input({ shape: [null], name: "words" });
 * const [last, state] = gru(32, { returnState: true }).apply(embedding(10_000, 32).apply(words));
 * const tagger = functional({ inputs: words, outputs: { topic: dense(8).apply(last), mood: dense(2).apply(state!) } });
 */
export function functional(endpoints: ModelEndpoints, options: Omit<ModelOptions, "name"> = {}): Functional {
  checkOptions("functional", endpoints, modelEndpoints, ["inputs", "outputs"]);
  checkOptions("functional", options, modelOptions);
  return new Functional(graphOf(endpoints), {
    ...options,
    ...(endpoints.name === undefined ? {} : { name: endpoints.name }),
  });
}

/** Another name of {@link functional}. */
export const model = functional;

/**
 * The model that a config describes, compiled if the config says so; its weights are new.
 *
 * @param custom your cells, layers, losses and metrics that the config names
 */
export function functionalFromConfig(
  config: FunctionalConfig,
  options: ModelOptions = {},
  custom: CustomObjects = {},
): Functional {
  checkOptions("functionalFromConfig", options, modelOptions);
  checkCustomObjects("functionalFromConfig", custom);
  checkOption("functionalFromConfig", "config", config, anObject);
  if (config.type !== "Functional") {
    throw new ConfigError(`functionalFromConfig: expected type "Functional", received "${config.type}".`);
  }
  const made = new Functional(graphFromConfig(config, custom), { name: config.name, ...options });
  if (config.trainable === false) made.trainable = false;
  return config.compile ? made.compile(compileOptions(config.compile, custom)) : made;
}
