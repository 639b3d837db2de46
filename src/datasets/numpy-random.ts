/**
 * NumPy's legacy `RandomState`, as far as Keras's data sets need it: Mersenne Twister MT19937 (Matsumoto & Nishimura
 * 1998) seeded with one integer, and its shuffle. Equal seeds give NumPy's order, bit for bit.
 */
import { checkOption, wholeNumber } from "../options/index.js";

const SIZE = 624;
const MIDDLE = 397;

/** A Mersenne Twister seeded like `numpy.random.RandomState(seed)`. */
export class NumpyRandom {
  readonly #state = new Uint32Array(SIZE);
  #next = SIZE;

  /**
   * @param seed an integer from 0 to 2³² − 1
   * @throws ConfigError for any other seed
   */
  constructor(seed: number) {
    checkOption("NumpyRandom", "seed", seed, wholeNumber(0, 0xffffffff));
    const state = this.#state;
    state[0] = seed;
    for (let i = 1; i < SIZE; i++) {
      const previous = state[i - 1]!;
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** The next 32 random bits as an unsigned integer. */
  bits(): number {
    if (this.#next === SIZE) this.#twist();
    let y = this.#state[this.#next++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** Shuffles in place, as `RandomState.shuffle` does; returns its argument. */
  shuffle<Items extends { length: number; [index: number]: unknown }>(items: Items): Items {
    for (let i = items.length - 1; i > 0; i--) {
      const mask = 0xffffffff >>> Math.clz32(i);
      let j: number;
      do j = (this.bits() & mask) >>> 0;
      while (j > i);
      const held = items[i];
      items[i] = items[j];
      items[j] = held;
    }
    return items;
  }

  /** The numbers 0 … length − 1, shuffled. */
  permutation(length: number): Uint32Array {
    return this.shuffle(Uint32Array.from({ length }, (_, i) => i));
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < SIZE; i++) {
      const y = (state[i]! & 0x80000000) | (state[(i + 1) % SIZE]! & 0x7fffffff);
      state[i] = state[(i + MIDDLE) % SIZE]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }
}
