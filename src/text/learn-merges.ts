/**
 * Byte-pair encoding's training (Sennrich, Haddow & Birch 2016, algorithm 1): the most frequent pair of neighbouring subwords
 * becomes a subword, repeatedly. Pairs are counted once over the table of different words; a merge corrects only the
 * counts of the pairs it touches, in the words that hold it.
 */
import { BYTE_IDS, BYTE_PIECES } from "./byte-pieces.js";
import { Heap } from "./heap.js";

/** Subwords by id, and the merged pairs in their order: each is spelt as its two parts. */
export interface LearntPieces {
  readonly pieces: readonly string[];
  readonly merges: readonly (readonly [string, string])[];
}

/** Options of learning merges. */
export interface MergeOptions {
  /** Number of subwords to end with, including the 256 bytes. */
  readonly size: number;
  /** A pair that occurs less often is not merged. */
  readonly minCount: number;
  /** Called at intervals with the number of subwords; an error thrown here stops the training. */
  readonly onProgress?: ((progress: { readonly pieces: number; readonly size: number }) => void) | undefined;
}

interface Pair {
  readonly left: number;
  readonly right: number;
  count: number;
  /** Numbers of the words that hold it or held it once. */
  readonly words: number[];
}

// Longer words are counted in parts, so that the cost of a merge does not depend on how long a word may be.
const LONGEST = 256;
const PROGRESS_EVERY = 100;

/**
 * Learns the subwords of words. Of equally frequent pairs the one with the smaller ids is merged first.
 *
 * @param words how often each occurs
 */
export function learnMerges(words: ReadonlyMap<string, number>, options: MergeOptions): LearntPieces {
  const learner = new Learner(words, options.minCount);
  const merges: [string, string][] = [];
  while (learner.pieces.length < options.size) {
    const pair = learner.best();
    if (pair === undefined) break;
    if (learner.merge(pair)) merges.push([learner.pieces[pair.left]!, learner.pieces[pair.right]!]);
    if (merges.length % PROGRESS_EVERY === 0) {
      options.onProgress?.({ pieces: learner.pieces.length, size: options.size });
    }
  }
  options.onProgress?.({ pieces: learner.pieces.length, size: options.size });
  return { pieces: learner.pieces, merges };
}

class Learner {
  readonly pieces: string[] = [...BYTE_PIECES];
  readonly #ids = new Map(BYTE_PIECES.map((piece, id) => [piece, id]));
  readonly #words: Int32Array[] = [];
  readonly #counts: number[] = [];
  readonly #pairs = new Map<number, Pair>();
  readonly #merged = new Set<number>();
  readonly #minCount: number;
  // Entries with an outdated count are corrected when they are taken.
  readonly #queue = new Heap<{ readonly pair: Pair; readonly count: number }>(
    (a, b) => (a.count - b.count || b.pair.left - a.pair.left || b.pair.right - a.pair.right) > 0,
  );

  constructor(words: ReadonlyMap<string, number>, minCount: number) {
    this.#minCount = minCount;
    const encoder = new TextEncoder();
    for (const [word, count] of words) {
      const ids = Int32Array.from(encoder.encode(word), (byte) => BYTE_IDS[byte]!);
      for (let start = 0; start < ids.length; start += LONGEST) {
        this.#words.push(ids.subarray(start, start + LONGEST));
        this.#counts.push(count);
      }
    }
    this.#words.forEach((ids, word) => {
      for (let i = 1; i < ids.length; i++) this.#change(ids[i - 1]!, ids[i]!, word, this.#counts[word]!);
    });
    for (const pair of this.#pairs.values()) this.#queue.push({ pair, count: pair.count });
  }

  /** The most frequent pair, or undefined where none occurs often enough. */
  best(): Pair | undefined {
    for (let entry = this.#queue.pop(); entry !== undefined; entry = this.#queue.pop()) {
      const { pair, count } = entry;
      if (this.#pairs.get(keyOf(pair.left, pair.right)) !== pair || count < pair.count) continue;
      if (count > pair.count) this.#queue.push({ pair, count: pair.count });
      else if (count >= this.#minCount) return pair;
      else return undefined;
    }
    return undefined;
  }

  /** @returns false for a known pair: two merges can lead to the same subword */
  merge(pair: Pair): boolean {
    const key = keyOf(pair.left, pair.right);
    const piece = this.pieces[pair.left]! + this.pieces[pair.right]!;
    // Equal bytes are one subword, however they were merged.
    const id = this.#ids.get(piece) ?? this.pieces.push(piece) - 1;
    this.#ids.set(piece, id);
    const grown = new Set<Pair>();
    for (const word of pair.words) this.#mergeIn(word, pair, id, grown);
    this.#pairs.delete(key);
    for (const more of grown) this.#queue.push({ pair: more, count: more.count });
    const { size } = this.#merged;
    return this.#merged.add(key).size > size;
  }

  #mergeIn(word: number, { left, right }: Pair, id: number, grown: Set<Pair>): void {
    const ids = this.#words[word]!;
    const count = this.#counts[word]!;
    let length = 0;
    for (let i = 0; i < ids.length; i++) {
      if (ids[i] !== left || ids[i + 1] !== right) {
        ids[length++] = ids[i]!;
        continue;
      }
      if (length > 0) {
        this.#change(ids[length - 1]!, left, word, -count);
        grown.add(this.#change(ids[length - 1]!, id, word, count));
      }
      if (i + 2 < ids.length) {
        this.#change(right, ids[i + 2]!, word, -count);
        grown.add(this.#change(id, ids[i + 2]!, word, count));
      }
      ids[length++] = id;
      i++;
    }
    this.#words[word] = ids.subarray(0, length);
  }

  #change(left: number, right: number, word: number, count: number): Pair {
    const key = keyOf(left, right);
    let pair = this.#pairs.get(key);
    if (pair === undefined) {
      pair = { left, right, count: 0, words: [] };
      this.#pairs.set(key, pair);
    }
    pair.count += count;
    if (count > 0 && pair.words.at(-1) !== word) pair.words.push(word);
    return pair;
  }
}

function keyOf(left: number, right: number): number {
  return left * 2 ** 21 + right;
}
