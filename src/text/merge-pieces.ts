/**
 * Merging of a word's bytes into subwords: of all neighbouring pairs, the one that was learnt first is merged first, from
 * the left. The time is O(n log n), also for long words.
 */
import { Heap } from "./heap.js";

/** Merges: pairs of ids with their ranks and their results. */
export class MergeTable {
  /** Left id → right id → rank. */
  readonly #ranks: Map<number, number>[] = [];
  readonly #results: number[] = [];

  /** Adds a pair that comes after all pairs added before. */
  add(left: number, right: number, result: number): void {
    this.#ranks[left] ??= new Map();
    if (!this.#ranks[left].has(right)) this.#ranks[left].set(right, this.#results.push(result) - 1);
  }

  /** @param ids of single bytes; overwritten */
  apply(ids: Int32Array): Int32Array {
    const next = Int32Array.from(ids, (_, i) => i + 1);
    const before = Int32Array.from(ids, (_, i) => i - 1);
    const places = new Map<number, number[]>();
    const ranks = new Heap<number>((a, b) => a < b);
    const rankAt = (place: number) =>
      next[place]! < ids.length ? this.#ranks[ids[place]!]?.get(ids[next[place]!]!) : undefined;
    const offer = (place: number) => {
      const rank = rankAt(place);
      if (rank === undefined) return;
      const others = places.get(rank);
      if (others !== undefined) others.push(place);
      else {
        places.set(rank, [place]);
        ranks.push(rank);
      }
    };
    for (let place = 0; place < ids.length; place++) offer(place);
    for (let rank = ranks.pop(); rank !== undefined; rank = ranks.pop()) {
      const offered = Int32Array.from(places.get(rank)!).sort();
      places.delete(rank);
      for (const place of offered) {
        // The ids here may have been merged since the pair was added.
        if (ids[place] === GONE || rankAt(place) !== rank) continue;
        ids[place] = this.#results[rank]!;
        const right = next[place]!;
        ids[right] = GONE;
        next[place] = next[right]!;
        if (next[place] < ids.length) before[next[place]] = place;
        if (before[place]! >= 0) offer(before[place]!);
        offer(place);
      }
    }
    return ids.filter((id) => id !== GONE);
  }
}

const GONE = -1;
