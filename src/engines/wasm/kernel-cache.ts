/**
 * The kernels that an engine has compiled, by key. A load compiles all kernels it lacks together, in one module; devices
 * instantiate the modules they need, each with its own memory.
 */
import type { WasmFunction } from "./assembler.js";
import { MAXIMUM_PAGES } from "./heap.js";
import { moduleBytes } from "./module-bytes.js";
import { type CompiledModule, webAssembly } from "./web-assembly.js";

export interface CompiledKernel {
  readonly module: CompiledModule;
  readonly exportName: string;
}

/** Something that needs a kernel: its key, and how to make it. */
export interface KernelRequest {
  readonly key: string;
  readonly make?: (relaxed: boolean) => WasmFunction;
  readonly host?: "blas";
}

/** The most kernels: of programs that were never unloaded, the oldest are forgotten beyond it. */
const CAPACITY = 4096;

export class KernelCache {
  readonly #kernels = new Map<string, CompiledKernel>();

  constructor(
    /** Whether kernels may use relaxed SIMD; known after the first compilation. */
    private readonly relaxedSimd: () => Promise<boolean>,
    /** Whether the memory they work on is shared between threads. */
    readonly shared: boolean,
  ) {}

  /** Kernels by key; what is missing is compiled. */
  async compiled(requests: readonly KernelRequest[]): Promise<ReadonlyMap<string, CompiledKernel>> {
    const found = new Map<string, CompiledKernel>();
    const missing = new Map<string, (relaxed: boolean) => WasmFunction>();
    for (const { key, make } of requests) {
      const kernel = this.#kernels.get(key);
      if (kernel) found.set(key, kernel);
      else if (make) missing.set(key, make);
    }
    if (missing.size === 0) return found;
    const relaxed = await this.relaxedSimd();
    const functions = [...missing].map(([key, make]): [string, WasmFunction] => [key, make(relaxed)]);
    const exports = Object.fromEntries(functions.map(([, made], i) => [`k${i}`, made]));
    const module = await webAssembly.compile(moduleBytes({ exports, memory: importedMemory(this.shared) }));
    functions.forEach(([key], i) => {
      found.set(key, { module, exportName: `k${i}` });
      this.#keep(key, found.get(key)!);
    });
    return found;
  }

  /** Forgets a kernel that a device does not need any more; others that have it keep it. */
  drop(key: string): void {
    this.#kernels.delete(key);
  }

  #keep(key: string, kernel: CompiledKernel): void {
    this.#kernels.set(key, kernel);
    if (this.#kernels.size > CAPACITY) this.drop(this.#kernels.keys().next().value!);
  }
}

/** The device's memory as a module declares it; the value comes at instantiation. */
export function importedMemory(shared: boolean): { readonly maximumPages: number; readonly shared: boolean } {
  return { maximumPages: MAXIMUM_PAGES, shared };
}
