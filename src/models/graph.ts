/**
 * Graph of layers between a model's inputs and outputs, in an order in which it can be computed, and its layers in
 * Keras's order (by their distance from the outputs), in which weights are listed.
 */
import { ConfigError } from "../errors.js";
import { countedName } from "../execution/counted-name.js";
import {
  isSymbolicTensor,
  type Layer,
  type LayerCall,
  oneTensor,
  originalOf,
  type SymbolicTensor,
} from "../layers/index.js";
import { formatValue } from "../options/index.js";
import { nameLayer } from "./layer-names.js";

/** One tensor, a list of them, or a record by name. */
export type SymbolicTensors = SymbolicTensor | readonly SymbolicTensor[] | Readonly<Record<string, SymbolicTensor>>;

/** An input or output of a model, and its name in data and logs. */
export interface Port {
  readonly name: string;
  readonly tensor: SymbolicTensor;
}

/** A model without shapes and numbers. */
export interface ModelGraph {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** Every use of a layer, each after its inputs. */
  readonly calls: readonly LayerCall[];
  /** Inputs and layers in Keras's order; each layer once, as `originalOf` gives it. */
  readonly parts: readonly (SymbolicTensor | Layer)[];
  /** The layers under their names in the model, by `originalOf`. */
  readonly names: ReadonlyMap<Layer, Layer>;
}

/**
 * The graph between inputs and outputs. Inputs may lie in the middle of a larger graph, which is then cut there.
 *
 * @param known names that layers already have
 * @throws ConfigError when an output depends on an input that is not given, no output depends on an input, or a name is given twice
 */
export function graphOf(
  given: { readonly inputs: SymbolicTensors; readonly outputs: SymbolicTensors },
  known?: ReadonlyMap<Layer, Layer>,
): ModelGraph {
  const inputs = tensorsOf("inputs", given?.inputs);
  const outputs = tensorsOf("outputs", given?.outputs);
  const cut = inputs.map(({ tensor }) => tensor);
  const { calls, order } = walk(
    cut,
    outputs.map(({ tensor }) => tensor),
  );
  const unused = inputs.find(({ tensor }) => !order.includes(tensor));
  if (unused) {
    throw new ConfigError(
      `functional: no output depends on the input "${unused.key ?? unused.tensor.name ?? inputs.indexOf(unused)}"; leave it out, or apply a layer to it.`,
    );
  }
  const stranger = known && calls.find(({ layer }) => !known.has(originalOf(layer)));
  if (stranger) {
    throw new ConfigError(`part: an output depends on a ${stranger.layer.type} layer that the model does not have.`);
  }
  const names = known ?? nameLayers(calls);
  return {
    inputs: nameInputs(inputs, names),
    outputs: nameOutputs(outputs, names),
    calls,
    parts: byDepth(calls, order),
    names,
  };
}

interface Keyed {
  readonly key?: string;
  readonly tensor: SymbolicTensor;
}

function tensorsOf(what: string, given: SymbolicTensors): Keyed[] {
  const list: Keyed[] = isSymbolicTensor(given)
    ? [{ tensor: given }]
    : Array.isArray(given)
      ? given.map((tensor) => ({ tensor }))
      : Object.entries((given ?? {}) as Record<string, SymbolicTensor>).map(([key, tensor]) => ({ key, tensor }));
  const wrong = list.find(({ tensor }) => !isSymbolicTensor(tensor));
  if (list.length === 0 || wrong) {
    const received = formatValue(wrong && (wrong.key === undefined ? wrong.tensor : { [wrong.key]: wrong.tensor }));
    throw new ConfigError(
      `functional: ${what} must be a result of input(…) or of a layer's apply: one, a list of them, or a record by name; received ${wrong ? received : "none"}. ` +
        `Give them as functional({ inputs: x, outputs: dense(2).apply(x) }).`,
    );
  }
  return list.map(({ tensor, ...key }) => ({ ...key, tensor: oneTensor(tensor, `functional: one of the ${what}`) }));
}

/** Depth first from the outputs, as Keras does: calls in an order of computing, and inputs and layers in the order in which they were first met. */
function walk(cut: readonly SymbolicTensor[], outputs: readonly SymbolicTensor[]) {
  const calls: LayerCall[] = [];
  const order = new Set<SymbolicTensor | Layer>();
  const seen = new Set<LayerCall>();
  // A stack of the remaining work: graphs may be deeper than recursion allows.
  const left: ({ readonly tensor: SymbolicTensor } | { readonly done: LayerCall })[] = [];
  const visitAll = (tensors: readonly SymbolicTensor[]) =>
    left.push(...tensors.toReversed().map((tensor) => ({ tensor })));
  const visit = (tensor: SymbolicTensor): void => {
    if (cut.includes(tensor)) {
      order.add(tensor);
      return;
    }
    const { call } = tensor;
    if (!call) {
      throw new ConfigError(
        `functional: the outputs depend on ${tensor.name === undefined ? "an input" : `the input "${tensor.name}"`} that is not among the inputs; add it to inputs.`,
      );
    }
    if (seen.has(call)) return;
    seen.add(call);
    order.add(originalOf(call.layer));
    left.push({ done: call });
    visitAll(call.inputs);
  };
  visitAll(outputs);
  for (let next = left.pop(); next; next = left.pop()) {
    if ("done" in next) calls.push(next.done);
    else visit(next.tensor);
  }
  return { calls, order: [...order] };
}

/** Farthest from the outputs first; at equal distance in the order in which they were met. */
function byDepth(calls: readonly LayerCall[], order: readonly (SymbolicTensor | Layer)[]) {
  const ofCall = new Map<LayerCall, number>();
  const ofPart = new Map<SymbolicTensor | Layer, number>();
  const deepen = <Key>(depths: Map<Key, number>, key: Key, depth: number) => {
    depths.set(key, Math.max(depth, depths.get(key) ?? 0));
  };
  for (const call of calls.toReversed()) {
    const layer = originalOf(call.layer);
    deepen(ofCall, call, ofPart.get(layer) ?? 0);
    const depth = ofCall.get(call)!;
    deepen(ofPart, layer, depth);
    for (const tensor of call.inputs) {
      if (order.includes(tensor)) deepen(ofPart, tensor, depth + 1);
      else deepen(ofCall, tensor.call!, depth + 1);
    }
  }
  return order.toSorted((a, b) => (ofPart.get(b) ?? 0) - (ofPart.get(a) ?? 0));
}

/** Names count up in the order in which layers were first applied. */
function nameLayers(calls: readonly LayerCall[]): ReadonlyMap<Layer, Layer> {
  const names = new Map<Layer, Layer>();
  for (const { layer } of calls.toSorted((a, b) => a.outputs[0]!.id - b.outputs[0]!.id)) {
    const original = originalOf(layer);
    if (!names.has(original)) names.set(original, nameLayer(layer, [...names.values()]));
  }
  return names;
}

function nameInputs(inputs: readonly Keyed[], names: ReadonlyMap<Layer, Layer>): Port[] {
  const ports = new Map<Keyed, Port>();
  const taken = new Set<string>();
  for (const input of inputs.toSorted((a, b) => a.tensor.id - b.tensor.id)) {
    const { key, tensor } = input;
    if (key !== undefined && tensor.name !== undefined && key !== tensor.name) {
      throw new ConfigError(`functional: the input "${tensor.name}" is given as "${key}"; give it one name.`);
    }
    const given = key ?? tensor.name;
    if (given !== undefined && taken.has(given)) {
      throw new ConfigError(`functional: two inputs are called "${given}"; give each a different name.`);
    }
    const name =
      given ?? countedName(tensor.call ? names.get(originalOf(tensor.call.layer))!.name! : "input_layer", taken);
    taken.add(name);
    ports.set(input, { name, tensor });
  }
  return inputs.map((input) => ports.get(input)!);
}

/** The name of an output is its key, or that of the layer that makes it. */
function nameOutputs(outputs: readonly Keyed[], names: ReadonlyMap<Layer, Layer>): Port[] {
  const taken = new Set<string>();
  return outputs.map(({ key, tensor }) => {
    const name =
      key ??
      countedName(tensor.call ? names.get(originalOf(tensor.call.layer))!.name! : (tensor.name ?? "input"), taken);
    taken.add(name);
    return { name, tensor };
  });
}
