/** The order of calls on one device: each begins when the one before has ended, whether well or not. */
import { nextTurn, type Turn } from "../training/index.js";

export class CallQueue {
  #last: Promise<void> = Promise.resolve();
  #count = 0;

  /** Whether no call runs or waits. */
  get idle(): boolean {
    return this.#count === 0;
  }

  /**
   * Does the work when all calls before have ended. Whoever waits for its result goes on before the next call begins.
   *
   * @param work must not wait for another call of this queue, but for those that it gives its turn
   * @param turn of the call that this one is a part of: then it waits for nothing
   * @returns what the work gives; a rejection is the caller's, and holds up nobody
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
