/** The functions of one device: kernels by key in a WebAssembly.Table, and the runner that calls them by index. */
import { importedMemory, type KernelCache, type KernelRequest } from "./kernel-cache.js";
import { moduleBytes } from "./module-bytes.js";
import { runnerFunction } from "./runner.js";
import { hostModule, type TableChange, type TableEntry } from "./thread-code.js";
import { type CompiledModule, type Instance, type Memory, type Table, webAssembly } from "./web-assembly.js";

export type Run = (segments: number, count: number) => void;

/** A slot of the table that is in use. */
interface Slot {
  readonly index: number;
  readonly entry: TableEntry;
  /** Number of calls of loaded programs that name it. */
  uses: number;
}

export class FunctionTable {
  readonly #table: Table = new webAssembly.Table({ initial: 0, element: "anyfunc" });
  readonly #slots = new Map<string, Slot>();
  /** Indices of slots that can be used again. */
  readonly #free: number[] = [];
  /** For each slot its last change: the version of the table it made, and the new entry. */
  readonly #changes: { readonly at: number; readonly entry: TableEntry | undefined }[] = [];
  /** Number of changes so far. */
  version = 0;
  #runnerModule: Promise<CompiledModule> | undefined;
  #runner: Promise<Run> | undefined;

  constructor(
    private readonly memory: Memory,
    private readonly cache: KernelCache,
    /** Functions that are not wasm, by name. */
    private readonly host: Readonly<Record<string, (descriptor: number, t: number) => void>>,
  ) {}

  /** The function that runs programs of this device. */
  runner(): Promise<Run> {
    this.#runner ??= this.#makeRunner();
    return this.#runner;
  }

  /** The changes after a version of the table: threads repeat them in their tables. */
  changesSince(version: number): TableChange[] {
    return this.#changes.flatMap(({ at, entry }, index) => (at > version ? [{ index, entry }] : []));
  }

  /** Brings kernels into the table, where they stay until they are released. @returns their indices, in order */
  async indicesOf(requests: readonly KernelRequest[]): Promise<number[]> {
    // Those that are there are taken before anything waits, so that they stay.
    const missing = requests.filter(({ key }) => !this.#take(key));
    const made = await this.#make(missing);
    for (const { key } of missing) {
      if (this.#take(key)) continue;
      const { entry, call } = made.get(key)!;
      const index = this.#free.pop() ?? this.#table.grow(1);
      this.#table.set(index, call);
      this.#changes[index] = { at: ++this.version, entry };
      this.#slots.set(key, { index, entry, uses: 1 });
    }
    return requests.map(({ key }) => this.#slots.get(key)!.index);
  }

  /** Releases functions that `indicesOf` gave: those that no other program uses leave the table. */
  release(keys: readonly string[]): void {
    for (const key of keys) {
      const slot = this.#slots.get(key)!;
      if (--slot.uses > 0 || "host" in slot.entry) continue;
      this.#slots.delete(key);
      this.cache.drop(key);
      this.#table.set(slot.index, null);
      this.#changes[slot.index] = { at: ++this.version, entry: undefined };
      this.#free.push(slot.index);
    }
  }

  /** The function of an index. */
  at(index: number): (descriptor: number, t: number) => void {
    return this.#table.get(index) as (descriptor: number, t: number) => void;
  }

  #take(key: string): boolean {
    const slot = this.#slots.get(key);
    if (slot) slot.uses++;
    return slot !== undefined;
  }

  async #make(
    requests: readonly KernelRequest[],
  ): Promise<Map<string, { readonly entry: TableEntry; readonly call: unknown }>> {
    const kernels = await this.cache.compiled(requests);
    const instances = new Map<CompiledModule, Instance>();
    const made = new Map<string, { readonly entry: TableEntry; readonly call: unknown }>();
    for (const { key, host } of requests) {
      if (made.has(key)) continue;
      if (host) {
        made.set(key, { entry: { host }, call: await this.#fromHost(this.host[host]!) });
        continue;
      }
      const entry = kernels.get(key)!;
      const instance = instances.get(entry.module) ?? (await this.#instantiate(entry.module));
      instances.set(entry.module, instance);
      made.set(key, { entry, call: instance.exports[entry.exportName] });
    }
    return made;
  }

  async #fromHost(f: (descriptor: number, t: number) => void): Promise<unknown> {
    const module = await webAssembly.compile(Uint8Array.from(hostModule));
    return (await webAssembly.instantiate(module, { e: { f } })).exports.f;
  }

  #instantiate(module: CompiledModule): Promise<Instance> {
    return webAssembly.instantiate(module, { tavali: { memory: this.memory, table: this.#table } });
  }

  /** The module that exports `run`. */
  runnerModule(): Promise<CompiledModule> {
    const write = () =>
      moduleBytes({ exports: { run: runnerFunction() }, memory: importedMemory(this.cache.shared), table: true });
    this.#runnerModule ??= webAssembly.compile(write());
    return this.#runnerModule;
  }

  async #makeRunner(): Promise<Run> {
    return (await this.#instantiate(await this.runnerModule())).exports.run as Run;
  }
}
