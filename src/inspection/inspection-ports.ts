/** Ports of `inspect`: outputs of one program. Names of ports begin with the number of the recurrence. */
import {
  div,
  gradientsThroughTime,
  maximum,
  mul,
  type Node,
  reshape,
  type StepGradients,
  square,
  stacked,
  sum,
  transpose,
  where,
} from "../equations/index.js";
import type { LossTrace } from "../models/index.js";
import type { Recurrence } from "./recurrences.js";

type Ports = Record<string, Node>;

/** J, and the mean loss of each step. */
export function lossPorts({ loss, stepLosses, mask }: LossTrace): Ports {
  if (!stepLosses) return { loss };
  const total = sum(mask ? where(mask, stepLosses, 0) : stepLosses, [1]);
  return { loss, stepLosses: div(total, mask ? sum(mask, [1]) : stepLosses.shape[1]!) };
}

/** The outputs for every recurrence. @param terms whether whole gradients of weights are wanted for every step */
export function layerPorts({ loss, parameters }: LossTrace, recurrences: readonly Recurrence[], terms: boolean): Ports {
  const nodes = parameters.map(({ node }) => node);
  const { gradients, answers } = gradientsThroughTime(
    loss,
    nodes,
    recurrences.map(({ scan, states, weights }) => ({
      scan,
      values: states.flatMap(({ before, after, computed }) => [before, after, computed]),
      weights: weights.map(({ parameter }) => parameter.node),
    })),
  );
  const gradientOf = new Map(parameters.map(({ id }, i) => [id, gradients[i]!]));
  const ports: Ports = {};
  recurrences.forEach((recurrence, i) => {
    const outputs = {
      ...valuePorts(recurrence),
      ...statePorts(recurrence, answers[i]!),
      ...weightPorts(recurrence, answers[i]!, gradientOf, terms),
    };
    for (const [name, node] of Object.entries(outputs)) ports[`${i}/${name}`] = node;
  });
  return ports;
}

/** Values of the forward pass, batch-first. */
function valuePorts({ scan, states, gates, mask }: Recurrence): Ports {
  return {
    ...(mask ? { mask: transpose(mask) } : {}),
    ...Object.fromEntries(states.map(({ name, after }) => [`state/${name}`, batchFirst(stacked(scan, after))])),
    ...Object.fromEntries(gates.map(([name, node]) => [`gate/${name}`, batchFirst(stacked(scan, node))])),
  };
}

/** ∂J/∂state(t), and the square of the gradient that flows from each step to the one before it. */
function statePorts({ states, mask }: Recurrence, { values }: StepGradients): Ports {
  return Object.fromEntries(
    states.flatMap(({ name }, i): [string, Node][] => {
      const [before, after, computed] = values.slice(3 * i, 3 * i + 3) as [Node, Node, Node];
      // At valid steps the computed value is the state, and may be read as the state within the step.
      const whole = mask
        ? where(reshape(mask, [...mask.shape, ...after.shape.slice(2).fill(1)]), computed, after)
        : computed;
      return [
        [`gradient/${name}`, batchFirst(whole)],
        [`passing/${name}`, sum(square(before), axesBehind(before, 1))],
      ];
    }),
  );
}

function weightPorts(
  { weights }: Recurrence,
  answer: StepGradients,
  gradientOf: ReadonlyMap<string, Node>,
  terms: boolean,
): Ports {
  return Object.fromEntries(
    weights.flatMap(({ name, parameter }, i): [string, Node][] => {
      const [whole, each] = [gradientOf.get(parameter.id)!, answer.weights[i]!];
      const axes = axesBehind(each, 1);
      return [
        [`weight/${name}`, whole],
        [`squares/${name}`, sum(square(each), axes)],
        [`shares/${name}`, div(sum(mul(each, whole), axes), maximum(sum(square(whole)), Number.MIN_VALUE))],
        ...(terms ? [[`terms/${name}`, each] as [string, Node]] : []),
      ];
    }),
  );
}

const axesBehind = (node: Node, first: number): number[] => [...node.shape.keys()].slice(first);

/** [T, B, …] → [B, T, …] */
function batchFirst(node: Node): Node {
  return transpose(node, [1, 0, ...axesBehind(node, 2)]);
}
