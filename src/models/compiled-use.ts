/** Use of a compiled model: `compile` is refused while calls use its choices, and one training at a time changes the weights. */
import { StateError } from "../errors.js";

export class CompiledUse {
  #calls = 0;
  #training = false;

  /** @throws StateError while a call uses it */
  checkFree(model: string): void {
    if (this.#calls === 0) return;
    throw new StateError(
      `compile: "${model}" is being trained or evaluated; await fit, evaluate, trainOnBatch and testOnBatch before you compile again.`,
    );
  }

  /** Does the work of a call. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#calls++;
    try {
      return await work();
    } finally {
      this.#calls--;
    }
  }

  /** Does the work of a training. @throws StateError while there is another */
  async train<Result>(model: string, work: () => Promise<Result>): Promise<Result> {
    if (this.#training) {
      throw new StateError(`fit: "${model}" is being trained already; await the other fit, or end it by its signal.`);
    }
    this.#training = true;
    try {
      return await work();
    } finally {
      this.#training = false;
    }
  }
}
