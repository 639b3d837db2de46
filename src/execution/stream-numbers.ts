/** Numbers of the streams that are open: a new one takes the number of one that was closed, and its programs. */
export class StreamNumbers {
  /** By number of sequences. */
  readonly #open = new Map<number, Set<number>>();

  /** The least number without an open stream of this batch size. */
  acquire(batch: number): number {
    const open = this.#open.get(batch) ?? new Set();
    this.#open.set(batch, open);
    let number = 1;
    while (open.has(number)) number++;
    open.add(number);
    return number;
  }

  release(batch: number, number: number): void {
    this.#open.get(batch)?.delete(number);
  }
}
