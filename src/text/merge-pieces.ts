/**
 * Merging the bytes of a word into pieces: of all pairs side by side, the one that was learnt first is merged first, from
 * the left. The time grows with n log n, so that a line of ten megabytes without a space is only a long word.
 */
import { Heap } from "./heap.js";

/** Which pairs of ids are merged, in what order, and into what. */
export class MergeTable {
  readonly #ranks = new Map<number, number>();
  readonly #results: number[] = [];

  /** Adds a pair that comes after all pairs added before. */
  add(left: number, right: number, result: number): void {
    const key = left * PLACES + right;
    if (!this.#ranks.has(key)) this.#ranks.set(key, this.#results.push(result) - 1);
  }

  /** @param ids of single bytes; overwritten */
  apply(ids: Int32Array): Int32Array {
    const next = Int32Array.from(ids, (_, i) => i + 1);
    const before = Int32Array.from(ids, (_, i) => i - 1);
    // Rank and place in one number: the smallest is merged first.
    const queue = new Heap<number>((a, b) => a < b);
    const rankAt = (place: number) =>
      next[place]! < ids.length ? this.#ranks.get(ids[place]! * PLACES + ids[next[place]!]!) : undefined;
    const offer = (place: number) => {
      const rank = rankAt(place);
      if (rank !== undefined) queue.push(rank * PLACES + place);
    };
    for (let place = 0; place < ids.length; place++) offer(place);
    for (let first = queue.pop(); first !== undefined; first = queue.pop()) {
      const place = first % PLACES;
      const rank = Math.floor(first / PLACES);
      // What stood here when the pair was offered may have been merged since.
      if (ids[place] === GONE || rankAt(place) !== rank) continue;
      ids[place] = this.#results[rank]!;
      const right = next[place]!;
      ids[right] = GONE;
      next[place] = next[right]!;
      if (next[place]! < ids.length) before[next[place]!] = place;
      if (before[place]! >= 0) offer(before[place]!);
      offer(place);
    }
    return ids.filter((id) => id !== GONE);
  }
}

const PLACES = 2 ** 30;
const GONE = -1;
