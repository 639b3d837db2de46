/** Endpoints of a network in a program: nodes for its inputs, and its outputs in the order of the data. */
import { input, type Node } from "../equations/index.js";
import { batchMajor, type Signal, swapFirstAxes } from "../layers/index.js";
import type { Network } from "./network.js";
import { portName, type Signature } from "./ports.js";

/** The input nodes of a program for data of these shapes, and the signals that the network reads. */
export function endpoints(network: Network, signature: Signature) {
  const seed = input(portName("seed"), [], "int");
  const inputs: Record<string, Node> = { [portName("seed")]: seed };
  const signals = network.inputs.map(({ idLimit }, i): Signal => {
    const node = input(portName("x", i), signature[portName("x", i)]!, idLimit === undefined ? "float" : "int");
    inputs[portName("x", i)] = node;
    const valid = signature[portName("mask", i)];
    if (!valid) return { node, timeMajor: false };
    const mask = input(portName("mask", i), valid);
    inputs[portName("mask", i)] = mask;
    return { node, timeMajor: false, mask: swapFirstAxes(mask) };
  });
  return { signals, seed, inputs };
}

/** The signal's value, batch-first. */
export function inBatchOrder(signal: Signal): Node {
  return signal.timeMajor ? batchMajor(signal) : signal.node;
}
