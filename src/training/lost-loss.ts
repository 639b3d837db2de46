/** What to say when the loss is no number any more: where, which layer, why probably, and what to do. */
import { TavaliError } from "../errors.js";
import type { BrokenStep, LastGood, Step } from "./last-good.js";
import type { Diagnosis, Examples, Snapshot, Trainable } from "./trainable.js";

/** A weight of this size is no coincidence. */
const HUGE = 1e3;

/**
 * Goes back to the last good weights, and looks at the step that broke the training on the way.
 *
 * @param lost the step whose loss is no number
 * @returns the error to throw
 */
export async function lostLoss(
  lost: Step,
  lastGood: LastGood,
  model: Trainable,
  examples: Examples,
): Promise<TavaliError> {
  const broken = await lastGood.goBack(lost);
  const diagnosis = broken.exact ? await model.diagnose?.(examples, broken.batch) : undefined;
  const cause = causeOf(broken, diagnosis, largestOf(await model.snapshot()));
  const between = broken.exact && !broken.brokeWeights ? await lastGood.goFurther(lost) : undefined;
  const kept = between ?? broken;
  const back = broken.exact
    ? `The weights are back to those from before ${kept === broken && !broken.brokeWeights ? "this step" : placeOf(kept)}.`
    : "The weights are back to the last that were kept.";
  return new TavaliError(`fit: the loss became ${lost.loss} in ${placeOf(lost)}. ${cause} ${back}`);
}

function placeOf({ epoch, number }: { readonly epoch: number; readonly number: number }): string {
  return `epoch ${epoch + 1}, step ${number + 1}`;
}

function causeOf(
  broken: BrokenStep,
  diagnosis: Diagnosis | undefined,
  { name, size }: { name: string; size: number },
): string {
  const rate = `the learning rate, which is ${broken.learningRate}`;
  const clip = `clip them, such as rmsprop({ globalClipnorm: 1 }), or lower ${rate}`;
  const grown =
    size > HUGE ? ` Weights have grown to ${size.toPrecision(2)} (${name}): lower ${rate}, or clip the gradients.` : "";
  if (!diagnosis) return `Gradients of recurrent networks can explode: ${clip}.`;
  const { outputs, gradients } = diagnosis;
  if (outputs !== undefined) {
    return `The output of "${outputs}" is the first that is not finite.${grown || ` Its weights are: look at the numbers that go in, or lower ${rate}.`}`;
  }
  if (gradients !== undefined) {
    const step = broken.brokeWeights ? ` of ${placeOf(broken)}` : "";
    return `The gradient of "${gradients}"${step} is the first, coming from the loss, that is not finite: it exploded.${grown} Gradients of recurrent networks can explode: ${clip}.`;
  }
  if (broken.brokeWeights) {
    return `Gradients and outputs of ${placeOf(broken)} are finite, but the update made "${name}" overflow.${grown} Lower ${rate}.`;
  }
  return `Every layer's output is finite: the loss itself is not, such as a logarithm of 0, or a weight or target that is out of its range.${grown}`;
}

function largestOf(snapshot: Snapshot): { name: string; size: number } {
  let found = { name: "", size: 0 };
  for (const [name, { data }] of snapshot) {
    // The optimizer's counter and averages are no weights.
    if (/iteration$/.test(name)) continue;
    for (let i = 0; i < data.length; i++)
      if (Math.abs(data[i]!) > found.size) found = { name, size: Math.abs(data[i]!) };
  }
  return found;
}
