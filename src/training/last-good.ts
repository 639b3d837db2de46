/**
 * Recovery of the last good weights after a loss that is not finite. A snapshot is made at intervals, and the steps since are recorded and
 * repeated when needed. Equal steps give equal bits, so repeated steps lead to the same weights.
 */
import type { Batch } from "./batches.js";
import type { Examples, Snapshot, Trainable } from "./trainable.js";

/** Milliseconds of training that may have to be repeated. */
const INTERVAL = 10_000;
/** Bytes of data that may be held to repeat steps, where each step has its own. */
const MOST_BYTES = 64 * 2 ** 20;

/** A training step, with everything needed to repeat it. */
export interface Step {
  readonly epoch: number;
  readonly number: number;
  readonly examples: Examples;
  readonly batch: Batch;
  readonly learningRate: number;
  readonly loss: number;
}

/** The step that broke the weights or the loss; the model has the weights from before it. */
export interface BrokenStep extends Step {
  /** Whether the loss was finite, but the weights after the step were not. */
  readonly brokeWeights: boolean;
  /** False if the repeated steps had other losses (perhaps a callback changed the weights): the model is then further back. */
  readonly exact: boolean;
}

export class LastGood {
  readonly #model: Trainable;
  /** Bytes of the data of the steps. */
  #bytes = 0;
  #base: Snapshot | undefined;
  #steps: Step[] = [];
  #since = 0;
  #previous: { readonly step: Step; readonly weights: Snapshot } | undefined;

  constructor(model: Trainable) {
    this.#model = model;
  }

  /** Makes a new snapshot. */
  async mark(): Promise<void> {
    this.#base = await this.#model.snapshot();
    this.#steps = [];
    this.#bytes = 0;
    this.#since = performance.now();
  }

  /** Records a step with a finite loss. */
  async note(step: Step): Promise<void> {
    const { examples } = step;
    if (this.#steps.at(-1)?.examples !== examples) this.#bytes += bytesOf(examples);
    this.#steps.push(step);
    const holdsMuch = this.#steps[0]!.examples !== examples && this.#bytes > MOST_BYTES;
    if (holdsMuch || performance.now() - this.#since > INTERVAL) await this.mark();
  }

  /** Restores the weights from before the step that broke the training: `lost`, whose loss is not finite, or an earlier one. */
  async goBack(lost: Step): Promise<BrokenStep> {
    const model = this.#model;
    let before = this.#base!;
    this.#previous = undefined;
    await model.restore(before);
    for (const step of this.#steps) {
      model.learningRate = step.learningRate;
      const { loss } = await model.trainStep(step.examples, step.batch);
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
   * After `goBack`, if the weights before the lost step are finite: goes back one more step if the lost batch then has a finite loss, because
   * then the step between broke the weights.
   *
   * @returns the step between, undefined if it is not the cause
   */
  async goFurther(lost: Step): Promise<Step | undefined> {
    if (!this.#previous) return undefined;
    const model = this.#model;
    const broken = await model.snapshot();
    await model.restore(this.#previous.weights);
    const { rows, noise } = lost.batch;
    const { loss } = await model.testStep(lost.examples, { rows, noise });
    if (Number.isFinite(loss)) return this.#previous.step;
    await model.restore(broken);
    return undefined;
  }
}

function allFinite(snapshot: Snapshot): boolean {
  for (const { data } of snapshot.values()) {
    for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return false;
  }
  return true;
}

function bytesOf({ data }: Examples): number {
  return Object.values(data).reduce((sum, rows) => sum + rows.data.byteLength, 0);
}
