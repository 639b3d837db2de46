/** The functions of one device: kernels by key in a WebAssembly.Table, and the runner that calls them by index. */
import { importedMemory, type KernelCache, type KernelRequest } from "./kernel-cache.js";
import { moduleBytes } from "./module-bytes.js";
import { runnerFunction } from "./runner.js";
import { hostModule, type TableEntry } from "./thread-code.js";
import { type CompiledModule, type Instance, type Memory, type Table, webAssembly } from "./web-assembly.js";

export type Run = (segments: number, count: number) => void;

export class FunctionTable {
  readonly #table: Table = new webAssembly.Table({ initial: 0, element: "anyfunc" });
  readonly #indices = new Map<string, number>();
  readonly #instances = new Map<CompiledModule, Instance>();
  /** What is in the table, in order: threads make tables like it. */
  readonly entries: TableEntry[] = [];
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

  /** Brings kernels into the table. @returns their indices, in order */
  async indicesOf(requests: readonly KernelRequest[]): Promise<number[]> {
    await this.cache.add(requests);
    for (const { key, host } of requests) {
      if (this.#indices.has(key)) continue;
      const made = host ? await this.#fromHost(this.host[host]!) : await this.#kernel(key);
      const index = this.#table.grow(1);
      this.#table.set(index, made);
      this.entries.push(host ? { host } : this.cache.get(key)!);
      this.#indices.set(key, index);
    }
    return requests.map(({ key }) => this.#indices.get(key)!);
  }

  /** The function of an index. */
  at(index: number): (descriptor: number, t: number) => void {
    return this.#table.get(index) as (descriptor: number, t: number) => void;
  }

  async #kernel(key: string): Promise<unknown> {
    const { module, exportName } = this.cache.get(key)!;
    const instance = this.#instances.get(module) ?? (await this.#instantiate(module));
    this.#instances.set(module, instance);
    return instance.exports[exportName];
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
