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

export class KernelCache {
  readonly #kernels = new Map<string, CompiledKernel>();

  constructor(
    /** Whether kernels may use relaxed SIMD; known after the first compilation. */
    private readonly relaxedSimd: () => Promise<boolean>,
    /** Whether the memory they work on is shared between threads. */
    readonly shared: boolean,
  ) {}

  get(key: string): CompiledKernel | undefined {
    return this.#kernels.get(key);
  }

  /** Compiles what is missing. */
  async add(requests: readonly KernelRequest[]): Promise<void> {
    const missing = new Map<string, (relaxed: boolean) => WasmFunction>();
    for (const { key, make } of requests) if (make && !this.#kernels.has(key)) missing.set(key, make);
    if (missing.size === 0) return;
    const relaxed = await this.relaxedSimd();
    const functions = [...missing].map(([key, make]): [string, WasmFunction] => [key, make(relaxed)]);
    const exports = Object.fromEntries(functions.map(([, made], i) => [`k${i}`, made]));
    const module = await webAssembly.compile(moduleBytes({ exports, memory: importedMemory(this.shared) }));
    functions.forEach(([key], i) => {
      this.#kernels.set(key, { module, exportName: `k${i}` });
    });
  }
}

/** The device's memory as a module declares it; the value comes at instantiation. */
export function importedMemory(shared: boolean): { readonly maximumPages: number; readonly shared: boolean } {
  return { maximumPages: MAXIMUM_PAGES, shared };
}
