/** Inference equations: predictions, losses and metrics of a batch, and counts of its losses. */
import type { Equations } from "../compiler/compile.js";
import { type Signal, swapFirstAxes } from "../layers/index.js";
import type { CarriedStates } from "./carried-states.js";
import type { CompiledModel } from "./compiled-model.js";
import { endpoints, inBatchOrder } from "./endpoints.js";
import { lossEquations } from "./loss-equations.js";
import { type Network, traceNetwork } from "./network.js";
import { penaltyOf } from "./penalties.js";
import { portName, type Signature } from "./ports.js";

/** Every output and the masks of those that have one, batch-first. */
export function predictEquations(network: Network, signature: Signature, carry?: CarriedStates): Equations {
  const { signals, seed, inputs } = endpoints(network, signature);
  const outputs = traceNetwork(network, signals, { training: false, seed, carry });
  return {
    name: "predict",
    inputs,
    outputs: Object.fromEntries(
      outputs.flatMap((signal, i) => [
        [portName("output", i), inBatchOrder(decoded(network, i, signal))],
        ...(signal.mask ? [[portName("outputMask", i), swapFirstAxes(signal.mask)]] : []),
      ]),
    ),
    updates: carry?.updates,
  };
}

/** The answer for users, of an output that was made for its loss. */
function decoded({ nodes, outputs }: Network, i: number, signal: Signal): Signal {
  const maker = nodes.find((node) => node.outputs.includes(outputs[i]!.value));
  return maker?.layer.layer.decode?.(signal) ?? signal;
}

/** Loss and metric totals in inference mode. */
export function testEquations(
  network: Network,
  compiled: CompiledModel,
  signature: Signature,
  carry?: CarriedStates,
): Equations {
  const { inputs, totals } = lossEquations(network, compiled, signature, { training: false, carry });
  return {
    name: "test step",
    inputs,
    outputs: { ...totals, ...penaltyOf(network.parameters) },
    updates: carry?.updates,
  };
}

/** The number of valid losses of each output in a batch: the shards of a model with several outputs must know this of one another. */
export function countEquations(
  network: Network,
  compiled: CompiledModel,
  signature: Signature,
  lossSteps?: number,
): Equations {
  const { inputs, totals } = lossEquations(network, compiled, signature, { training: false, lossSteps });
  const names = compiled.outputs.map((_, i) => portName("lossCount", i));
  return { name: "valid losses", inputs, outputs: Object.fromEntries(names.map((name) => [name, totals[name]!])) };
}
