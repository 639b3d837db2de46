/** Numbers of the streams that are open: a new one takes the place of one that was closed, and its programs. */
export class StreamPlaces {
  /** By number of sequences. */
  readonly #open = new Map<number, Set<number>>();

  /** The least number that no open stream of so many sequences has. */
  take(batch: number): number {
    const open = this.#open.get(batch) ?? new Set();
    this.#open.set(batch, open);
    let place = 1;
    while (open.has(place)) place++;
    open.add(place);
    return place;
  }

  leave(batch: number, place: number): void {
    this.#open.get(batch)?.delete(place);
  }
}
