/** Warnings of a prediction that a loss or a metric misreads: it learns nothing, or says a number of something else. */
import { constantOp, isOp, maximum, type Node, tanh } from "../equations/index.js";
import { warnOnce } from "../layers/index.js";
import type { Loss } from "../losses/index.js";
import { logitsOf } from "../losses/index.js";
import type { Metric, SummedMetric } from "../metrics/index.js";

/** What made a prediction: an activation, or a sum of products that none was applied to. */
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

/** @param about what is warned of, once; @param name of the output */
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
      `is made by sigmoid, which judges each class by itself, ${read} chooses one of them. ` +
        'Take activation: "softmax"; or binaryCrossentropy where several classes may be right at once.',
    );
  } else if (activation === "sigmoid" && maker === "softmax" && outputs > 2) {
    warn(
      `is made by softmax, of whose classes one is right, ${read} judges each by itself. ` +
        'Take categoricalCrossentropy; or activation: "sigmoid" where several classes may be right at once.',
    );
  }
}

/** @param name how logs call the metric */
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
  const own = metric.config.fromLogits;
  if (typeof own !== "boolean" || typeof loss.config.fromLogits !== "boolean" || own === fromLogits) return;
  warnOnce(
    about,
    `compile: the metric "${name}" has fromLogits: ${own}, but the loss ${loss.name} beside it fromLogits: ${fromLogits}. Both read the same prediction: give them the same.`,
  );
}

/** A likelihood of classes reads the probabilities of several; beside a loss that reads something else it says nothing. */
function checkLikelihood(
  about: object,
  { activation, name: beside }: Loss,
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
    `compile: the metric "${name}" reads the probabilities of several classes, but the output beside the loss ${beside} ` +
      `${several ? `is made by ${maker === "linear" ? "no activation" : maker}` : "has one unit"}, so its number says nothing. ` +
      `Leave it out, or take activation: "softmax" and a crossentropy of classes.`,
  );
}
