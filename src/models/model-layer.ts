/**
 * Models as layers. A model inside another has the same weights there as by itself: they belong to its layers. Its layers are traced with those
 * around it, so that a program knows nothing of the nesting.
 */

import { ShapeError } from "../errors.js";
import { type BuiltLayer, type Network, shapesOfSignals, traceNetwork } from "../execution/network.js";
import { asLayersSay, type Parameter } from "../execution/network-weights.js";
import { defineLayer, type Layer, type ParameterSpec, type StateCarrier } from "../layers/index.js";
import { formatShape, type PartialShape } from "../tensor/shape.js";
import { buildNetwork, idLimitOf } from "./build-network.js";
import { chainOf } from "./chain.js";
import type { ModelGraph } from "./graph.js";
import { describeGraph } from "./graph-config.js";

/** A functional model as a layer. @param name the user's name of the model; undefined if it has none */
export function functionalLayer(name: string | undefined, graph: ModelGraph): Layer {
  const { inputs, parts, names } = graph;
  const shapes = inputs.map(({ tensor }) => tensor.shape);
  return modelLayer({
    type: "Functional",
    name,
    config: describeGraph(graph),
    layers: parts.flatMap((part) => names.get(part as Layer) ?? []),
    inputShape: shapes.length === 1 ? shapes[0]!.slice(1) : undefined,
    idLimits: shapes.map((_, i) => idLimitOf(graph, i)),
    graphFor(given) {
      given.forEach((shape, i) => {
        checkFits(`Functional${name === undefined ? "" : ` "${name}"`}: input "${inputs[i]!.name}"`, shapes[i]!, shape);
      });
      return graph;
    },
  });
}

/**
 * A sequential model as a layer.
 *
 * @param inputShape with the batch axis, of a model that is built
 * @param onUse receives the shapes of inputs, batch-first, that the layer meets
 */
export function sequentialLayer(
  name: string | undefined,
  layers: readonly Layer[],
  inputShape: PartialShape | undefined,
  onUse?: (shape: PartialShape) => void,
): Layer {
  const declared = layers[0]?.inputShape;
  return modelLayer({
    type: "Sequential",
    name,
    config: {},
    layers,
    inputShape: inputShape?.slice(1) ?? declared,
    idLimits: [layers[0]?.idLimit],
    graphFor([shape]) {
      if (declared)
        checkFits(`Sequential${name === undefined ? "" : ` "${name}"`}: its input`, [null, ...declared], shape!);
      const graph = chainOf(layers, shape!);
      onUse?.(shape!);
      return graph;
    },
  });
}

/** @throws ShapeError for an input that does not have the declared shape; null is any size */
function checkFits(owner: string, expected: PartialShape, given: PartialShape): void {
  const fits = (size: number | null, i: number) => size === null || given[i] === null || size === given[i];
  if (expected.length === given.length && expected.every(fits)) return;
  throw new ShapeError(`${owner} expects ${formatShape(expected)}, received ${formatShape(given)}.`);
}

/** A model, as far as a layer needs it. */
interface ModelForLayer {
  /** Keras's class name. */
  readonly type: "Functional" | "Sequential";
  readonly name: string | undefined;
  /** Its options in files, without its layers. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly layers: readonly Layer[];
  /** Shape of one example, if the model knows it and has one input. */
  readonly inputShape: PartialShape | undefined;
  /** For each input. */
  readonly idLimits: readonly (number | undefined)[];
  /** Its graph for inputs of these shapes, batch-first. */
  readonly graphFor: (shapes: readonly PartialShape[]) => ModelGraph;
}

function modelLayer(model: ModelForLayer): Layer {
  const { type, name, layers, inputShape, idLimits, graphFor, config } = model;
  const known = new Map<string, Network>();
  const networkFor = (shapes: readonly PartialShape[]): Network => {
    const key = shapes.map(formatShape).join(" ");
    const found = known.get(key) ?? buildNetwork(graphFor(shapes), shapes, asLayersSay);
    known.set(key, found);
    return found;
  };
  return defineLayer(
    type,
    { ...(name !== undefined && { name }), ...(inputShape && { inputShape }) },
    {
      config,
      wrapped: { layers },
      masking: "makes",
      inputCount: idLimits.length,
      idLimit: idLimits[0],
      idLimits,
      parameters: (...shapes) => specsOf(networkFor(shapes)),
      outputShapes: (...shapes) => networkFor(shapes).outputs.map(({ shape }) => shape) as never,
      inside(...shapes) {
        const { layers: built, nodes } = networkFor(shapes);
        return built.map((each) => ({
          ...each,
          inputShapes: nodes.findLast(({ layer }) => layer === each)!.inputShapes,
        }));
      },
      call(inputs, context) {
        const network = withNodes(networkFor(shapesOfSignals(inputs)), context.parameter);
        const { training, seed, truncation, nextStream, carry } = context;
        const carriers = carry && { carrier: (inner: string) => within(carry, inner) };
        return traceNetwork(network, inputs, { training, seed, truncation, nextStream, carry: carriers }) as never;
      },
    },
  );
}

/** The weights of a network as parameters of the layer around it. */
function specsOf({ layers, parameters }: Network): ParameterSpec[] {
  return parameters.map((parameter) => {
    const owner = layers.find((built) => built.parameters.some(({ id }) => id === parameter.id))!;
    const { initializer, regularizer, constraint, shape, id } = parameter;
    const spec = owner.parameters.find((each) => each.id === id)!;
    return {
      name: id,
      shape,
      initializer,
      ...(regularizer && { regularizer }),
      ...(constraint && { constraint }),
      inside: { layer: owner.layer, spec },
    };
  });
}

/** The network with the nodes of the model around it. */
function withNodes(network: Network, nodeOf: (id: string) => Parameter["node"]): Network {
  const built = new Map<BuiltLayer, BuiltLayer>();
  for (const layer of network.layers) {
    const parameters = layer.parameters.map((each) => ({ ...each, node: nodeOf(each.id) }));
    built.set(layer, { ...layer, parameters });
  }
  return { ...network, nodes: network.nodes.map((node) => ({ ...node, layer: built.get(node.layer)! })) };
}

/** The carrier of a layer inside, whose states have its name. */
function within(carry: StateCarrier, layer: string): StateCarrier {
  return {
    every: carry.every,
    before: (state, shape) => carry.before(`${layer}/${state}`, shape),
    after: (state, final) => carry.after(`${layer}/${state}`, final),
  };
}
