/** Warnings about predictions that a loss or a metric misreads: training learns nothing, or the number measures something else. */
import { constantOp, isOp, maximum, type Node, tanh } from "../equations/index.js";
import { warnOnce } from "../layers/index.js";
import type { Loss } from "../losses/index.js";
import { logitsOf } from "../losses/index.js";
import type { Metric, SummedMetric } from "../metrics/index.js";

/** The activation that made a prediction; "linear" for a sum of products without one. */
function makerOf(prediction: Node): "softmax" | "sigmoid" | "linear" | "tanh" | "relu" | undefined {
  if (logitsOf(prediction, "softmax")) return "softmax";
  if (logitsOf(prediction, "sigmoid")) return "sigmoid";
  const peeled = (node: Node): Node =>
    ["reshape", "transpose"].includes(node.op.name) ? peeled(node.inputs[0]!) : node;
  const last = peeled(prediction);
  if (last.op === TANH) return "tanh";
  if (last.op === RELU && last.inputs.some(isZero)) return "relu";
  const terms = last.op.name === "add" ? last.inputs.map(peeled) : [last];
  return terms.some(({ op }) => op.name === "matmul") ? "linear" : undefined;
}

const TANH = /* @__PURE__ */ tanh(0).op;
const RELU = /* @__PURE__ */ maximum(0, 0).op;

function isZero(node: Node): boolean {
  return isOp(node, constantOp) && node.attributes.values.every((value) => value === 0);
}

/** Warns of an activation that does not fit a loss. @param about the object that is warned of once @param name of the output */
export function checkActivation(about: object, loss: Loss, prediction: Node, name: string): void {
  const { activation } = loss;
  if (activation === undefined) return;
  const maker = makerOf(prediction);
  const outputs = prediction.shape.at(-1)!;
  const fromLogits = loss.config.fromLogits === true;
  const warn = (problem: string) => warnOnce(about, `compile: the output "${name}" ${problem}`);
  const read = `but ${loss.name}${fromLogits ? " with fromLogits" : ""}`;
  if (activation === "softmax" && outputs === 1) {
    warn(
      `has one unit, ${read} chooses among several classes, so it is always 0. ` +
        'For a question of yes or no take activation: "sigmoid" and binaryCrossentropy; else one unit per class.',
    );
  } else if (fromLogits && (maker === "softmax" || maker === "sigmoid")) {
    warn(`is made by ${maker}, ${read} applies it once more. Leave out one of the two.`);
  } else if (!fromLogits && maker === "linear") {
    warn(
      `has no activation, ${read} reads probabilities. Give its layer activation: "${activation}", or the loss fromLogits: true.`,
    );
  } else if (!fromLogits && (maker === "tanh" || maker === "relu")) {
    warn(
      `is made by ${maker}, ${read} reads probabilities, from 0 to 1. Give its layer activation: "${activation}" instead.`,
    );
  } else if (activation === "softmax" && maker === "sigmoid") {
    warn(
      `is made by sigmoid, which gives each class a probability of its own, ${read} chooses one of them. ` +
        'Take activation: "softmax"; or binaryCrossentropy where several classes may be right at once.',
    );
  } else if (activation === "sigmoid" && maker === "softmax" && outputs > 2) {
    warn(
      `is made by softmax, of whose classes one is right, ${read} reads each by itself. ` +
        'Take categoricalCrossentropy; or activation: "sigmoid" where several classes may be right at once.',
    );
  }
}

/** Warns of a metric that does not fit its loss or its output. @param name of the metric in logs */
export function checkMetric(
  about: object,
  loss: Loss,
  metric: Metric | SummedMetric,
  name: string,
  prediction: Node,
): void {
  const outputs = prediction.shape.at(-1)!;
  checkLikelihood(about, loss, metric, name, prediction);
  const fromLogits = loss.config.fromLogits === true;
  if (fromLogits && metric.readsProbabilities?.(outputs)) {
    warnOnce(
      about,
      `compile: the metric "${name}" compares predictions with probabilities, but ${loss.name} with fromLogits reads logits, as Keras does not notice either. ` +
        `Give the last layer activation: "${loss.activation}" and leave out fromLogits: the loss is as exact` +
        (name === "binaryAccuracy" ? "; or take binaryAccuracy({ threshold: 0 })." : "."),
    );
  }
  const ofMetric = metric.config.fromLogits;
  if (typeof ofMetric !== "boolean" || typeof loss.config.fromLogits !== "boolean" || ofMetric === fromLogits) return;
  warnOnce(
    about,
    `compile: the metric "${name}" has fromLogits: ${ofMetric}, but the loss ${loss.name} of the same output has fromLogits: ${fromLogits}. Both read the same prediction: give them the same.`,
  );
}

/** Warns of a likelihood of classes at an output that does not give the probabilities of several. */
function checkLikelihood(
  about: object,
  { activation, name: lossName }: Loss,
  { config }: Metric | SummedMetric,
  name: string,
  prediction: Node,
): void {
  if (config.type !== "perplexity" && config.type !== "bitsPerCharacter") return;
  const maker = makerOf(prediction);
  const several = prediction.shape.at(-1)! > 1;
  if (several && (activation === "softmax" || config.fromLogits === true || maker === "softmax" || maker === undefined))
    return;
  warnOnce(
    about,
    `compile: the metric "${name}" reads the probabilities of several classes, but the output with the loss ${lossName} ` +
      `${several ? `is made by ${maker === "linear" ? "no activation" : maker}` : "has one unit"}, so its number means nothing. ` +
      `Leave it out, or take activation: "softmax" and a crossentropy of classes.`,
  );
}
