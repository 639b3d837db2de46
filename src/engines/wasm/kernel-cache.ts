/**
 * The kernels that an engine has compiled, by key. A load compiles all kernels it lacks in one module; devices instantiate the
 * modules they need, each with its own memory.
 */
import { type Dependency, Module } from "wasmati";
import type { WasmFunction } from "./assembler.js";
import { MAXIMUM_PAGES } from "./heap.js";
import { type CompiledModule, webAssembly } from "./web-assembly.js";

export interface CompiledKernel {
  readonly module: CompiledModule;
  readonly exportName: string;
}

/** Something that needs a kernel: its key, and how to make it. */
export interface KernelRequest {
  readonly key: string;
  readonly make: (relaxed: boolean) => WasmFunction;
}

export class KernelCache {
  readonly #kernels = new Map<string, CompiledKernel>();

  /** Whether kernels may use relaxed SIMD; known after the first compilation. */
  constructor(private readonly relaxedSimd: () => Promise<boolean>) {}

  get(key: string): CompiledKernel | undefined {
    return this.#kernels.get(key);
  }

  /** Compiles what is missing. */
  async add(requests: readonly KernelRequest[]): Promise<void> {
    const missing = new Map(requests.filter(({ key }) => !this.#kernels.has(key)).map((r) => [r.key, r.make]));
    if (missing.size === 0) return;
    const relaxed = await this.relaxedSimd();
    const keys = [...missing.keys()];
    const exports = Object.fromEntries(keys.map((key, i) => [`k${i}`, missing.get(key)!(relaxed)]));
    const module = await webAssembly.compile(Module({ exports, memory: importedMemory() }).toBytes());
    keys.forEach((key, i) => {
      this.#kernels.set(key, { module, exportName: `k${i}` });
    });
  }
}

/** The device's memory as a module declares it; the value comes at instantiation. */
export function importedMemory(): Dependency.AnyMemory {
  const memory = {
    kind: "importMemory",
    type: { limits: { min: 1, max: MAXIMUM_PAGES, shared: false } },
    deps: [],
    value: undefined,
    module: "tavali",
    string: "memory",
  };
  return memory as unknown as Dependency.AnyMemory;
}
