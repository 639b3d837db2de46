/** Queue of calls on one device: each begins when the one before has ended, with or without an error. */
import { nextTurn, type Turn } from "../training/index.js";

export class CallQueue {
  #last: Promise<void> = Promise.resolve();
  #count = 0;

  /** True while no call runs or waits. */
  get idle(): boolean {
    return this.#count === 0;
  }

  /**
   * Does the work when all calls before have ended. The caller continues with the result before the next call begins.
   *
   * @param work may wait only for those calls of this queue that it gives its turn
   * @param turn of the call that this one is part of: then it runs at once
   * @returns the result of the work; a rejection goes to the caller and does not stop later calls
   */
  run<Result>(work: () => Promise<Result> | Result, turn?: Turn): Promise<Result> {
    if (turn === this) return Promise.resolve().then(work);
    this.#count++;
    const result = this.#last.then(work);
    const end = () => {
      this.#count--;
      return this.idle ? undefined : nextTurn();
    };
    this.#last = result.then(end, end);
    return result;
  }
}
