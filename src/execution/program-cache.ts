/**
 * Program cache of a device's memory: each program is compiled when it is first asked for. Of those that are not held, the least recently used are
 * unloaded.
 */
import type { Port } from "../compiler/program.js";
import type { Device, Executable } from "../engines/engine.js";
import type { GradientForms } from "./gradient-form.js";
import { ofShard, type StepProgram } from "./shard-programs.js";

/** A program in memory, on the thread that runs it. */
export interface LoadedProgram {
  readonly executable: Executable;
  /** Of a shard of several: the form of the gradients that it leaves. */
  readonly forms: GradientForms;
}

/** Source of a program. */
export interface ProgramSource {
  /** Compiles it. */
  readonly make: () => StepProgram;
  /** True if it is made once, for shard 0 of a batch, and the other threads run it with their variables. */
  readonly sharded: boolean;
  /** The device with the model's names. */
  readonly device: Device;
  /** Makes a variable of the program that the device does not have. */
  readonly createVariable: (port: Port) => void;
}

interface Entry {
  /** Of shard 0. */
  program: StepProgram | undefined;
  /** By thread. */
  readonly loaded: Map<number, Promise<LoadedProgram>>;
  readonly executables: { readonly device: Device; readonly executable: Executable }[];
}

/** Number of shapes whose programs stay in memory: more than a training on sequences sorted by length needs. */
const CAPACITY = 256;

export class ProgramCache {
  readonly #capacity: number;
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry>();
  readonly #held = new Map<string, Entry>();
  /** The key that was used last: most programs are asked for again and again. */
  #latest = "";

  constructor(capacity = CAPACITY) {
    this.#capacity = capacity;
  }

  /** The number of shapes that have programs. */
  get size(): number {
    return this.#entries.size + this.#held.size;
  }

  /** A program. @param key everything that it depends on except the thread */
  load(key: string, thread: number, source: ProgramSource): Promise<LoadedProgram> {
    const entry = this.#entryOf(key);
    const known = entry.loaded.get(thread);
    if (known) return known;
    const loading = this.#load(entry, thread, source);
    entry.loaded.set(thread, loading);
    // A program that failed for want of memory may succeed later.
    loading.catch(() => entry.loaded.delete(thread));
    return loading;
  }

  /** Keeps the programs of a key until they are let go. */
  hold(key: string): void {
    this.#held.set(key, this.#entryOf(key));
    this.#entries.delete(key);
  }

  release(key: string): void {
    const entry = this.#held.get(key);
    if (!entry) return;
    this.#held.delete(key);
    this.#entries.set(key, entry);
    this.#latest = key;
  }

  /** Unloads the least recently used. Only between two calls: a call may have programs that it has not run yet. */
  trim(): void {
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#capacity) return;
      this.#unload(key);
    }
  }

  /** Unloads all programs whose keys begin with the prefix. */
  forget(prefix: string): void {
    for (const key of this.#held.keys()) if (key.startsWith(prefix)) this.release(key);
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#unload(key);
  }

  #unload(key: string): void {
    for (const { device, executable } of this.#entries.get(key)!.executables) device.unload(executable);
    this.#entries.delete(key);
  }

  #entryOf(key: string): Entry {
    const held = this.#held.get(key);
    if (held) return held;
    const known = this.#entries.get(key);
    if (known && key === this.#latest) return known;
    const entry = known ?? { program: undefined, loaded: new Map(), executables: [] };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#latest = key;
    return entry;
  }

  async #load(
    entry: Entry,
    thread: number,
    { make, sharded, device, createVariable }: ProgramSource,
  ): Promise<LoadedProgram> {
    if (sharded) entry.program ??= make();
    const { program, forms = {} } = entry.program ? ofShard(thread, entry.program) : make();
    for (const port of program.variables) if (!device.hasVariable(port.name)) createVariable(port);
    const executable = await device.load(program, { thread });
    entry.executables.push({ device, executable });
    return { executable, forms };
  }
}
