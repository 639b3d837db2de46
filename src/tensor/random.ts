/**
 * Seeded random numbers outside programs: initial weights, data order, sampling.
 * xoshiro128** (Blackman & Vigna 2018), seeded through SplitMix32, so that equal seeds give equal streams everywhere.
 */
import { checkOption, expecting, integer } from "../options/index.js";

const fourWords = /* @__PURE__ */ expecting(
  "four whole numbers from 0 to 4294967295, as reading it gives them",
  (value) => {
    const words = Array.isArray(value) || value instanceof Uint32Array ? [...value] : [];
    return words.length === 4 && words.every((word) => word >>> 0 === word);
  },
);

/** A source of random numbers whose state can be saved and restored. */
export class Random {
  #state = new Uint32Array(4);

  /** @param seed any integer; different seeds give unrelated streams @throws ConfigError for anything else */
  constructor(seed: number) {
    checkOption("Random", "seed", seed, integer);
    let s = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      s = (s + 0x9e3779b9) >>> 0;
      let z = s;
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      this.#state[i] = z ^ (z >>> 15);
    }
  }

  /** The four words of state; assigning them resumes the stream exactly. */
  get state(): number[] {
    return [...this.#state];
  }
  set state(words: readonly number[]) {
    this.#state.set(checkOption("Random", "state", words, fourWords));
  }

  /** The next 32 random bits as an unsigned integer. */
  bits(): number {
    const s = this.#state;
    const m = Math.imul(s[1]!, 5);
    const result = Math.imul((m << 7) | (m >>> 25), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    return ((this.bits() >>> 5) * 67108864 + (this.bits() >>> 6)) / 9007199254740992;
  }

  /** Uniform integer in [0, limit), without modulo bias. */
  integer(limit: number): number {
    return Math.floor(this.uniform() * limit);
  }

  /** Standard normal, by the Box–Muller transform. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** A random permutation of 0 … length − 1 (Fisher–Yates). */
  permutation(length: number): Uint32Array {
    const order = Uint32Array.from({ length }, (_, i) => i);
    for (let i = length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = order[i]!;
      order[i] = order[j]!;
      order[j] = held;
    }
    return order;
  }
}
