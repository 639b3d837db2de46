/**
 * Memory of one device: one WebAssembly.Memory that grows up to 4 GiB, cut into blocks of 64-byte alignment. Variables, constants
 * and descriptors live as long as the device; all programs of a thread share one scratch block, which grows to the largest demand.
 * Views are replaced when the memory has grown: ask for them at each use.
 */
import type { DType } from "../../compiler/program.js";
import { ConfigError } from "../../errors.js";
import { type Memory, webAssembly } from "./web-assembly.js";

const PAGE = 65536;
const ALIGNMENT = 64;
export const MAXIMUM_PAGES = 65536;

interface Block {
  start: number;
  end: number;
}

export class Heap {
  readonly memory: Memory;
  /** Free blocks in order of address; address 0 is never handed out. */
  #free: Block[] = [{ start: ALIGNMENT, end: PAGE }];
  #floats!: Float32Array;
  #integers!: Int32Array;
  /** One for each thread. */
  readonly #scratch: Block[] = [];

  /** @param shared whether threads can share it */
  constructor(shared: boolean) {
    this.memory = new webAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES, shared });
    this.#look();
  }

  get integers(): Int32Array {
    return this.#integers;
  }

  /** All of memory as numbers of a type. */
  as(dtype: DType): Float32Array | Int32Array {
    return dtype === "int" ? this.#integers : this.#floats;
  }

  /** Only this class grows the memory, so views need not be compared with it at every use. */
  #look(): void {
    this.#floats = new Float32Array(this.memory.buffer);
    this.#integers = new Int32Array(this.memory.buffer);
  }

  /** The address of a thread's scratch block; it changes when the block grows. */
  scratch(thread: number): number {
    return this.#scratch[thread]?.start ?? 0;
  }

  /** Makes a thread's scratch block at least this large; its contents are lost if it has to grow. @returns whether it grew */
  reserveScratch(thread: number, bytes: number, purpose: string): boolean {
    const { start, end } = this.#scratch[thread] ?? { start: 0, end: 0 };
    if (bytes <= end - start) return false;
    this.#release({ start, end });
    this.#scratch[thread] = { start: 0, end: 0 };
    const address = this.#take(bytes, purpose);
    this.#scratch[thread] = { start: address, end: address + Math.max(aligned(bytes), ALIGNMENT) };
    return true;
  }

  /** The address of a new block, filled with zeros. @throws ConfigError when memory is exhausted */
  allocate(bytes: number, purpose: string): number {
    const address = this.#take(bytes, purpose);
    this.integers.fill(0, address / 4, (address + aligned(bytes)) / 4);
    return address;
  }

  /** Gives back a block that `allocate` gave. @param bytes as they were asked for */
  free(address: number, bytes: number): void {
    this.#release({ start: address, end: address + Math.max(aligned(bytes), ALIGNMENT) });
  }

  /** The address of a new block, with whatever is in it. */
  #take(bytes: number, purpose: string): number {
    const size = Math.max(aligned(bytes), ALIGNMENT);
    let block = this.#free.find(({ start, end }) => end - start >= size);
    if (block === undefined) block = this.#grow(size, purpose);
    const address = block.start;
    block.start += size;
    if (block.start === block.end) this.#free.splice(this.#free.indexOf(block), 1);
    return address;
  }

  #grow(size: number, purpose: string): Block {
    const end = this.memory.buffer.byteLength;
    const last = this.#free.at(-1);
    const usable = last !== undefined && last.end === end ? end - last.start : 0;
    const pages = Math.ceil((size - usable) / PAGE);
    try {
      this.memory.grow(pages);
    } catch (cause) {
      const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
      throw new ConfigError(
        `${purpose} needs ${mebibytes(size)} MiB, but the memory of the wasm engine cannot grow from ${mebibytes(end)} MiB ` +
          `to ${mebibytes(end + pages * PAGE)} MiB (its limit is 4096 MiB, or what the system has). ` +
          "Use a smaller batch, shorter sequences or fewer units.",
        { cause },
      );
    }
    this.#look();
    this.#release({ start: end, end: end + pages * PAGE });
    return this.#free.at(-1)!;
  }

  /** Gives a block back, joined with free neighbours. */
  #release({ start, end }: Block): void {
    if (start === end) return;
    const joined: Block = { start, end };
    const others = this.#free.filter((block) => {
      if (block.end !== joined.start && block.start !== joined.end) return true;
      joined.start = Math.min(joined.start, block.start);
      joined.end = Math.max(joined.end, block.end);
      return false;
    });
    this.#free = [...others, joined].sort((a, b) => a.start - b.start);
  }
}

export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
