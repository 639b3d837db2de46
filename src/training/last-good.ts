/**
 * Finds back to the last good weights when a loss is lost, at no cost to a healthy training: a copy of everything now and then, and the steps
 * since, which are taken again. Equal steps give equal bits, so what they lead to is what there was.
 */
import type { Batch } from "./batches.js";
import type { Examples, Snapshot, Trainable } from "./trainable.js";

/** Milliseconds of training that may have to be taken again. */
const INTERVAL = 10_000;

/** A training step, with all that is needed to take it again. */
export interface Step {
  readonly epoch: number;
  readonly number: number;
  readonly batch: Batch;
  readonly learningRate: number;
  readonly loss: number;
}

/** The step that broke the weights, or the loss; the model is where it was before it. */
export interface BrokenStep extends Step {
  /** Whether the loss was a number still, but the weights after the step were not. */
  readonly brokeWeights: boolean;
  /** False where the steps did not lead to the same losses again (a callback changed the weights, perhaps): the model is then further back. */
  readonly exact: boolean;
}

export class LastGood {
  readonly #model: Trainable;
  readonly #examples: Examples;
  #base: Snapshot | undefined;
  #steps: Step[] = [];
  #since = 0;
  #previous: { readonly step: Step; readonly weights: Snapshot } | undefined;

  constructor(model: Trainable, examples: Examples) {
    this.#model = model;
    this.#examples = examples;
  }

  /** From here on. */
  async mark(): Promise<void> {
    this.#base = await this.#model.snapshot();
    this.#steps = [];
    this.#since = performance.now();
  }

  /** A step with a finite loss was taken. */
  async note(step: Step): Promise<void> {
    this.#steps.push(step);
    if (performance.now() - this.#since > INTERVAL) await this.mark();
  }

  /** Goes back to before the step that broke the training: `lost`, whose loss is no number, or one before it. */
  async goBack(lost: Step): Promise<BrokenStep> {
    const model = this.#model;
    let before = this.#base!;
    this.#previous = undefined;
    await model.restore(before);
    for (const step of this.#steps) {
      model.learningRate = step.learningRate;
      const { loss } = await model.trainStep(this.#examples, step.batch);
      if (!Object.is(loss, step.loss)) {
        await model.restore(this.#base!);
        return { ...step, brokeWeights: false, exact: false };
      }
      const after = await model.snapshot();
      if (!allFinite(after)) {
        await model.restore(before);
        return { ...step, brokeWeights: true, exact: true };
      }
      this.#previous = { step, weights: before };
      before = after;
    }
    model.learningRate = lost.learningRate;
    return { ...lost, brokeWeights: false, exact: true };
  }

  /**
   * After `goBack`, where the weights before the lost step are finite: goes back one step more if that gives the lost batch a loss again, so
   * that it was the step between that spoilt them.
   *
   * @returns the step between
   */
  async goFurther(lost: Step): Promise<Step | undefined> {
    if (!this.#previous) return undefined;
    const model = this.#model;
    const spoilt = await model.snapshot();
    await model.restore(this.#previous.weights);
    const { rows, noise } = lost.batch;
    const { loss } = await model.testStep(this.#examples, { rows, noise });
    if (Number.isFinite(loss)) return this.#previous.step;
    await model.restore(spoilt);
    return undefined;
  }
}

function allFinite(snapshot: Snapshot): boolean {
  for (const { data } of snapshot.values()) {
    for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return false;
  }
  return true;
}
