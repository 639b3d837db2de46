/** The functions of one device: kernels by key in a WebAssembly.Table, and the runner that calls them by index. */
import { Module } from "wasmati";
import { importedMemory, type KernelCache, type KernelRequest } from "./kernel-cache.js";
import { runnerFunction } from "./runner.js";
import { type CompiledModule, type Instance, type Memory, type Table, webAssembly } from "./web-assembly.js";

export type Run = (segments: number, count: number) => void;

export class FunctionTable {
  readonly #table: Table = new webAssembly.Table({ initial: 0, element: "anyfunc" });
  readonly #indices = new Map<string, number>();
  readonly #instances = new Map<CompiledModule, Instance>();
  #runner: Promise<Run> | undefined;

  constructor(
    private readonly memory: Memory,
    private readonly cache: KernelCache,
  ) {}

  /** The function that runs programs of this device. */
  runner(): Promise<Run> {
    this.#runner ??= this.#makeRunner();
    return this.#runner;
  }

  /** Brings kernels into the table. @returns their indices, in order */
  async indicesOf(requests: readonly KernelRequest[]): Promise<number[]> {
    await this.cache.add(requests);
    for (const { key } of requests) {
      if (this.#indices.has(key)) continue;
      const { module, exportName } = this.cache.get(key)!;
      const instance = this.#instances.get(module) ?? (await this.#instantiate(module));
      this.#instances.set(module, instance);
      const index = this.#table.grow(1);
      this.#table.set(index, instance.exports[exportName]);
      this.#indices.set(key, index);
    }
    return requests.map(({ key }) => this.#indices.get(key)!);
  }

  #instantiate(module: CompiledModule): Promise<Instance> {
    return webAssembly.instantiate(module, { tavali: { memory: this.memory, table: this.#table } });
  }

  async #makeRunner(): Promise<Run> {
    const bytes = Module({ exports: { run: runnerFunction(this.#table) }, memory: importedMemory() }).toBytes();
    const instance = await this.#instantiate(await webAssembly.compile(bytes));
    return instance.exports.run as Run;
  }
}
