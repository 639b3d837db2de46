/** Graph of a functional model as plain data, without its layers. */
import { originalOf, type SymbolicTensor } from "../layers/index.js";
import type { FunctionalConfig, ValueConfig } from "./config.js";
import type { ModelGraph } from "./graph.js";

/** Inputs, outputs and uses of layers by name. */
export function describeGraph({
  inputs,
  outputs,
  calls,
  names,
}: ModelGraph): Pick<FunctionalConfig, "inputs" | "outputs" | "calls"> {
  const valueAt = (tensor: SymbolicTensor): ValueConfig => {
    const given = inputs.find((port) => port.tensor === tensor);
    if (given) return [given.name];
    const call = tensor.call!;
    const use = calls.filter(({ layer }) => originalOf(layer) === originalOf(call.layer)).indexOf(call);
    return [names.get(originalOf(call.layer))!.name!, use, tensor.index];
  };
  return {
    inputs: inputs.map(({ name, tensor }) => ({ name, shape: tensor.shape.slice(1) })),
    outputs: outputs.map(({ name, tensor }) => ({ name, value: valueAt(tensor) })),
    calls: calls.map(({ layer, inputs }) => ({
      layer: names.get(originalOf(layer))!.name!,
      inputs: inputs.map(valueAt),
    })),
  };
}
