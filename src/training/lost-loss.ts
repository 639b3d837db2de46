/** Error for a loss that is not finite: the step, the layer, the probable cause, and a hint. */
import { TavaliError } from "../errors.js";
import type { BrokenStep, LastGood, Step } from "./last-good.js";
import type { Diagnosis, Snapshot, Trainable } from "./trainable.js";

/** Weights of this size have certainly diverged. */
const HUGE = 1e3;

/**
 * Restores the last good weights, and diagnoses the step that broke the training.
 *
 * @param lost the step whose loss is not finite
 * @returns the error to throw
 */
export async function lostLoss(lost: Step, lastGood: LastGood, model: Trainable): Promise<TavaliError> {
  const broken = await lastGood.goBack(lost);
  const diagnosis = broken.exact ? await model.diagnose?.(broken.examples, broken.batch) : undefined;
  const cause = causeOf(broken, diagnosis, largestOf(await model.snapshot()));
  const between = broken.exact && !broken.brokeWeights ? await lastGood.goFurther(lost) : undefined;
  const kept = between ?? broken;
  const back = broken.exact
    ? `The weights were restored to those from before ${kept === broken && !broken.brokeWeights ? "this step" : placeOf(kept)}.`
    : "The weights were restored to the last snapshot.";
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
    // The optimizer's counter and averages are not weights.
    if (/iteration$/.test(name)) continue;
    for (let i = 0; i < data.length; i++)
      if (Math.abs(data[i]!) > found.size) found = { name, size: Math.abs(data[i]!) };
  }
  return found;
}
